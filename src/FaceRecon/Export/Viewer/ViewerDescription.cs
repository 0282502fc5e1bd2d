using System.Text.Json;
using System.Text.Json.Serialization;

namespace FaceRecon;

/// <summary>How a scene is written into its page, as the compiler works it out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ViewerDescription))]
internal sealed partial class ViewerJson : JsonSerializerContext;

/// <summary>All of a scene but its geometry, as the page's script takes it. Metres, seconds; rotations are quaternions x y z w.</summary>
/// <param name="Title">What the page is called.</param>
/// <param name="Upright">From the mesh's frame to one with y up.</param>
/// <param name="Layout">What the geometry holds.</param>
/// <param name="Scales">Colours of numbers.</param>
/// <param name="Keypoints">The landmarks.</param>
/// <param name="Frames">The accepted frames.</param>
/// <param name="Lens">x/z and y/z of the corners of the image, in order around it.</param>
/// <param name="Facts">Where it comes from: name and value.</param>
internal sealed record ViewerDescription(
    string Title, double[] Upright, ViewerLayout Layout, ViewerScales Scales,
    IEnumerable<ReportedLandmark> Keypoints, IEnumerable<ViewerFrame> Frames, double[][] Lens, IEnumerable<string[]> Facts)
{
    public static ViewerDescription Of(ViewerScene scene, PackedGeometry geometry)
    {
        var (x, y, z, w) = scene.Upright.ToYUp().ToQuaternion();
        return new ViewerDescription(
            scene.Title, [x, y, z, w], ViewerLayout.Of(scene, geometry), ViewerScales.Of(scene),
            scene.Landmarks.Select(ReportedLandmark.Of), scene.Frames.Where(frame => frame.Accepted).Select(ViewerFrame.Of),
            Corners(scene.Camera), scene.Facts.Select(fact => new[] { fact.Key, fact.Value }));
    }

    /// <summary>Those of some camera where it is not known.</summary>
    private static double[][] Corners(CameraIntrinsics? camera)
    {
        if (camera is not { Width: > 0, Height: > 0, Fx: > 1 and < 1e6, Fy: > 1 and < 1e6, Cx: > -1e6 and < 1e6, Cy: > -1e6 and < 1e6 })
            camera = new CameraIntrinsics(640, 480, 600, 600, 319.5, 239.5);
        var (left, right) = ((-0.5 - camera.Cx) / camera.Fx, (camera.Width - 0.5 - camera.Cx) / camera.Fx);
        var (top, bottom) = ((-0.5 - camera.Cy) / camera.Fy, (camera.Height - 0.5 - camera.Cy) / camera.Fy);
        return [[left, top], [right, top], [right, bottom], [left, bottom]];
    }
}

/// <summary>What the packed geometry holds, and in which steps.</summary>
internal sealed record ViewerLayout(
    int Vertices, int Triangles, float[] Origin, double Step, double LengthStep, bool Colors, bool Sigma, bool Error)
{
    public static ViewerLayout Of(ViewerScene scene, PackedGeometry geometry) => new(
        scene.Mesh.VertexCount, scene.Mesh.TriangleCount, [geometry.Origin.X, geometry.Origin.Y, geometry.Origin.Z], geometry.Step,
        PackedGeometry.LengthStep, scene.Mesh.Colors.Length > 0, scene.Mesh.Sigma.Length > 0, scene.Error.Length > 0);
}

/// <summary>The colours of the uncertainty and of the error; null where the mesh has none.</summary>
internal sealed record ViewerScales(ViewerScale? Sigma, ViewerScale? Error)
{
    public static ViewerScales Of(ViewerScene scene) => new(
        scene.Mesh.Sigma.Length > 0 ? ViewerScale.Of(HeatScale.Sequential(scene.Mesh.Sigma), "sigma") : null,
        scene.Error.Length > 0 ? ViewerScale.Of(HeatScale.Diverging(scene.Error), scene.ErrorCaption) : null);
}

/// <summary>The colours of one kind of number.</summary>
internal sealed record ViewerScale(double Low, double High, IReadOnlyList<string> Stops, string Caption)
{
    public static ViewerScale Of(HeatScale scale, string caption) => new(scale.Low, scale.High, scale.Stops, caption);
}

/// <summary>A frame: where its camera was, and how it fits; the residual in millimetres.</summary>
internal sealed record ViewerFrame(int Index, double Time, double[] Position, double[] Rotation, double Residual, double Inliers)
{
    public static ViewerFrame Of(FramePose frame)
    {
        var (x, y, z, w) = frame.CameraToWorld.ToQuaternion();
        var p = frame.CameraToWorld.Translation;
        return new ViewerFrame(
            frame.Index, Finite(Math.Round(frame.Timestamp, 3)),
            [Math.Round(p.X, 6), Math.Round(p.Y, 6), Math.Round(p.Z, 6)],
            [Math.Round(x, 6), Math.Round(y, 6), Math.Round(z, 6), Math.Round(w, 6)],
            Finite(Math.Round(1000 * frame.ResidualRms, 3)), Finite(Math.Round(frame.InlierRatio, 3)));
    }

    // JSON has no other numbers.
    private static double Finite(double number) => double.IsFinite(number) ? number : 0;
}
