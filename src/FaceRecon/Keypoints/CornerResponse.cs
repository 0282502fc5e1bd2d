using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// How well each place of an image can be told from those around it: the smaller eigenvalue of the structure tensor
/// (Shi and Tomasi, "Good features to track", CVPR 1994). It is the information that the image has on the position in
/// the less certain direction, and so also says how exact the position will be.
/// </summary>
internal sealed class CornerResponse
{
    // A Gaussian of 1.5 pixels, cut at 2.3 of them: as wide as a pore or a lash, the smallest things that two frames share.
    private static readonly float[] Window = Gaussian(radius: 3, spread: 1.5);

    private float[] _xx = [], _xy = [], _yy = [], _row = [];

    /// <summary>Responses, squared grey levels, row-major as the window that was measured.</summary>
    public float[] Values { get; private set; } = [];

    /// <summary>Measures a window.</summary>
    public void Measure(GrayWindow image)
    {
        var (width, height) = (image.Width, image.Height);
        if (Values.Length < width * height)
            (Values, _xx, _xy, _yy) = (new float[width * height], new float[width * height], new float[width * height], new float[width * height]);
        if (_row.Length < 3 * width)
            _row = new float[3 * width];
        MultiplyGradients(image);
        Smooth(width, height);
    }

    private void MultiplyGradients(GrayWindow image)
    {
        var (width, height) = (image.Width, image.Height);
        // The rim has no gradient, nor has it corners.
        foreach (var plane in (float[][])[_xx, _xy, _yy])
            Array.Clear(plane, 0, width * height);
        var values = image.Values;
        for (var y = 1; y < height - 1; y++)
        {
            var i = y * width + 1;
            var end = (y + 1) * width - 1;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                var gx = 0.5f * (new Vector<float>(values[(i + 1)..]) - new Vector<float>(values[(i - 1)..]));
                var gy = 0.5f * (new Vector<float>(values[(i + width)..]) - new Vector<float>(values[(i - width)..]));
                (gx * gx).CopyTo(_xx, i);
                (gx * gy).CopyTo(_xy, i);
                (gy * gy).CopyTo(_yy, i);
            }
            for (; i < end; i++)
            {
                var (gx, gy) = (0.5f * (values[i + 1] - values[i - 1]), 0.5f * (values[i + width] - values[i - width]));
                (_xx[i], _xy[i], _yy[i]) = (gx * gx, gx * gy, gy * gy);
            }
        }
    }

    // Down the columns for one row, then along that row, so that each plane is read once.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Smooth(int width, int height)
    {
        var radius = Window.Length / 2;
        Array.Clear(Values, 0, width * height);
        if (width <= 2 * radius)
            return;
        Span<float> xx = _row.AsSpan(0, width), xy = _row.AsSpan(width, width), yy = _row.AsSpan(2 * width, width);
        for (var y = radius; y < height - radius; y++)
        {
            SumColumns(_xx, y, width, xx);
            SumColumns(_xy, y, width, xy);
            SumColumns(_yy, y, width, yy);
            var to = Values.AsSpan(y * width, width);
            var x = radius;
            for (; x <= width - radius - Vector<float>.Count; x += Vector<float>.Count)
            {
                Vector<float> a = Vector<float>.Zero, b = a, c = a;
                for (var k = 0; k < Window.Length; k++)
                {
                    var weight = new Vector<float>(Window[k]);
                    a += weight * new Vector<float>(xx[(x + k - radius)..]);
                    b += weight * new Vector<float>(xy[(x + k - radius)..]);
                    c += weight * new Vector<float>(yy[(x + k - radius)..]);
                }
                var difference = 0.5f * (a - c);
                (0.5f * (a + c) - Vector.SquareRoot(difference * difference + b * b)).CopyTo(to[x..]);
            }
            for (; x < width - radius; x++)
            {
                float a = 0, b = 0, c = 0;
                for (var k = 0; k < Window.Length; k++)
                    (a, b, c) = (a + Window[k] * xx[x + k - radius], b + Window[k] * xy[x + k - radius], c + Window[k] * yy[x + k - radius]);
                to[x] = 0.5f * (a + c) - MathF.Sqrt(0.25f * (a - c) * (a - c) + b * b);
            }
        }
    }

    private static void SumColumns(float[] plane, int y, int width, Span<float> sums)
    {
        var radius = Window.Length / 2;
        var x = 0;
        for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (var k = 0; k < Window.Length; k++)
                sum += Window[k] * new Vector<float>(plane, (y + k - radius) * width + x);
            sum.CopyTo(sums[x..]);
        }
        for (; x < width; x++)
        {
            var sum = 0f;
            for (var k = 0; k < Window.Length; k++)
                sum += Window[k] * plane[(y + k - radius) * width + x];
            sums[x] = sum;
        }
    }

    private static float[] Gaussian(int radius, double spread)
    {
        var weights = Enumerable.Range(-radius, 2 * radius + 1).Select(k => Math.Exp(-k * k / (2 * spread * spread))).ToArray();
        var sum = weights.Sum();
        return Array.ConvertAll(weights, weight => (float)(weight / sum));
    }
}
