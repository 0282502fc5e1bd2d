using System.Numerics;

namespace FaceRecon.Tests;

public class SurfaceColorTests
{
    private static readonly PartitionedLoop Loop = new(2, default);

    // Exposure drifts by a third up and down, white balance by a tenth.
    private static Vector3d Gain(int frame)
    {
        var (exposure, balance) = (Math.Exp(0.3 * Math.Sin(0.9 * frame)), Math.Exp(0.1 * Math.Cos(1.7 * frame)));
        return new Vector3d(exposure * balance, exposure, exposure / balance);
    }

    private static Keyframe[] Turn(PaintedHead head, Func<int, Vector3d> gain) =>
        [.. Enumerable.Range(0, 13).Select(k => head.See(-0.9 + 0.15 * k, gain(k), k))];

    private static double[][] GainErrors(SurfaceColor color, Func<int, Vector3d> gain)
    {
        double[][] Channels(IReadOnlyList<Vector3d> logs) => [[.. logs.Select(g => g.X)], [.. logs.Select(g => g.Y)], [.. logs.Select(g => g.Z)]];
        var (found, truth) = (Channels(color.LogGains),
            Channels([.. color.FrameIndices.Select(gain).Select(g => new Vector3d(Math.Log(g.X), Math.Log(g.Y), Math.Log(g.Z)))]));
        return [.. found.Zip(truth, (f, t) => f.Select((value, k) => value - (t[k] - t.Average())).ToArray())];
    }

    [Fact]
    public void Known_exposures_and_white_balances_are_found()
    {
        var frames = Turn(new PaintedHead(), Gain);

        var color = SurfaceColor.Of(frames, PaintedHead.Points(frames));

        Assert.Equal(frames.Length, color.LogGains.Count);
        Assert.All(GainErrors(color, Gain), errors => Assert.InRange(errors.Max(Math.Abs), 0, 0.01));
    }

    [Fact]
    public void A_head_that_turns_beside_a_lamp_has_no_seams()
    {
        // Lambertian, by the normals of the main ellipsoid: the same place differs by half between frames, on top of the exposures.
        var lamp = new Vector3d(-0.6, -0.3, -1).Normalized();
        var head = new PaintedHead
        {
            Skin = _ => new Vector3d(0.25, 0.25, 0.25),
            Shade = (pose, place) =>
            {
                var normal = new Vector3d(place.X / 0.0056, (place.Y - 0.01) / 0.0121, place.Z / 0.009).Normalized();
                return 0.4 + 0.9 * Math.Max(0, Vector3d.Dot(pose.Inverse().Rotate(normal), lamp));
            },
        };
        var frames = Turn(head, Gain);
        var points = PaintedHead.Points(frames);

        var balanced = LargestSteps(SurfaceColor.Of(frames, points), points);
        var views = ColorView.Choose(frames);
        var asTheyCome = LargestSteps(new SurfaceColor(views, new Vector3d[views.Length]), points);

        Assert.True(balanced < 14 && balanced < 0.7 * asTheyCome, $"{balanced} codes, {asTheyCome} without balancing");
    }

    /// <summary>The 99th percentile of the differences between points beside each other, some 4.5 mm apart: where there are seams, their size.</summary>
    private static int LargestSteps(SurfaceColor color, PointCloud points)
    {
        var confidence = color.PaintSeen(points, Loop);
        var steps = new List<int>();
        for (var i = 1; i < points.Count; i++)
        {
            var apart = new Vector3(points.X[i] - points.X[i - 1], points.Y[i] - points.Y[i - 1], points.Z[i] - points.Z[i - 1]).Length();
            if (apart < 0.006f && confidence[i] >= 1 && confidence[i - 1] >= 1)
                steps.Add(Math.Abs(points.Colors[3 * i + 1] - points.Colors[3 * i - 2]));
        }
        steps.Sort();
        Assert.True(steps.Count > 5000, $"{steps.Count}");
        return steps[steps.Count * 99 / 100];
    }

    [Fact]
    public void The_skins_own_colour_comes_out_whatever_the_exposures()
    {
        var frames = Turn(new PaintedHead(), Gain);
        var points = PaintedHead.Points(frames);
        var color = SurfaceColor.Of(frames, points);
        var mean = Enumerable.Range(0, 3).Select(c => Math.Exp(color.FrameIndices.Average(k => Math.Log(c == 0 ? Gain(k).X : c == 1 ? Gain(k).Y : Gain(k).Z)))).ToArray();

        var confidence = color.PaintSeen(points, Loop);

        var errors = new List<int>();
        for (var i = 0; i < points.Count; i++)
        {
            if (confidence[i] < 1)
                continue;
            var skin = PaintedHead.Waves(new Vector3d(points.X[i], points.Y[i], points.Z[i]));
            errors.Add(Math.Abs(points.Colors[3 * i] - Srgb.ToByte((float)(mean[0] * skin.X))));
            errors.Add(Math.Abs(points.Colors[3 * i + 1] - Srgb.ToByte((float)(mean[1] * skin.Y))));
            errors.Add(Math.Abs(points.Colors[3 * i + 2] - Srgb.ToByte((float)(mean[2] * skin.Z))));
        }
        errors.Sort();
        Assert.True(errors.Count > 3 * 0.8 * points.Count, $"{errors.Count / 3} of {points.Count} points are well seen");
        Assert.InRange(errors[errors.Count / 2], 0, 1);
        Assert.InRange(errors[errors.Count * 99 / 100], 0, 5);
    }

    [Fact]
    public void Nothing_of_the_nose_is_painted_on_the_cheek_behind_it()
    {
        // A white nose before a dark cheek: from the side it hides the cheek beyond, and colours bleed over its outline by a few pixels.
        static bool IsNose(Vector3d p) => Math.Pow(p.X / 0.016, 2) + Math.Pow((p.Y + 0.01) / 0.028, 2) + Math.Pow((p.Z - 0.095) / 0.028, 2) < 1.03;
        var frames = Turn(new PaintedHead { Skin = p => IsNose(p) ? new Vector3d(0.8, 0.8, 0.8) : new Vector3d(0.1, 0.1, 0.1) }, _ => new Vector3d(1, 1, 1));
        var points = PaintedHead.Points(frames);

        SurfaceColor.Of(frames, points).Paint(points, Loop);

        var (cheek, nose, wrong) = (0, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var p = new Vector3d(points.X[i], points.Y[i], points.Z[i]);
            var fromNose = Math.Sqrt(Math.Pow(p.X / 0.016, 2) + Math.Pow((p.Y + 0.01) / 0.028, 2) + Math.Pow((p.Z - 0.095) / 0.028, 2));
            if (fromNose is > 1.2 and < 3)
            {
                cheek++;
                wrong += points.Colors[3 * i] > Srgb.ToByte(0.2f) ? 1 : 0;
            }
            else if (fromNose < 1.02 && p.Z > 0.1)
            {
                nose++;
                wrong += points.Colors[3 * i] < Srgb.ToByte(0.5f) ? 1 : 0;
            }
        }
        Assert.True(cheek > 1000 && nose > 300, $"{cheek} {nose}");
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void The_exposures_of_our_own_sample_are_found()
    {
        var scene = SyntheticScene.Create(new SyntheticCaptureOptions { Frames = 60, Width = 320, Height = 240, Noise = NoiseLevel.Heavy, Seed = 21 });
        var frames = Enumerable.Range(0, 12).Select(k => 5 * k)
            .Select(k => new Keyframe(FramePointCloud.FromFrame(scene.RenderFrame(k))) { Pose = scene.CameraToWorld(k) }).ToArray();
        Vector3d Gain(int frame) => scene.ColorSensor.Gain(frame) is var gain ? new Vector3d(gain.X, gain.Y, gain.Z) : default;

        var color = SurfaceColor.Of(frames, PointCloud.OfVertices(scene.Truth));

        var errors = GainErrors(color, Gain).SelectMany(channel => channel).ToArray();
        var drift = color.FrameIndices.Select(k => Math.Log(Gain(k).Y)).ToArray();
        var spread = Math.Sqrt(drift.Average(g => g * g) - drift.Average() * drift.Average());
        var left = Math.Sqrt(errors.Average(e => e * e));
        Assert.True(spread > 0.03 && left < 0.02, $"{spread} {left}");
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte()
    {
        var frames = Turn(new PaintedHead(), Gain);
        var (one, three) = (PaintedHead.Points(frames), PaintedHead.Points(frames));
        SurfaceColor.Of(frames, one).Paint(one, new PartitionedLoop(1, default));
        SurfaceColor.Of(frames, three).Paint(three, new PartitionedLoop(3, default));
        Assert.Equal(one.Colors, three.Colors);
    }

    [Fact]
    public void Without_frames_everything_is_grey()
    {
        var points = TestClouds.Sphere(100, 0.1f, 0.0003f);
        SurfaceColor.Of([], points).Paint(points, Loop);
        Assert.All(points.Colors, code => Assert.Equal(128, code));
    }

    [Fact]
    public void Vertices_that_are_not_sure_are_coloured_by_their_neighbours_on_the_mesh()
    {
        // A strip of 20 squares: red is known at its left end and blue at its right one; then a piece apart of which nothing is known.
        var triangles = new List<int>();
        for (var i = 0; i < 20; i++)
            triangles.AddRange([2 * i, 2 * i + 2, 2 * i + 1, 2 * i + 1, 2 * i + 2, 2 * i + 3]);
        triangles.AddRange([42, 43, 44]);
        var (colors, confidence) = (new byte[3 * 45], new float[45]);
        foreach (var (vertex, channel) in ((int, int)[])[(0, 0), (1, 0), (40, 2), (41, 2)])
            (colors[3 * vertex + channel], confidence[vertex]) = (200, 1);

        ColorDiffusion.Complete(colors, confidence, [.. triangles]);

        Assert.Equal([200, 0, 0], colors[..3]);
        Assert.Equal([0, 0, 200], colors[120..123]);
        Assert.Equal([128, 128, 128], colors[126..129]);
        for (var i = 0; i < 20; i++)
            Assert.True(colors[6 * i] >= colors[6 * i + 6] && colors[6 * i + 2] <= colors[6 * i + 8], $"square {i}");
        Assert.InRange(colors[6 * 10] + colors[6 * 10 + 2], 150, 250);
    }
}
