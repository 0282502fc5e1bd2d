namespace FaceRecon.Tests;

public sealed class StructuralMatcherTests
{
    [Theory]
    [InlineData(0.1, 0.05)]
    [InlineData(0.0, 0.35)]
    [InlineData(-0.3, 0.2)]
    public void Two_views_of_a_sheet_match_where_they_show_the_same(double aboutX, double aboutY)
    {
        var (one, other) = (CorrugatedSheet.View(0, 0), CorrugatedSheet.View(aboutX, aboutY, 0.43));
        var (first, second) = (CorrugatedSheet.Keypoints(one), CorrugatedSheet.Keypoints(other));
        var free = StructuralMatcher.Match(first, second);
        // A prior that is 2 mm off finds no less.
        var prior = RigidTransform.FromTranslation(new Vector3d(0.001, -0.001, 0.0015)) * one.Inverse() * other;
        var led = StructuralMatcher.Match(first, second, prior);
        foreach (var matches in (IReadOnlyList<KeypointMatch>[])[free, led])
        {
            Assert.InRange(matches.Count, 25, 400);
            Assert.Equal(matches.Count, matches.Select(match => match.Second).Distinct().Count());
            Assert.InRange(Right(matches, first, one, second, other), 0.9, 1);
        }
        Assert.InRange(led.Count, 0.9 * free.Count, 400);
    }

    [Fact]
    public void Wrong_pairs_by_looks_are_found_out_by_the_rigid_motion()
    {
        var (one, other) = (CorrugatedSheet.View(0, 0), CorrugatedSheet.View(0.1, 0.1));
        var (first, second) = (CorrugatedSheet.Keypoints(one), CorrugatedSheet.Keypoints(other));
        // Four in ten of the first frame's keypoints look like another one of it.
        var n = first.Structural.Count;
        var shuffled = first with
        {
            Structural = [.. first.Structural.Select((keypoint, i) => i % 5 < 2 ? keypoint with { Descriptor = first.Structural[(i + 41) % n].Descriptor } : keypoint)],
        };
        var matches = StructuralMatcher.Match(shuffled, second);
        Assert.InRange(matches.Count, 20, n);
        Assert.InRange(Right(matches, shuffled, one, second, other), 0.9, 1);
    }

    [Fact]
    public void Frames_of_different_things_do_not_match()
    {
        var first = CorrugatedSheet.Keypoints(CorrugatedSheet.View(0, 0));
        var random = new Random(1);
        var strange = first with
        {
            Structural = [.. first.Structural.Select(keypoint => keypoint with { Descriptor = Unit(random, keypoint.Descriptor.Length) })],
        };
        Assert.Empty(StructuralMatcher.Match(first, strange));
        Assert.Empty(StructuralMatcher.Match(first, first with { Structural = [] }));
    }

    [Fact]
    public void Keypoints_of_two_detectors_are_one_clear_error()
    {
        var first = CorrugatedSheet.Keypoints(CorrugatedSheet.View(0, 0));
        var other = first with { FrameIndex = 7, Structural = [.. first.Structural.Select(keypoint => keypoint with { Descriptor = keypoint.Descriptor[..64] })] };
        var error = Assert.Throws<FaceReconException>(() => StructuralMatcher.Match(first, other));
        Assert.Equal(ErrorId.InvalidOption, error.ErrorId);
    }

    [Fact]
    public void What_is_no_covariance_does_no_harm()
    {
        var first = CorrugatedSheet.Keypoints(CorrugatedSheet.View(0, 0));
        foreach (var bad in (Covariance3d[])[default, new(-1, 0, 0, -1, 0, -1), new(1e300, 1e300, 1e300, 1e300, 1e300, 1e300)])
            Assert.InRange(StructuralMatcher.Match(first, first with { Structural = [.. first.Structural.Select(keypoint => keypoint with { Covariance = bad })] }).Count, 0, first.Structural.Count);
    }

    [Fact]
    public void Tracks_join_what_all_frames_show_and_never_two_of_one_frame()
    {
        var views = Enumerable.Range(0, 8).Select(i => CorrugatedSheet.View(0.03 * i, 0.05 * i)).ToArray();
        var sets = views.Select((view, i) => CorrugatedSheet.Keypoints(view, i)).ToArray();
        foreach (var poses in (RigidTransform[]?[])[null, views])
        {
            var tracks = KeypointTracks.Build(sets, poses);
            Assert.Equal(tracks.Sum(track => track.Length), tracks.SelectMany(track => track.Observations).Distinct().Count());
            Assert.All(tracks, track => Assert.Equal(track.Length, track.Observations.Select(observation => observation.Frame).Distinct().Count()));
            Assert.InRange(tracks.Count(track => track.Length >= 6), 20, 400);
            // All observations of a track are one place of the sheet, but for one track in twenty.
            Assert.InRange(tracks.Count(track => Extent(track, sets, views) < 0.003), 0.95 * tracks.Count, tracks.Count);
            var again = KeypointTracks.Build(sets, poses, new KeypointTrackOptions { Threads = 1 });
            Assert.Equal(tracks.SelectMany(track => track.Observations), again.SelectMany(track => track.Observations));
        }
        Assert.Empty(KeypointTracks.Build([]));
        Assert.Throws<ArgumentException>(() => KeypointTracks.Build(sets, views[1..]));
    }

    [Fact]
    public void Frames_of_the_same_side_are_paired_and_of_others_not()
    {
        // There and back again: frame 20 sees what frame 0 does.
        var views = Enumerable.Range(0, 21).Select(i => CorrugatedSheet.View(0, 0.1 * (10 - Math.Abs(i - 10)))).ToArray();
        var pairs = KeypointTracks.Pairs(views.Length, views, new KeypointTrackOptions());
        Assert.Contains(pairs, pair => pair.First <= 2 && pair.Second >= 18);
        Assert.DoesNotContain((0, 10), pairs);
        Assert.Contains((4, 7), pairs);
        Assert.DoesNotContain((0, 8), pairs);
    }

    private static double Extent(KeypointTrack track, KeypointSet[] sets, RigidTransform[] views)
    {
        var places = track.Observations.Select(o => CorrugatedSheet.PointAt(views[o.Frame], sets[o.Frame].Structural[o.Keypoint].U, sets[o.Frame].Structural[o.Keypoint].V)).ToArray();
        return places.Max(place => (place - places[0]).Length);
    }

    private static double Right(IReadOnlyList<KeypointMatch> matches, KeypointSet first, RigidTransform one, KeypointSet second, RigidTransform other) =>
        matches.Count(match =>
        {
            var (p, q) = (first.Structural[match.First], second.Structural[match.Second]);
            var (u, v) = CorrugatedSheet.Camera.Project(other.Inverse().TransformPoint(CorrugatedSheet.PointAt(one, p.U, p.V)));
            return Math.Sqrt((u - q.U) * (u - q.U) + (v - q.V) * (v - q.V)) < 1.5;
        }) / (double)matches.Count;

    private static float[] Unit(Random random, int length)
    {
        var values = Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray();
        var norm = Math.Sqrt(values.Sum(value => value * value));
        return Array.ConvertAll(values, value => (float)(value / norm));
    }
}
