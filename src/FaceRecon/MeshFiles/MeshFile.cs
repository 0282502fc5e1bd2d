using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Reads meshes and clouds: PLY, OBJ, STL and GLB, this project's own and those of other programs. Files are not trusted:
/// sizes are checked before memory is taken for them, every index against what it points into, every number for being one.
/// </summary>
public static class MeshFile
{
    /// <summary>Larger files hold no face.</summary>
    internal const int MaximumBytes = 256 << 20;
    internal const int MaximumVertices = 5_000_000;
    internal const int MaximumTriangles = 10_000_000;
    /// <summary>Corners of a polygon, which is cut into triangles.</summary>
    internal const int MaximumPolygon = 64;
    /// <summary>Lengths beyond this, in any unit, are no head's; their products would leave the range of floats.</summary>
    private const float MaximumCoordinate = 1e9f;

    /// <summary>Endings of the names of files that are read.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".ply", ".obj", ".stl", ".glb"];

    /// <summary>Reads a mesh. Normals that the file lacks are computed; polygons are cut into triangles.</summary>
    /// <param name="path">The file; the ending of its name tells the format.</param>
    /// <param name="unit">Unit of the file's lengths; null for the one that it states, and metres where it states none.</param>
    /// <returns>The mesh in the file's own coordinates, metres.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.MeshNotFound"/> or <see cref="ErrorId.MeshInvalid"/>.</exception>
    public static TriangleMesh Read(string path, LengthUnit? unit = null)
    {
        var contents = Load(path);
        return contents.Triangles.Length > 0 ? ToMesh(contents, path, unit) : throw Invalid(path, "it holds no faces, and a mesh is needed");
    }

    /// <summary>Reads a mesh, or a cloud as a mesh without triangles, whose normals are zero where the file has none.</summary>
    /// <exception cref="FaceReconException">As <see cref="Read"/>.</exception>
    internal static TriangleMesh ReadMeshOrCloud(string path, LengthUnit? unit)
    {
        var contents = Load(path);
        if (contents.Triangles.Length > 0)
            return ToMesh(contents, path, unit);
        var cloud = ToCloud(contents, path, unit);
        var points = Enumerable.Range(0, cloud.Count);
        return new TriangleMesh(
            [.. points.Select(i => new Vector3(cloud.X[i], cloud.Y[i], cloud.Z[i]))],
            [.. points.Select(i => new Vector3(cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]))], [], cloud.Colors);
    }

    private static TriangleMesh ToMesh(MeshFileContents contents, string path, LengthUnit? unit)
    {
        var scale = MetresPerUnit(unit ?? contents.Unit);
        var vertices = contents.Vertices;
        for (var i = 0; i < vertices.Length; i++)
        {
            if (!IsCoordinate(vertices[i]))
                throw Invalid(path, $"vertex {i} lies nowhere");
            vertices[i] *= scale;
        }
        var normals = contents.Normals is null ? MeshNormals.Compute(vertices, contents.Triangles) : Array.ConvertAll(contents.Normals, UnitOrZ);
        return new TriangleMesh(vertices, normals, contents.Triangles, contents.Colors,
            contents.Sigma is null ? null : Array.ConvertAll(contents.Sigma, sigma => Uncertainty(sigma * scale)))
        {
            Filled = contents.Filled ?? [],
            Texture = contents.Texture,
        };
    }

    /// <summary>Reads the vertices of a mesh or cloud. What the file lacks is zero; points that lie nowhere (NaN) are left out.</summary>
    /// <param name="path">The file; the ending of its name tells the format.</param>
    /// <param name="unit">Unit of the file's lengths; null for the one that it states, and metres where it states none.</param>
    /// <returns>The points in the file's own coordinates, metres.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.MeshNotFound"/> or <see cref="ErrorId.MeshInvalid"/>.</exception>
    public static PointCloud ReadCloud(string path, LengthUnit? unit = null) => ToCloud(Load(path), path, unit);

    private static PointCloud ToCloud(MeshFileContents contents, string path, LengthUnit? unit)
    {
        var scale = MetresPerUnit(unit ?? contents.Unit);
        var cloud = new PointCloud(contents.Vertices.Count(IsCoordinate));
        if (cloud.Count == 0)
            throw Invalid(path, "it holds no points");
        for (int from = 0, to = 0; from < contents.Vertices.Length; from++)
        {
            if (!IsCoordinate(contents.Vertices[from]))
                continue;
            var position = contents.Vertices[from] * scale;
            (cloud.X[to], cloud.Y[to], cloud.Z[to]) = (position.X, position.Y, position.Z);
            if (contents.Normals is { } normals && float.IsFinite(normals[from].LengthSquared()))
                (cloud.NormalX[to], cloud.NormalY[to], cloud.NormalZ[to]) = (normals[from].X, normals[from].Y, normals[from].Z);
            if (contents.Sigma is { } sigma)
                cloud.Sigma[to] = Uncertainty(sigma[from] * scale);
            contents.Colors?.AsSpan(3 * from, 3).CopyTo(cloud.Colors.AsSpan(3 * to));
            to++;
        }
        return cloud;
    }

    /// <summary>The error about a file, with the reason.</summary>
    internal static FaceReconException Invalid(string path, string reason, Exception? cause = null) =>
        new(ErrorId.MeshInvalid, $"'{path}' cannot be read as a mesh: {reason}; write it again from its source.", path, innerException: cause);

    /// <summary>A count that a file states, as one that memory may be taken for.</summary>
    internal static int Checked(long count, int maximum, string path, string what) =>
        count >= 0 && count <= maximum ? (int)count : throw Invalid(path, $"{count} {what} are not read, {maximum} at most");

    private static MeshFileContents Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (!Extensions.Contains(extension))
            throw Invalid(path, $"of mesh files {string.Join(", ", Extensions)} are read, told by the name's ending");
        using var file = BoundedFile.Read(path, MaximumBytes, ErrorId.MeshNotFound, ErrorId.MeshInvalid, ErrorId.MeshInvalid);
        return extension switch
        {
            ".ply" => PlyReader.Parse(file.Bytes.Span, path),
            ".obj" => ObjReader.Parse(file.Bytes.Span, path),
            ".stl" => StlReader.Parse(file.Bytes.Span, path),
            _ => GlbReader.Parse(file.Bytes, path),
        };
    }

    private static float MetresPerUnit(LengthUnit? unit) => unit == LengthUnit.Millimetre ? 0.001f : 1;

    private static bool IsCoordinate(Vector3 v) =>
        Math.Abs(v.X) <= MaximumCoordinate && Math.Abs(v.Y) <= MaximumCoordinate && Math.Abs(v.Z) <= MaximumCoordinate;

    // A normal that is a unit vector already keeps its bits.
    private static Vector3 UnitOrZ(Vector3 normal)
    {
        var squared = normal.LengthSquared();
        return Math.Abs(squared - 1) < 1e-5f ? normal : squared > 0 && float.IsFinite(squared) ? normal / MathF.Sqrt(squared) : Vector3.UnitZ;
    }

    private static float Uncertainty(float sigma) => sigma >= 0 && float.IsFinite(sigma) ? sigma : 0;
}
