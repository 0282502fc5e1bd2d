using System.Net;
using System.Text;
using System.Text.Json;

namespace FaceRecon;

/// <summary>
/// Writes a page that shows a mesh in three dimensions, in any browser, from any disk: everything it needs is in it, and its
/// content security policy lets it load nothing else.
/// </summary>
public static class ViewerPage
{
    private const int LongestTitle = 120;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Writes the page as UTF-8.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="scene">What it shows.</param>
    /// <exception cref="ArgumentException">Another number of errors than of vertices.</exception>
    public static void Write(Stream stream, ViewerScene scene)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(scene);
        if (scene.Error.Length != 0 && scene.Error.Length != scene.Mesh.VertexCount)
            throw new ArgumentException($"A mesh of {scene.Mesh.VertexCount} vertices cannot have {scene.Error.Length} errors.", nameof(scene));
        var title = scene.Title.Length <= LongestTitle ? scene.Title : scene.Title[..LongestTitle] + "\u2026";
        var geometry = new PackedGeometry(scene.Mesh, scene.Error);
        var (style, script) = (PageTemplate.Resource("viewer.css"), PageTemplate.Resource("viewer.js"));
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        PageTemplate.Write(writer, PageTemplate.Resource("viewer.html"), name => name switch
        {
            "csp" => PageTemplate.ContentPolicy(style, script),
            "title" => WebUtility.HtmlEncode(title),
            "generator" => WebUtility.HtmlEncode($"FaceRecon {FaceExport.Version}"),
            "style" => style,
            "script" => script,
            // The default encoder writes <, > and & as escapes: no text can end the element that it stands in.
            "scene" => JsonSerializer.Serialize(Describe(scene with { Title = title }, geometry), Json),
            "geometry" => Convert.ToBase64String(geometry.Compress()),
            _ => throw new InvalidOperationException($"The page has no {name}."),
        });
    }

    private static object Describe(ViewerScene scene, PackedGeometry geometry)
    {
        var (x, y, z, w) = scene.Upright.ToYUp().ToQuaternion();
        var mesh = scene.Mesh;
        return new
        {
            scene.Title,
            Upright = new[] { x, y, z, w },
            Layout = new
            {
                Vertices = mesh.VertexCount,
                Triangles = mesh.TriangleCount,
                Origin = new[] { geometry.Origin.X, geometry.Origin.Y, geometry.Origin.Z },
                geometry.Step,
                PackedGeometry.LengthStep,
                Colors = mesh.Colors.Length > 0,
                Sigma = mesh.Sigma.Length > 0,
                Error = scene.Error.Length > 0,
            },
            Scales = new
            {
                Sigma = mesh.Sigma.Length > 0 ? Describe(HeatScale.Sequential(mesh.Sigma), "sigma") : null,
                Error = scene.Error.Length > 0 ? Describe(HeatScale.Diverging(scene.Error), scene.ErrorCaption) : null,
            },
            Keypoints = scene.Landmarks.Select(landmark => new { landmark.Name, landmark.Views, Position = Numbers(landmark.Position) }),
            Frames = scene.Frames.Where(frame => frame.Accepted).Select(Describe),
            Lens = Corners(scene.Camera),
            Facts = scene.Facts.Select(fact => new[] { fact.Key, fact.Value }),
        };
    }

    private static object Describe(HeatScale scale, string caption) => new { scale.Low, scale.High, scale.Stops, Caption = caption };

    private static object Describe(FramePose frame)
    {
        var (x, y, z, w) = frame.CameraToWorld.ToQuaternion();
        return new
        {
            frame.Index,
            Time = Finite(Math.Round(frame.Timestamp, 3)),
            Position = Numbers(frame.CameraToWorld.Translation),
            Rotation = new[] { Math.Round(x, 6), Math.Round(y, 6), Math.Round(z, 6), Math.Round(w, 6) },
            Residual = Finite(Math.Round(1000 * frame.ResidualRms, 3)),
            Inliers = Finite(Math.Round(frame.InlierRatio, 3)),
        };
    }

    // JSON has no other numbers.
    private static double Finite(double number) => double.IsFinite(number) ? number : 0;

    // Micrometres.
    private static double[] Numbers(Vector3d p) => [Math.Round(p.X, 6), Math.Round(p.Y, 6), Math.Round(p.Z, 6)];

    /// <summary>x/z and y/z of the corners of the image, in order around it; those of some camera where it is not known.</summary>
    private static double[][] Corners(CameraIntrinsics? camera)
    {
        if (camera is not { Width: > 0, Height: > 0, Fx: > 1 and < 1e6, Fy: > 1 and < 1e6, Cx: > -1e6 and < 1e6, Cy: > -1e6 and < 1e6 })
            camera = new CameraIntrinsics(640, 480, 600, 600, 319.5, 239.5);
        var (left, right) = ((-0.5 - camera.Cx) / camera.Fx, (camera.Width - 0.5 - camera.Cx) / camera.Fx);
        var (top, bottom) = ((-0.5 - camera.Cy) / camera.Fy, (camera.Height - 0.5 - camera.Cy) / camera.Fy);
        return [[left, top], [right, top], [right, bottom], [left, bottom]];
    }
}
