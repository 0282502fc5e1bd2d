using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Gives points whose colour was only ever seen at an outline, mixed with what lay behind it, the colour of the
/// trusted points around them: the underside of a lip or a chin that no frame saw from below.
/// </summary>
internal static class ColorFill
{
    private const float LeastConfidence = 0.5f;
    private const byte Unknown = 128;
    private const float CellSize = 0.003f;
    // Colour from further away than 15 mm would be of another part of the face.
    private const int FarthestCell = 5;

    /// <summary>Replaces the colours of the points that are not sure by those of sure ones near; without any they keep what little was seen.</summary>
    /// <param name="cloud">The cloud; its colours are changed.</param>
    /// <param name="confidence">How sure each point's colour is, 0 to 1.</param>
    public static void Fill(PointCloud cloud, ReadOnlySpan<float> confidence)
    {
        var cells = new Dictionary<(int, int, int), (float Red, float Green, float Blue, int Count)>();
        for (var i = 0; i < cloud.Count; i++)
        {
            if (confidence[i] < LeastConfidence)
                continue;
            var cell = CellOf(cloud, i);
            cells.TryGetValue(cell, out var sum);
            cells[cell] = (sum.Red + cloud.Colors[3 * i], sum.Green + cloud.Colors[3 * i + 1], sum.Blue + cloud.Colors[3 * i + 2], sum.Count + 1);
        }
        for (var i = 0; i < cloud.Count; i++)
        {
            if (confidence[i] >= LeastConfidence)
                continue;
            if (Around(cells, CellOf(cloud, i)) is { } color)
                (cloud.Colors[3 * i], cloud.Colors[3 * i + 1], cloud.Colors[3 * i + 2]) = color;
            else if (confidence[i] <= 0)
                cloud.Colors.AsSpan(3 * i, 3).Fill(Unknown);
        }
    }

    private static (int, int, int) CellOf(PointCloud cloud, int i) =>
        ((int)MathF.Floor(cloud.X[i] / CellSize), (int)MathF.Floor(cloud.Y[i] / CellSize), (int)MathF.Floor(cloud.Z[i] / CellSize));

    // The mean of the nearest shell of cells that holds any, weighted by how many trusted points each has.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (byte, byte, byte)? Around(Dictionary<(int, int, int), (float Red, float Green, float Blue, int Count)> cells, (int X, int Y, int Z) center)
    {
        for (var reach = 0; reach <= FarthestCell; reach++)
        {
            var (red, green, blue, count) = (0f, 0f, 0f, 0);
            for (var z = -reach; z <= reach; z++)
            for (var y = -reach; y <= reach; y++)
            for (var x = -reach; x <= reach; x++)
            {
                if (Math.Max(Math.Abs(x), Math.Max(Math.Abs(y), Math.Abs(z))) != reach ||
                    !cells.TryGetValue((center.X + x, center.Y + y, center.Z + z), out var cell))
                    continue;
                (red, green, blue, count) = (red + cell.Red, green + cell.Green, blue + cell.Blue, count + cell.Count);
            }
            if (count > 0)
                return ((byte)(red / count + 0.5f), (byte)(green / count + 0.5f), (byte)(blue / count + 0.5f));
        }
        return null;
    }
}
