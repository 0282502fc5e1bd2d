using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace FaceRecon;

/// <summary>A level set of a function of quadratic B-splines, wherever it is asked for: the surface as one level of the cascade has it.</summary>
/// <param name="Grid">Active bricks of the level.</param>
/// <param name="Coefficients">The function's, at the nodes.</param>
/// <param name="Level">Its value on the surface.</param>
/// <param name="Corner">Corner of cell (0,0,0), in whose middle node (0,0,0) lies; metres.</param>
/// <param name="CellSize">Edge of the level's cells, metres.</param>
internal sealed record SplineSurface(BrickGrid Grid, float[] Coefficients, float Level, Vector3d Corner, double CellSize)
{
    /// <summary>Distances of positions from the surface to first order, positive outside, metres: at most a cell, and 0 outside the active bricks.</summary>
    public void Distances(ReadOnlySpan<Vector3> positions, Span<float> distances)
    {
        // Neighbours in the list mostly lie in one brick.
        Span<float> halo = stackalloc float[BrickGrid.HaloLength];
        var (gathered, origin) = (-1, (X: 0, Y: 0, Z: 0));
        for (var i = 0; i < positions.Length; i++)
        {
            var (x, tx) = Cell(positions[i].X - Corner.X);
            var (y, ty) = Cell(positions[i].Y - Corner.Y);
            var (z, tz) = Cell(positions[i].Z - Corner.Z);
            var brick = Grid.Find(x >> 3, y >> 3, z >> 3);
            if (brick >= 0 && brick != gathered)
            {
                Grid.GatherHalo(Coefficients, brick, halo);
                (gathered, origin) = (brick, Grid.Origins[brick]);
            }
            distances[i] = brick < 0 ? 0
                : Distance(halo[BrickGrid.HaloIndex(x - 8 * origin.X - 1, y - 8 * origin.Y - 1, z - 8 * origin.Z - 1)..], new Vector3(tx, ty, tz));
        }
    }

    private (int Cell, float Offset) Cell(double along)
    {
        var cell = Math.Floor(along / CellSize);
        return ((int)cell, (float)(along / CellSize - cell - 0.5));
    }

    /// <summary>The function over the length of its gradient, of the 27 coefficients from a corner on, at an offset from the middle one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Distance(ReadOnlySpan<float> corner, Vector3 offset)
    {
        var (valuesX, valuesY, valuesZ) = (Values(offset.X), Values(offset.Y), Values(offset.Z));
        var (slopesX, slopesY, slopesZ) = (Slopes(offset.X), Slopes(offset.Y), Slopes(offset.Z));
        var (value, slopeX, slopeY, slopeZ) = (0f, 0f, 0f, 0f);
        for (var k = 0; k < 3; k++)
        {
            var layer = corner[(k * BrickGrid.HaloLayer)..];
            var (plane, planeX, planeY) = (0f, 0f, 0f);
            for (var j = 0; j < 3; j++)
            {
                var row = new Vector3(layer.Slice(j * BrickGrid.HaloStride, 3));
                var along = Vector3.Dot(valuesX, row);
                plane += valuesY[j] * along;
                planeX += valuesY[j] * Vector3.Dot(slopesX, row);
                planeY += slopesY[j] * along;
            }
            value += valuesZ[k] * plane;
            slopeX += valuesZ[k] * planeX;
            slopeY += valuesZ[k] * planeY;
            slopeZ += slopesZ[k] * plane;
        }
        var cells = (value - Level) / Math.Max(new Vector3(slopeX, slopeY, slopeZ).Length(), 1e-9f);
        return (float)CellSize * Math.Clamp(cells, -1, 1);
    }

    private static Vector3 Values(float t) => QuadraticSpline.Values(t).AsVector3();

    private static Vector3 Slopes(float t) => QuadraticSpline.Slopes(t).AsVector3();
}
