namespace FaceRecon;

/// <summary>Eigenvalues and eigenvectors of small symmetric matrices, by Jacobi's rotations (Golub and Van Loan, Matrix Computations, 8.5).</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 50;

    /// <summary>Decomposes a symmetric matrix.</summary>
    /// <param name="matrix">Row by row, n by n; on return the eigenvalues are on its diagonal, in no order.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="vectors">n by n; on return column k is the unit eigenvector of the k-th value.</param>
    public static void Decompose(Span<double> matrix, Span<double> vectors, int n)
    {
        vectors.Clear();
        for (var i = 0; i < n; i++)
            vectors[i * n + i] = 1;
        for (var sweep = 0; sweep < MostSweeps; sweep++)
        {
            var (off, diagonal) = (0.0, 0.0);
            for (var p = 0; p < n; p++)
            {
                diagonal += matrix[p * n + p] * matrix[p * n + p];
                for (var q = p + 1; q < n; q++)
                    off += matrix[p * n + q] * matrix[p * n + q];
            }
            if (off <= 1e-30 * diagonal)
                return;
            for (var p = 0; p < n; p++)
            for (var q = p + 1; q < n; q++)
                Rotate(matrix, vectors, n, p, q);
        }
    }

    // The rotation in the plane (p, q) that makes entry (p, q) zero.
    private static void Rotate(Span<double> matrix, Span<double> vectors, int n, int p, int q)
    {
        var entry = matrix[p * n + q];
        if (entry == 0)
            return;
        var theta = (matrix[q * n + q] - matrix[p * n + p]) / (2 * entry);
        var tangent = (theta < 0 ? -1 : 1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        for (var k = 0; k < n; k++)
        {
            var (a, b) = (matrix[k * n + p], matrix[k * n + q]);
            (matrix[k * n + p], matrix[k * n + q]) = (cosine * a - sine * b, sine * a + cosine * b);
        }
        for (var k = 0; k < n; k++)
        {
            var (a, b) = (matrix[p * n + k], matrix[q * n + k]);
            (matrix[p * n + k], matrix[q * n + k]) = (cosine * a - sine * b, sine * a + cosine * b);
            (a, b) = (vectors[k * n + p], vectors[k * n + q]);
            (vectors[k * n + p], vectors[k * n + q]) = (cosine * a - sine * b, sine * a + cosine * b);
        }
    }
}
