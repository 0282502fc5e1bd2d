namespace FaceRecon.Tests;

/// <summary>Depth corrections with something in every control.</summary>
internal static class SomeCorrection
{
    /// <summary>A correction of up to 3 mm over the whole image.</summary>
    public static DepthCorrection Make(int width, int height, double focalScale = 1, params FrameDepthCorrection[] frames)
    {
        var spline = Spline(new ImageBox(0, 0, width, height), 8, 6, 0.003);
        return new DepthCorrection(width, height, spline.Grid, spline.Controls, focalScale, frames);
    }

    public static OwnSpline Spline(ImageBox area, int spansX, int spansY, double amplitude)
    {
        var grid = new SplineGrid(area, spansX, spansY);
        return new OwnSpline(grid, [.. Enumerable.Range(0, grid.Count).Select(i => amplitude * Math.Sin(1 + 2.3 * i))]);
    }
}
