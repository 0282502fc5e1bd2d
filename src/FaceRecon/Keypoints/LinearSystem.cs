namespace FaceRecon;

/// <summary>Small dense systems, by Gaussian elimination with row pivoting.</summary>
internal static class LinearSystem
{
    /// <summary>Solves A x = b.</summary>
    /// <param name="augmented">[A | b], row-major, <paramref name="size"/> rows of one column more; overwritten.</param>
    /// <param name="size">Number of unknowns.</param>
    /// <param name="solution">x; untouched where there is none.</param>
    /// <returns>False where A is singular to working precision.</returns>
    public static bool TrySolve(Span<double> augmented, int size, Span<double> solution)
    {
        var stride = size + 1;
        var largest = 0.0;
        for (var i = 0; i < size; i++)
            largest = Math.Max(largest, Math.Abs(augmented[i * stride + i]));
        for (var column = 0; column < size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < size; row++)
                if (Math.Abs(augmented[row * stride + column]) > Math.Abs(augmented[pivot * stride + column]))
                    pivot = row;
            if (!(Math.Abs(augmented[pivot * stride + column]) > 1e-14 * largest))
                return false;
            for (var k = 0; pivot != column && k < stride; k++)
                (augmented[pivot * stride + k], augmented[column * stride + k]) = (augmented[column * stride + k], augmented[pivot * stride + k]);
            for (var row = 0; row < size; row++)
            {
                if (row == column)
                    continue;
                var factor = augmented[row * stride + column] / augmented[column * stride + column];
                for (var k = column; k < stride; k++)
                    augmented[row * stride + k] -= factor * augmented[column * stride + k];
            }
        }
        for (var i = 0; i < size; i++)
            solution[i] = augmented[i * stride + size] / augmented[i * stride + i];
        return true;
    }
}
