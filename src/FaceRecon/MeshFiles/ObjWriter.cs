using System.Text;

namespace FaceRecon;

/// <summary>
/// Writes Wavefront OBJ: v x y z [r g b], vn, f a//a; colours from 0 to 1 behind the position, as MeshLab and Blender read them. A
/// texture adds vt and f a/b/a, and a material that names its picture.
/// </summary>
public static class ObjWriter
{
    private const int LinesPerBuffer = 4096;
    private const int LongestLine = 128;
    private const string Material = "skin";

    /// <summary>Writes a mesh.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="options">Unit and provenance; null for the defaults.</param>
    /// <param name="materialFile">Name of the file beside it that <see cref="WriteMaterial"/> writes; null for a mesh that is written without its texture.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, TriangleMesh mesh, MeshFileOptions? options = null, string? materialFile = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mesh);
        options ??= new MeshFileOptions();
        foreach (var line in options.CommentLines())
            stream.Write(Encoding.ASCII.GetBytes($"# {line}\n"));
        var texture = materialFile is null ? null : mesh.Texture;
        if (texture is not null)
            stream.Write(Encoding.UTF8.GetBytes($"mtllib {materialFile}\n"));
        var scale = options.Scale;
        WriteLines(stream, mesh.VertexCount, (int i, ref AsciiLine line) =>
        {
            line.Add("v"u8);
            line.Add(mesh.Vertices[i].X * scale);
            line.Add(mesh.Vertices[i].Y * scale);
            line.Add(mesh.Vertices[i].Z * scale);
            if (mesh.Colors.Length == 0)
                return;
            for (var channel = 0; channel < 3; channel++)
                line.Add(MathF.Round(mesh.Colors[3 * i + channel] / 255f, 4));
        });
        WriteLines(stream, mesh.VertexCount, (int i, ref AsciiLine line) =>
        {
            line.Add("vn"u8);
            line.Add(mesh.Normals[i].X);
            line.Add(mesh.Normals[i].Y);
            line.Add(mesh.Normals[i].Z);
        });
        if (texture is not null)
            WritePlaces(stream, texture);
        WriteLines(stream, mesh.TriangleCount, (int i, ref AsciiLine line) =>
        {
            line.Add("f"u8);
            for (var corner = 3 * i; corner < 3 * i + 3; corner++)
            {
                var number = mesh.Triangles[corner] + 1;
                line.Add(number);
                line.Append("/"u8);
                if (texture is not null)
                    line.Append(texture.Corners[corner] + 1);
                line.Append("/"u8);
                line.Append(number);
            }
        });
    }

    /// <summary>Writes the material of a textured mesh (MTL): a matt skin.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="pictureFile">Name of the texture's picture beside it.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void WriteMaterial(Stream stream, string pictureFile)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentException.ThrowIfNullOrEmpty(pictureFile);
        stream.Write(Encoding.UTF8.GetBytes($"newmtl {Material}\nKa 1 1 1\nKd 1 1 1\nKs 0 0 0\nillum 1\nmap_Kd {pictureFile}\n"));
    }

    // OBJ counts from the picture's bottom left corner.
    private static void WritePlaces(Stream stream, MeshTexture texture)
    {
        WriteLines(stream, texture.Coordinates.Length, (int i, ref AsciiLine line) =>
        {
            line.Add("vt"u8);
            line.Add(texture.Coordinates[i].X);
            line.Add(1 - texture.Coordinates[i].Y);
        });
        stream.Write(Encoding.ASCII.GetBytes($"usemtl {Material}\n"));
    }

    private delegate void FillLine(int index, ref AsciiLine line);

    private static void WriteLines(Stream stream, int count, FillLine fill)
    {
        var buffer = new byte[LinesPerBuffer * LongestLine];
        for (var start = 0; start < count; start += LinesPerBuffer)
        {
            var used = 0;
            for (var i = start; i < Math.Min(count, start + LinesPerBuffer); i++)
            {
                var line = new AsciiLine(buffer.AsSpan(used));
                fill(i, ref line);
                used += line.End();
            }
            stream.Write(buffer, 0, used);
        }
    }
}
