namespace FaceRecon.PowerShell;

/// <summary>Parameters take degrees, the library radians.</summary>
internal static class Angle
{
    public static double ToRadians(double degrees) => degrees * Math.PI / 180;
    public static double ToDegrees(double radians) => Math.Round(radians * 180 / Math.PI, 9);
}
