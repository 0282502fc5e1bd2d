using System.Numerics;

namespace FaceRecon.Tests;

public class CoverageTests
{
    private static readonly RigidTransform FaceToWorld = RigidTransform.FromRotationVector(new Vector3d(2.9, 0.3, 0.2), new Vector3d(0.01, 0.03, 0.4));

    [Fact]
    public void A_surface_over_the_whole_face_covers_all_of_it_and_is_the_face()
    {
        var region = FaceRegion.Find(Face(_ => true), Landmarks())!;

        Assert.InRange(region.Share, 0.999, 1.0001);
        // A corner on the rim may share its cell with none of the points that the face is sampled by.
        Assert.InRange(region.Contains.Count(face => face) / (double)region.Contains.Length, 0.99, 1);
    }

    [Fact]
    public void Half_a_surface_covers_half_and_what_was_not_seen_counts()
    {
        var half = Face(vertex => vertex.X < 0);

        Assert.InRange(FaceRegion.Find(half, Landmarks())!.Share, 0.44, 0.52);
        // Without the landmarks of the missing half the face is as large as before.
        Assert.InRange(FaceRegion.Find(half, [.. Landmarks().Where(landmark => !landmark.Name.StartsWith("Left", StringComparison.Ordinal))])!.Share, 0.44, 0.52);
    }

    [Fact]
    public void A_neck_behind_a_hole_does_not_cover_it_and_no_landmarks_tell_nothing()
    {
        var behind = Face(_ => true, back: 0.05);

        var region = FaceRegion.Find(behind, Landmarks())!;
        Assert.True(region.Share < 0.1, $"{region.Share}");
        Assert.True(region.Contains.Count(face => face) < 0.1 * region.Contains.Length);
        Assert.Null(FaceRegion.Find(behind, []));
    }

    [Fact]
    public void Uncertainty_is_counted_over_the_mesh_and_over_the_face()
    {
        var face = Face(_ => true);
        // 0.11 mm on the face, 0.9 on as many vertices beside it, one beyond the histogram.
        var sigma = new float[2 * face.VertexCount];
        Array.Fill(sigma, 0.00011f, 0, face.VertexCount);
        Array.Fill(sigma, 0.0009f, face.VertexCount, face.VertexCount);
        sigma[^1] = 1;
        var mesh = new TriangleMesh([.. face.Vertices, .. face.Vertices], [.. face.Normals, .. face.Normals], face.Triangles, null, sigma);

        var report = UncertaintyReport.Of(mesh, [.. Enumerable.Range(0, sigma.Length).Select(v => v < face.VertexCount)])!;

        Assert.Equal((0.11, 0.9), (report.MedianMillimetre, report.P95Millimetre));
        Assert.Equal((0.11, 0.11), (report.FaceMedianMillimetre, report.FaceP95Millimetre));
        Assert.Equal(face.VertexCount, report.Histogram[(int)(0.11 / report.BinMillimetre)]);
        Assert.Equal(sigma.Length, report.Histogram.Sum());
        Assert.Equal(1, report.Histogram[^1]);
        Assert.Null(UncertaintyReport.Of(face, null));
    }

    private static IReadOnlyList<FaceLandmark> Landmarks() =>
        [.. CanonicalFace.Instance.Vertices.Select((vertex, i) => new FaceLandmark(KeypointScheme.FaceMesh468.Names[i], FaceToWorld.TransformPoint(1.05 * vertex), 3))];

    /// <summary>The canonical face's triangles whose middles are wanted, moved back into the head.</summary>
    private static TriangleMesh Face(Func<Vector3d, bool> isWanted, double back = 0)
    {
        var canonical = CanonicalFace.Instance;
        var corners = canonical.Triangles.Chunk(3).Where(t => isWanted(canonical.Vertices[t[0]] + canonical.Vertices[t[1]] + canonical.Vertices[t[2]])).SelectMany(t => t).ToArray();
        var vertices = corners.Select(corner => UprightFrame.ToSingle(FaceToWorld.TransformPoint(1.05 * canonical.Vertices[corner] - new Vector3d(0, 0, back)))).ToArray();
        return new TriangleMesh(vertices, Array.ConvertAll(vertices, _ => Vector3.UnitZ), [.. Enumerable.Range(0, corners.Length)]);
    }
}
