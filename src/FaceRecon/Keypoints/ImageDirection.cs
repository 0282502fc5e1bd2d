namespace FaceRecon;

/// <summary>Where in the image the top of the head points: a phone's sensor is often mounted sideways.</summary>
public enum ImageDirection
{
    /// <summary>To the top of the image: an upright face.</summary>
    Up,
    /// <summary>To the right edge of the image.</summary>
    Right,
    /// <summary>To the bottom of the image.</summary>
    Down,
    /// <summary>To the left edge of the image.</summary>
    Left,
}

internal static class ImageDirectionExtensions
{
    /// <summary>The angle by which an upright face is turned to point there, radians, clockwise on the screen.</summary>
    public static double Angle(this ImageDirection direction) => direction switch
    {
        ImageDirection.Right => Math.PI / 2,
        ImageDirection.Down => Math.PI,
        ImageDirection.Left => -Math.PI / 2,
        _ => 0,
    };
}
