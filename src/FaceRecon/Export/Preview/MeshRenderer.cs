using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>What a rendering shows of the mesh.</summary>
public enum RenderStyle
{
    /// <summary>The colours of the vertices in mild light, which the colours already hold much of.</summary>
    Color,
    /// <summary>Plain clay: the shape alone.</summary>
    Clay,
    /// <summary>A number of every vertex as a colour.</summary>
    Heat,
}

/// <summary>How a mesh is rendered.</summary>
public sealed record RenderOptions
{
    /// <summary>What is shown.</summary>
    public RenderStyle Style { get; init; } = RenderStyle.Clay;

    /// <summary>The numbers that <see cref="RenderStyle.Heat"/> shows; it needs them.</summary>
    public HeatMap? Heat { get; init; }

    /// <summary>Which way is up and forward, for the light.</summary>
    public UprightFrame Frame { get; init; } = UprightFrame.Camera;

    /// <summary>Most threads to use; 0 for one a core. The picture is the same for any number.</summary>
    public int MaxThreads { get; init; }
}

/// <summary>A place in a picture, and what fills it.</summary>
/// <param name="Paint">How the surface takes light.</param>
/// <param name="Left">Column of its top left pixel.</param>
/// <param name="Top">Row of its top left pixel.</param>
internal readonly record struct RenderPanel(Paint Paint, int Left, int Top);

/// <summary>A small software renderer: smooth shading in soft light with shadows, outlines of four samples a pixel.</summary>
public static class MeshRenderer
{
    private const int Side = SurfaceBuffer.SamplesPerSide;
    // Samples of a pixel that differ by more than this share of their distance show an edge.
    private const float EdgeStep = 0.004f;

    private static readonly Vector3 InsideColor = new(0.16f, 0.17f, 0.19f);

    /// <summary>Renders a mesh as a camera sees it.</summary>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="camera">Size and lens of the picture.</param>
    /// <param name="cameraToWorld">Pose of the camera in the mesh's frame.</param>
    /// <param name="options">Style and light; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="ArgumentException">Heat without numbers, or another number of them than of vertices.</exception>
    public static ColorImage Render(TriangleMesh mesh, CameraIntrinsics camera, RigidTransform cameraToWorld,
        RenderOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        ArgumentNullException.ThrowIfNull(camera);
        options ??= new RenderOptions();
        var paint = options.Style switch
        {
            RenderStyle.Color => Paint.OfColors(mesh),
            RenderStyle.Heat => Paint.OfHeat(mesh, options.Heat ?? throw new ArgumentException("Heat needs numbers to show.", nameof(options))),
            _ => Paint.Clay,
        };
        var loop = new PartitionedLoop(options.MaxThreads, cancellation);
        var light = SoftLight.Irradiance(mesh, options.Frame, loop);
        var image = new ColorImage(camera.Width, camera.Height, new byte[3 * camera.Width * camera.Height]);
        Shade(mesh, new SurfaceBuffer(mesh, camera, cameraToWorld, loop), light, cameraToWorld, image, [new RenderPanel(paint, 0, 0)], loop);
        return image;
    }

    /// <summary>Shades what <paramref name="buffer"/> shows, into every panel.</summary>
    internal static void Shade(TriangleMesh mesh, SurfaceBuffer buffer, float[] light, RigidTransform cameraToWorld,
        ColorImage image, RenderPanel[] panels, PartitionedLoop loop)
    {
        var (width, height) = (buffer.Width / Side, buffer.Height / Side);
        var eye = UprightFrame.ToSingle(cameraToWorld.Translation);
        loop.Run(height, 16, (from, to) =>
        {
            Span<Vector3> sums = stackalloc Vector3[panels.Length];
            for (var y = from; y < to; y++)
            {
                // Darker towards the bottom, as a studio's backdrop is.
                var background = new Vector3(0.82f - 0.22f * y / height);
                var backgroundByte = Srgb.ToByte(background.X);
                for (var x = 0; x < width; x++)
                {
                    var content = ContentOf(buffer, x, y);
                    if (content == PixelContent.Empty)
                    {
                        foreach (var panel in panels)
                            image.Pixels.AsSpan(3 * ((panel.Top + y) * image.Width + panel.Left + x), 3).Fill(backgroundByte);
                        continue;
                    }
                    // One sample tells what a pixel of smooth surface shows; an edge needs them all.
                    var samples = content == PixelContent.Edge ? Side * Side : 1;
                    sums.Clear();
                    for (var s = 0; s < samples; s++)
                        AddSample(mesh, buffer, Side * x + s % Side, Side * y + s / Side, light, eye, background, panels, sums);
                    for (var p = 0; p < panels.Length; p++)
                        Store(image, panels[p].Left + x, panels[p].Top + y, sums[p] / samples);
                }
            }
        });
    }

    private enum PixelContent { Empty, Smooth, Edge }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static PixelContent ContentOf(SurfaceBuffer buffer, int x, int y)
    {
        var upper = buffer.Nearness.Slice(Side * y * buffer.Width + Side * x, Side);
        var lower = buffer.Nearness.Slice((Side * y + 1) * buffer.Width + Side * x, Side);
        var least = MathF.Min(MathF.Min(upper[0], upper[1]), MathF.Min(lower[0], lower[1]));
        var most = MathF.Max(MathF.Max(upper[0], upper[1]), MathF.Max(lower[0], lower[1]));
        return most == 0 ? PixelContent.Empty : most - least > EdgeStep * most ? PixelContent.Edge : PixelContent.Smooth;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddSample(TriangleMesh mesh, SurfaceBuffer buffer, int x, int y, float[] light, Vector3 eye, Vector3 background, RenderPanel[] panels, Span<Vector3> sums)
    {
        var triangle = buffer.Triangle[y * buffer.Width + x];
        if (triangle < 0)
        {
            foreach (ref var sum in sums)
                sum += background;
            return;
        }
        var (a, b, c) = (mesh.Triangles[3 * triangle], mesh.Triangles[3 * triangle + 1], mesh.Triangles[3 * triangle + 2]);
        var (wa, wb, wc, front) = buffer.Locate(x, y, a, b, c);
        var normal = Vector3.Normalize(wa * mesh.Normals[a] + wb * mesh.Normals[b] + wc * mesh.Normals[c]);
        var position = wa * mesh.Vertices[a] + wb * mesh.Vertices[b] + wc * mesh.Vertices[c];
        var facing = Vector3.Dot(normal, Vector3.Normalize(eye - position));
        if (!front)
        {
            foreach (ref var sum in sums)
                sum += InsideColor * (0.35f + 0.65f * MathF.Abs(facing));
            return;
        }
        var received = wa * light[a] + wb * light[b] + wc * light[c];
        // What grazes the eye shines a little: it parts the shape from what is behind it.
        var grazing = 1 - Math.Clamp(facing, 0, 1);
        var rim = grazing * grazing * grazing * received;
        for (var p = 0; p < panels.Length; p++)
            sums[p] += panels[p].Paint.Lit(wa, a, wb, b, wc, c, received, rim);
    }

    private static void Store(ColorImage image, int x, int y, Vector3 linear)
    {
        var i = 3 * (y * image.Width + x);
        (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = (Srgb.ToByte(linear.X), Srgb.ToByte(linear.Y), Srgb.ToByte(linear.Z));
    }
}
