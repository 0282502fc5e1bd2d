using System.Text;

namespace FaceRecon;

/// <summary>Writes Wavefront OBJ: v x y z [r g b], vn, and f a//a; colours from 0 to 1 behind the position, as MeshLab and Blender read them.</summary>
public static class ObjWriter
{
    private const int LinesPerBuffer = 4096;
    private const int LongestLine = 128;

    /// <summary>Writes a mesh.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="options">Unit and provenance; null for the defaults.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, TriangleMesh mesh, MeshFileOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(mesh);
        options ??= new MeshFileOptions();
        foreach (var line in options.CommentLines())
            stream.Write(Encoding.ASCII.GetBytes($"# {line}\n"));
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
        WriteLines(stream, mesh.TriangleCount, (int i, ref AsciiLine line) =>
        {
            line.Add("f"u8);
            for (var corner = 0; corner < 3; corner++)
            {
                var number = mesh.Triangles[3 * i + corner] + 1;
                line.Add(number);
                line.Append("//"u8);
                line.Append(number);
            }
        });
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
