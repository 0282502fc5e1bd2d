namespace FaceRecon;

/// <summary>
/// The 6x6 normal equations H x = -g of a rigid registration step; x = (rotation vector, translation).
/// </summary>
internal struct NormalEquations
{
    /// <summary>Upper triangle of H, row by row: 21 numbers.</summary>
    private unsafe fixed double _hessian[21];
    private unsafe fixed double _gradient[6];

    /// <summary>Sum of the weighted squared residuals.</summary>
    public double Cost { get; private set; }

    /// <summary>Number of residuals.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Adds the residual of a point-to-plane pair: r = n . (x - m), with x moved by a rotation about
    /// <paramref name="arm"/>'s foot and a translation, so its Jacobian is (arm x n, n).
    /// </summary>
    /// <param name="arm">From the centre of rotation to the moved point.</param>
    /// <param name="normal">Unit normal.</param>
    /// <param name="residual">r, metres.</param>
    /// <param name="weight">Weight of r^2.</param>
    public unsafe void Add(Vector3d arm, Vector3d normal, double residual, double weight)
    {
        var turn = Vector3d.Cross(arm, normal);
        var j = stackalloc double[6] { turn.X, turn.Y, turn.Z, normal.X, normal.Y, normal.Z };
        var k = 0;
        for (var row = 0; row < 6; row++)
        {
            var weighted = weight * j[row];
            _gradient[row] += weighted * residual;
            for (var column = row; column < 6; column++)
                _hessian[k++] += weighted * j[column];
        }
        Cost += weight * residual * residual;
        Count++;
    }

    /// <summary>
    /// The step that minimises the quadratic, with <paramref name="damping"/> times the diagonal added.
    /// </summary>
    /// <returns>False where the equations are singular: too few points, or a shape that slides on itself.</returns>
    public readonly unsafe bool TrySolve(double damping, out Vector3d rotation, out Vector3d translation)
    {
        // Cholesky, in place over a full lower triangle.
        var l = stackalloc double[36];
        var x = stackalloc double[6];
        (rotation, translation) = (Vector3d.Zero, Vector3d.Zero);
        for (var row = 0; row < 6; row++)
        {
            for (var column = 0; column <= row; column++)
            {
                var sum = Hessian(column, row);
                if (row == column)
                    sum *= 1 + damping;
                for (var k = 0; k < column; k++)
                    sum -= l[row * 6 + k] * l[column * 6 + k];
                if (row == column)
                {
                    if (!(sum > 1e-12 * (Hessian(row, row) + 1e-30)))
                        return false;
                    l[row * 6 + row] = Math.Sqrt(sum);
                }
                else
                {
                    l[row * 6 + column] = sum / l[column * 6 + column];
                }
            }
        }
        for (var row = 0; row < 6; row++)
        {
            var sum = -_gradient[row];
            for (var k = 0; k < row; k++)
                sum -= l[row * 6 + k] * x[k];
            x[row] = sum / l[row * 6 + row];
        }
        for (var row = 5; row >= 0; row--)
        {
            var sum = x[row];
            for (var k = row + 1; k < 6; k++)
                sum -= l[k * 6 + row] * x[k];
            x[row] = sum / l[row * 6 + row];
        }
        rotation = new Vector3d(x[0], x[1], x[2]);
        translation = new Vector3d(x[3], x[4], x[5]);
        return double.IsFinite(rotation.LengthSquared + translation.LengthSquared);
    }

    /// <summary>Entry of H.</summary>
    public readonly unsafe double Hessian(int row, int column)
    {
        if (row > column)
            (row, column) = (column, row);
        return _hessian[row * 6 - row * (row - 1) / 2 + column - row];
    }
}
