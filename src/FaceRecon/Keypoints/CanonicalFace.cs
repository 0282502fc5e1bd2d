using System.Globalization;

namespace FaceRecon;

/// <summary>The triangles that join Face Mesh's landmarks, and where the average face has them.</summary>
internal sealed class CanonicalFace
{
    private static readonly Lazy<CanonicalFace> Loaded = new(() => new CanonicalFace(BundledFiles.CanonicalFace));

    private CanonicalFace(string path)
    {
        if (!File.Exists(path))
            throw new FaceReconException(ErrorId.ModelNotFound, $"The canonical face {path} is missing; build FaceRecon again.", path);
        var (vertices, triangles) = (new List<Vector3d>(), new List<int>());
        foreach (var line in File.ReadLines(path))
        {
            var fields = line.Split(' ');
            if (fields[0] == "v")
                vertices.Add(new Vector3d(Number(fields[1]), Number(fields[2]), Number(fields[3])) * 0.01);
            else if (fields[0] == "f")
                for (var k = 1; k <= 3; k++)
                    triangles.Add(int.Parse(fields[k], CultureInfo.InvariantCulture) - 1);
        }
        (Vertices, Triangles) = ([.. vertices], [.. triangles]);
    }

    /// <summary>The one that the build bundles.</summary>
    public static CanonicalFace Instance => Loaded.Value;

    /// <summary>Vertices, metres: x to the subject's left, y up, z out of the face.</summary>
    public Vector3d[] Vertices { get; }
    /// <summary>Three vertices a triangle, counter-clockwise from outside.</summary>
    public int[] Triangles { get; }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
