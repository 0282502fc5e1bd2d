namespace FaceRecon;

/// <summary>Draws keypoints over the image that they were seen in, for a person to judge.</summary>
public static class KeypointOverlay
{
    // Marks are drawn on an enlarged image, so that a landmark between pixels is seen between pixels.
    private const int LeastSide = 960;
    private const int MaxEnlargement = 4;
    private static readonly (byte, byte, byte) VisibleColor = (40, 230, 80), HiddenColor = (230, 50, 50), BoxColor = (250, 220, 60), StructuralColor = (60, 200, 255);
    private const int CrossArm = 3;

    /// <summary>
    /// A copy of the image, enlarged by a whole number where it is small, with the visible landmarks as green dots, the hidden ones
    /// as red dots, the face's box, and the structural keypoints as blue crosses. Hidden landmarks beside the head, where those
    /// that have a place in space show where the head is, are not drawn: they are a guess of nothing that the image shows.
    /// </summary>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ColorImage Draw(ColorImage image, KeypointSet keypoints)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(keypoints);
        var scale = Math.Clamp(LeastSide / Math.Max(image.Width, image.Height), 1, MaxEnlargement);
        var drawing = Enlarge(image, scale);
        foreach (var keypoint in keypoints.Structural)
            DrawCross(drawing, ToDrawing(keypoint.U, scale), ToDrawing(keypoint.V, scale), StructuralColor);
        if (!keypoints.HasFace)
            return drawing;
        DrawBox(drawing, keypoints.FaceBox, scale);
        var isLifted = keypoints.Semantic.Any(keypoint => keypoint.Position is not null);
        foreach (var keypoint in keypoints.Semantic.OrderBy(keypoint => keypoint.IsVisible))
            if (keypoint.IsVisible || !isLifted || keypoint.Position is not null)
                DrawDisc(drawing, ToDrawing(keypoint.U, scale), ToDrawing(keypoint.V, scale), keypoint.IsVisible ? VisibleColor : HiddenColor);
        return drawing;
    }

    // Pixel centres: the centre of pixel 0 lies at (scale - 1) / 2 of the enlarged image.
    private static double ToDrawing(double position, int scale) => (position + 0.5) * scale - 0.5;

    private static ColorImage Enlarge(ColorImage image, int scale)
    {
        var (width, height) = (image.Width * scale, image.Height * scale);
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            image.Pixels.AsSpan(3 * (y / scale * image.Width + x / scale), 3).CopyTo(pixels.AsSpan(3 * (y * width + x)));
        return new ColorImage(width, height, pixels);
    }

    private static void DrawBox(ColorImage image, ImageBox box, int scale)
    {
        var (left, top) = (ToDrawing(box.Left, scale), ToDrawing(box.Top, scale));
        var (right, bottom) = (ToDrawing(box.Left + box.Width, scale), ToDrawing(box.Top + box.Height, scale));
        for (var x = Math.Max(left, 0); x <= Math.Min(right, image.Width - 1); x++)
        {
            Set(image, x, top, BoxColor);
            Set(image, x, bottom, BoxColor);
        }
        for (var y = Math.Max(top, 0); y <= Math.Min(bottom, image.Height - 1); y++)
        {
            Set(image, left, y, BoxColor);
            Set(image, right, y, BoxColor);
        }
    }

    private static void DrawDisc(ColorImage image, double x, double y, (byte, byte, byte) color)
    {
        for (var dy = -1; dy <= 1; dy++)
        for (var dx = -1; dx <= 1; dx++)
            Set(image, x + dx, y + dy, color);
    }

    private static void DrawCross(ColorImage image, double x, double y, (byte, byte, byte) color)
    {
        for (var d = -CrossArm; d <= CrossArm; d++)
        {
            Set(image, x + d, y, color);
            Set(image, x, y + d, color);
        }
    }

    private static void Set(ColorImage image, double x, double y, (byte Red, byte Green, byte Blue) color)
    {
        var (column, row) = (Math.Round(x), Math.Round(y));
        if (!(column >= 0 && row >= 0 && column < image.Width && row < image.Height))
            return;
        var i = 3 * ((int)row * image.Width + (int)column);
        (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]) = color;
    }
}
