using System.Numerics;
using System.Text.Json;

namespace FaceRecon;

/// <summary>Writes what a comparison found: comparison.ply in the colours of the error, comparison.png, comparison.json.</summary>
internal static class ComparisonFiles
{
    // Of the discs that stand for the points of a cloud, metres.
    private const float DiscRadius = 0.0006f;

    /// <summary>Writes all files and moves them into place.</summary>
    /// <returns>Their full paths.</returns>
    public static IReadOnlyList<string> Write(OutputFolder output, ComparisonResult comparison, int maxThreads, CancellationToken cancellation)
    {
        var (mesh, errors) = (comparison.Mesh!, comparison.VertexError);
        var heat = new HeatMap(errors, HeatScale.Diverging(errors), "distance from the reference");
        var picture = PreviewImage.Render(mesh, comparison.Upright, heat, maxThreads, cancellation);
        var colors = new byte[3 * errors.Length];
        for (var i = 0; i < errors.Length; i++)
            (colors[3 * i], colors[3 * i + 1], colors[3 * i + 2]) = heat.Scale.ColorOf(errors[i]);
        var file = new MeshFileOptions
        {
            Provenance =
            [
                new("generator", $"FaceRecon {FaceExport.Version}"),
                new("colours", FormattableString.Invariant($"distance from the reference, {1000 * heat.Scale.Low:0.###} mm blue to {1000 * heat.Scale.High:0.###} mm red, grey where none")),
            ],
        };
        output.Write("comparison.ply", stream => PlyWriter.WriteMesh(stream, new TriangleMesh(mesh.Vertices, mesh.Normals, mesh.Triangles, colors), file));
        output.Write("comparison.png", stream => stream.Write(ImageFile.EncodePng(picture)));
        output.Write("comparison.json", stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(ComparisonDescription.Of(comparison), ComparisonJson.Default.ComparisonDescription)));
        cancellation.ThrowIfCancellationRequested();
        return output.Commit();
    }

    /// <summary>A small triangle for each point of a cloud, across its normal, to be looked at.</summary>
    public static TriangleMesh Discs(TriangleMesh cloud)
    {
        var count = cloud.VertexCount;
        var (vertices, normals) = (new Vector3[3 * count], new Vector3[3 * count]);
        for (var i = 0; i < count; i++)
        {
            var normal = cloud.Normals[i] == Vector3.Zero ? Vector3.UnitZ : cloud.Normals[i];
            var across = Vector3.Normalize(Vector3.Cross(normal, MathF.Abs(normal.X) < 0.7f ? Vector3.UnitX : Vector3.UnitY));
            var third = Vector3.Cross(normal, across);
            for (var k = 0; k < 3; k++)
            {
                var (sin, cos) = MathF.SinCos(k * MathF.Tau / 3);
                (vertices[3 * i + k], normals[3 * i + k]) = (cloud.Vertices[i] + DiscRadius * (cos * across + sin * third), normal);
            }
        }
        var colors = cloud.Colors.Length == 0 ? null : Enumerable.Range(0, 3 * count).SelectMany(i => cloud.Colors[(i / 3 * 3)..(i / 3 * 3 + 3)]).ToArray();
        return new TriangleMesh(vertices, normals, [.. Enumerable.Range(0, 3 * count)], colors);
    }
}
