namespace FaceRecon;

/// <summary>
/// A square region of an image, turned: what a network is shown. Its own coordinates run from (0,0) at its
/// top left corner to (1,1) at its bottom right one; an angle of a means that its x axis points along (cos a, sin a).
/// </summary>
/// <param name="CenterU">Centre, pixels.</param>
/// <param name="CenterV">Centre, pixels.</param>
/// <param name="Size">Side, pixels.</param>
/// <param name="Angle">Radians, from u towards v (clockwise on the screen).</param>
internal readonly record struct OrientedSquare(double CenterU, double CenterV, double Size, double Angle)
{
    /// <summary>The pixel of the image that (x, y) of the square is.</summary>
    public (double U, double V) ToImage(double x, double y)
    {
        var (sin, cos) = Math.SinCos(Angle);
        var (right, down) = ((x - 0.5) * Size, (y - 0.5) * Size);
        return (CenterU + cos * right - sin * down, CenterV + sin * right + cos * down);
    }

    /// <summary>The smallest square of an angle that holds all points, scaled about its centre.</summary>
    public static OrientedSquare Around(ReadOnlySpan<double> u, ReadOnlySpan<double> v, double angle, double scale)
    {
        var (sin, cos) = Math.SinCos(angle);
        var (left, top, right, bottom) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        for (var i = 0; i < u.Length; i++)
        {
            var (x, y) = (cos * u[i] + sin * v[i], cos * v[i] - sin * u[i]);
            (left, right) = (Math.Min(left, x), Math.Max(right, x));
            (top, bottom) = (Math.Min(top, y), Math.Max(bottom, y));
        }
        var (middleX, middleY) = (0.5 * (left + right), 0.5 * (top + bottom));
        return new OrientedSquare(
            cos * middleX - sin * middleY, sin * middleX + cos * middleY,
            scale * Math.Max(right - left, bottom - top), angle);
    }
}
