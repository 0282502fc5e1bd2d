namespace FaceRecon;

/// <summary>
/// A picture of a mesh at a glance: from the subject's right profile over the front to the left one; in its colours, in clay,
/// and in its uncertainty or another number of its vertices, with a legend in millimetres.
/// </summary>
public static class PreviewImage
{
    private const int ViewWidth = 360, ViewHeight = 450;
    private static readonly double[] Turns = [-90 * Math.PI / 180, -45 * Math.PI / 180, 0, 45 * Math.PI / 180, 90 * Math.PI / 180];

    /// <summary>Renders the preview.</summary>
    /// <param name="mesh">The mesh, metres.</param>
    /// <param name="frame">Which way is up and forward in the mesh's frame, for example <see cref="FaceCloud.Upright"/>; null for an upright camera.</param>
    /// <param name="heat">What the third row shows; null for the mesh's sigma, and no third row where it has none.</param>
    /// <param name="maxThreads">Most threads to use; 0 for one a core. The picture is the same for any number.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>A picture of 1800 pixels' width: rows of 450 pixels, and the legend below.</returns>
    public static ColorImage Render(TriangleMesh mesh, UprightFrame? frame = null, HeatMap? heat = null, int maxThreads = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        frame ??= UprightFrame.Camera;
        heat ??= HeatMap.OfSigma(mesh);
        Paint[] rows = heat is null ? [Paint.OfColors(mesh), Paint.Clay] : [Paint.OfColors(mesh), Paint.Clay, Paint.OfHeat(mesh, heat)];
        var loop = new PartitionedLoop(maxThreads, cancellation);
        var light = SoftLight.Irradiance(mesh, frame, loop);
        var (width, height) = (Turns.Length * ViewWidth, rows.Length * ViewHeight + (heat is null ? 0 : HeatLegend.Height));
        var image = new ColorImage(width, height, new byte[3 * width * height]);
        var views = Array.ConvertAll(Turns, turn => PreviewView.Around(mesh, frame, turn));
        // One scale for all: what is as large looks as large.
        var focal = views.Min(view => view.LargestFocalLength(ViewWidth, ViewHeight));
        for (var i = 0; i < views.Length; i++)
        {
            var buffer = new SurfaceBuffer(mesh, views[i].Camera(ViewWidth, ViewHeight, focal), views[i].CameraToWorld, loop);
            var panels = Array.ConvertAll(Enumerable.Range(0, rows.Length).ToArray(), row => new RenderPanel(rows[row], i * ViewWidth, row * ViewHeight));
            MeshRenderer.Shade(mesh, buffer, light, views[i].CameraToWorld, image, panels, loop);
        }
        if (heat is not null)
            HeatLegend.Draw(image, rows.Length * ViewHeight, heat);
        return image;
    }
}
