using System.Numerics;

namespace FaceRecon;

/// <summary>What a rendering shows of the mesh.</summary>
public enum RenderStyle
{
    /// <summary>The colours of the vertices in mild light, which the colours already hold much of.</summary>
    Color,
    /// <summary>Plain clay: the shape alone.</summary>
    Clay,
}

/// <summary>How a mesh is rendered.</summary>
public sealed record RenderOptions
{
    /// <summary>What is shown.</summary>
    public RenderStyle Style { get; init; } = RenderStyle.Clay;

    /// <summary>Which way is up and forward, for the light.</summary>
    public UprightFrame Frame { get; init; } = UprightFrame.Camera;

    /// <summary>Most threads to use; 0 for one a core. The picture is the same for any number.</summary>
    public int MaxThreads { get; init; }
}

/// <summary>A small software renderer: smooth shading in soft light with shadows, four samples a pixel.</summary>
public static class MeshRenderer
{
    private static readonly float[] LinearOfByte = [.. Enumerable.Range(0, 256).Select(i => ToLinear(i / 255f))];
    private static readonly byte[] ByteOfLinear = [.. Enumerable.Range(0, 4096).Select(i => (byte)(255 * ToGamma(i / 4095f) + 0.5f))];

    private static readonly Vector3 ClayColor = new(0.60f, 0.50f, 0.42f);
    private static readonly Vector3 InsideColor = new(0.16f, 0.17f, 0.19f);

    /// <summary>Renders a mesh as a camera sees it.</summary>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="camera">Size and lens of the picture.</param>
    /// <param name="cameraToWorld">Pose of the camera in the mesh's frame.</param>
    /// <param name="options">Style and light; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static ColorImage Render(TriangleMesh mesh, CameraIntrinsics camera, RigidTransform cameraToWorld,
        RenderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentNullException.ThrowIfNull(camera);
        options ??= new RenderOptions();
        var loop = new PartitionedLoop(options.MaxThreads, cancellation);
        var light = SoftLight.Irradiance(mesh, options.Frame, loop);
        var image = new ColorImage(camera.Width, camera.Height, new byte[3 * camera.Width * camera.Height]);
        var buffer = new SurfaceBuffer(mesh, camera, cameraToWorld, loop);
        Shade(mesh, buffer, light, cameraToWorld, options.Style, image, 0, 0, loop);
        return image;
    }

    /// <summary>Shades what <paramref name="buffer"/> shows, into <paramref name="image"/> with its top left pixel at (left, top).</summary>
    internal static void Shade(TriangleMesh mesh, SurfaceBuffer buffer, float[] light, RigidTransform cameraToWorld,
        RenderStyle style, ColorImage image, int left, int top, PartitionedLoop loop)
    {
        const int side = SurfaceBuffer.SamplesPerSide;
        var (width, height) = (buffer.Width / side, buffer.Height / side);
        var eye = UprightFrame.ToSingle(cameraToWorld.Translation);
        var colored = style == RenderStyle.Color && mesh.Colors.Length > 0;
        loop.Run(height, 16, (from, to) =>
        {
            for (var y = from; y < to; y++)
            {
                // Darker towards the bottom, as a studio's backdrop is.
                var background = new Vector3(0.82f - 0.22f * y / height);
                for (var x = 0; x < width; x++)
                {
                    if (Empty(buffer, x, y))
                    {
                        Store(image, left + x, top + y, background);
                        continue;
                    }
                    var sum = Vector3.Zero;
                    for (var s = 0; s < side * side; s++)
                    {
                        var (sx, sy) = (side * x + s % side, side * y + s / side);
                        var triangle = buffer.Triangle[sy * buffer.Width + sx];
                        sum += triangle < 0 ? background : Sample(mesh, buffer, triangle, sx, sy, light, eye, colored);
                    }
                    Store(image, left + x, top + y, sum / (side * side));
                }
            }
        });
    }

    private static bool Empty(SurfaceBuffer buffer, int x, int y)
    {
        const int side = SurfaceBuffer.SamplesPerSide;
        var empty = true;
        for (var row = side * y; row < side * (y + 1); row++)
        {
            for (var column = side * x; column < side * (x + 1); column++)
                empty &= buffer.Triangle[row * buffer.Width + column] < 0;
        }
        return empty;
    }

    private static Vector3 Sample(TriangleMesh mesh, SurfaceBuffer buffer, int triangle, int x, int y, float[] light, Vector3 eye, bool colored)
    {
        var (a, b, c) = (mesh.Triangles[3 * triangle], mesh.Triangles[3 * triangle + 1], mesh.Triangles[3 * triangle + 2]);
        var (wa, wb, wc, front) = buffer.Locate(x, y, a, b, c);
        var normal = Vector3.Normalize(wa * mesh.Normals[a] + wb * mesh.Normals[b] + wc * mesh.Normals[c]);
        var position = wa * mesh.Vertices[a] + wb * mesh.Vertices[b] + wc * mesh.Vertices[c];
        var facing = Vector3.Dot(normal, Vector3.Normalize(eye - position));
        if (!front)
            return InsideColor * (0.35f + 0.65f * MathF.Abs(facing));
        var received = wa * light[a] + wb * light[b] + wc * light[c];
        // What grazes the eye shines a little: it parts the shape from what is behind it.
        var grazing = 1 - Math.Clamp(facing, 0, 1);
        var rim = grazing * grazing * grazing * received;
        if (!colored)
            return ClayColor * received * (0.55f + 0.50f * received) + new Vector3(0.08f * rim);
        var albedo = wa * Albedo(mesh.Colors, a) + wb * Albedo(mesh.Colors, b) + wc * Albedo(mesh.Colors, c);
        return albedo * (0.55f + 0.60f * received) + new Vector3(0.04f * rim);
    }

    private static Vector3 Albedo(byte[] colors, int vertex) =>
        new(LinearOfByte[colors[3 * vertex]], LinearOfByte[colors[3 * vertex + 1]], LinearOfByte[colors[3 * vertex + 2]]);

    private static void Store(ColorImage image, int x, int y, Vector3 linear)
    {
        var i = 3 * (y * image.Width + x);
        image.Pixels[i] = ToByte(linear.X);
        image.Pixels[i + 1] = ToByte(linear.Y);
        image.Pixels[i + 2] = ToByte(linear.Z);

        static byte ToByte(float value) => ByteOfLinear[(int)(Math.Clamp(value, 0, 1) * (ByteOfLinear.Length - 1) + 0.5f)];
    }

    // IEC 61966-2-1.
    private static float ToLinear(float s) => s <= 0.04045f ? s / 12.92f : MathF.Pow((s + 0.055f) / 1.055f, 2.4f);

    private static float ToGamma(float l) => l <= 0.0031308f ? 12.92f * l : 1.055f * MathF.Pow(l, 1 / 2.4f) - 0.055f;
}
