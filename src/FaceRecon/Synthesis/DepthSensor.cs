using System.Numerics;

namespace FaceRecon;

/// <summary>Makes the depth of an imperfect sensor out of exact depth, by the model of <see cref="SensorError"/>.</summary>
internal sealed class DepthSensor
{
    /// <summary>A step of the depth between neighbours that counts as an edge, metres.</summary>
    private const float EdgeStep = 0.02f;

    private readonly SensorError _error;
    private readonly CameraIntrinsics _camera;
    private readonly int _seed;
    private readonly float[] _commonField;

    public DepthSensor(SensorError error, CameraIntrinsics camera, int seed)
    {
        (_error, _camera, _seed) = (error, camera, seed);
        var random = new SplitMix(seed, purpose: 5);
        CommonScale = error.CommonScale * random.Normal(0);
        CommonField = BiasField.Random(7, 5, error.CommonBias, new SplitMix(seed, purpose: 6));
        _commonField = new float[camera.Width * camera.Height];
        CommonField.AddTo(_commonField, camera.Width, camera.Height);
    }

    /// <summary>The scale error that all frames share.</summary>
    public double CommonScale { get; }
    /// <summary>The bias that all frames share.</summary>
    public BiasField CommonField { get; }

    /// <summary>The smooth error of one frame.</summary>
    public FrameBias BiasOf(int frame)
    {
        var random = Stream(frame, 0);
        return new FrameBias(_error.FrameScale * random.Normal(0), _error.FrameOffset * random.Normal(1),
            BiasField.Random(4, 3, _error.FrameBias, Stream(frame, 1)));
    }

    /// <summary>The depth that the sensor reports, metres; 0 where it is blind.</summary>
    public float[] Sense(ExactFrame exact, int frame)
    {
        var (width, height) = (_camera.Width, _camera.Height);
        var depth = Bias(exact.Depths, frame);
        var noise = CorrelatedNoise(frame);
        var dice = Stream(frame, 3);
        var tanLimit = _error.GrazingDegrees >= 90 ? float.MaxValue : (float)Math.Tan(_error.GrazingDegrees * (Math.PI / 180));
        for (var v = 0; v < height; v++)
            for (var u = 0; u < width; u++)
            {
                var i = v * width + u;
                var z = exact.Depths[i];
                if (z <= 0)
                    continue;
                var (slope, step) = SlopeAt(exact.Depths, u, v);
                var tan = slope * (float)_camera.Fx / z;
                var axial = (float)_error.Noise * (z * z * 4) * MathF.Min(4, 1 + (float)_error.NoiseAtIncidence * tan * tan);
                var lateral = (float)_error.LateralPixels * MathF.Min(slope, 0.004f);
                depth[i] += noise[i] * MathF.Sqrt(axial * axial + lateral * lateral);
                var luck = dice.Uniform(i);
                if (MathF.Abs(step) > EdgeStep && luck < _error.FlyingShare + _error.EdgeHoleShare)
                    depth[i] = luck < _error.FlyingShare ? depth[i] + step * dice.Uniform(i + width * height) : 0;
                else if (tan > tanLimit * (1 + 0.15f * noise[i]) || IsLostInDark(exact.Light[i], luck, noise[i]))
                    depth[i] = 0;
            }
        if (_error.Baseline > 0)
            CastProjectorShadow(exact.Depths, depth);
        Quantise(depth);
        return depth;
    }

    /// <summary>The depth of one pixel with the smooth error of a frame and nothing else, metres.</summary>
    public double Bias(FrameBias bias, int u, int v, double z) =>
        z * (1 + CommonScale) * (1 + bias.Scale) + bias.Offset
            + CommonField.At(u, v, _camera.Width, _camera.Height) + bias.Field.At(u, v, _camera.Width, _camera.Height);

    private float[] Bias(float[] exact, int frame)
    {
        var (scale, offset, field) = BiasOf(frame);
        var depth = _commonField.AsSpan().ToArray();
        field.AddTo(depth, _camera.Width, _camera.Height);
        var factor = (float)((1 + CommonScale) * (1 + scale));
        for (var i = 0; i < depth.Length; i++)
            depth[i] = exact[i] > 0 ? depth[i] + exact[i] * factor + (float)offset : 0;
        return depth;
    }

    /// <summary>Noise of variance one of which a share is smooth over 1.6 pixels (a 1 2 1 filter twice).</summary>
    private float[] CorrelatedNoise(int frame)
    {
        var (width, height) = (_camera.Width, _camera.Height);
        var noise = new float[width * height];
        if (_error.Noise == 0)
            return noise;
        var random = Stream(frame, 2);
        var white = new float[noise.Length];
        for (var i = 0; i < white.Length; i++)
            white[i] = random.Normal(i);
        var rows = new float[noise.Length];
        // Weights 1 4 6 4 1 of 16: variance (70/256) in each direction.
        for (var i = 2; i < white.Length - 2; i++)
            rows[i] = white[i - 2] + white[i + 2] + 4 * (white[i - 1] + white[i + 1]) + 6 * white[i];
        var (smooth, rough) = ((float)Math.Sqrt(_error.NoiseCorrelation) / 70, (float)Math.Sqrt(1 - _error.NoiseCorrelation));
        for (var i = 0; i < noise.Length; i++)
        {
            if (i < 2 * width || i >= noise.Length - 2 * width)
            {
                noise[i] = white[i];
                continue;
            }
            var sum = rows[i - 2 * width] + rows[i + 2 * width] + 4 * (rows[i - width] + rows[i + width]) + 6 * rows[i];
            // The rough part is taken from far away in the image, so that the variances add up.
            noise[i] = smooth * sum + rough * white[(i + noise.Length / 2) % noise.Length];
        }
        return noise;
    }

    /// <summary>The slope of the depth in metres a pixel, and the step to the neighbour across an edge (0 where there is none).</summary>
    private (float Slope, float Step) SlopeAt(float[] depth, int u, int v)
    {
        var i = v * _camera.Width + u;
        var (alongU, stepU) = Along(depth[i], u > 0 ? depth[i - 1] : 0, u + 1 < _camera.Width ? depth[i + 1] : 0);
        var (alongV, stepV) = Along(depth[i], v > 0 ? depth[i - _camera.Width] : 0, v + 1 < _camera.Height ? depth[i + _camera.Width] : 0);
        return (MathF.Sqrt(alongU * alongU + alongV * alongV), MathF.Abs(stepU) > MathF.Abs(stepV) ? stepU : stepV);
    }

    private static (float Slope, float Step) Along(float z, float before, float after)
    {
        var back = before > 0 ? before - z : 0;
        var ahead = after > 0 ? after - z : 0;
        var (small, large) = MathF.Abs(back) < MathF.Abs(ahead) ? (back, ahead) : (ahead, back);
        return (MathF.Abs(small), large);
    }

    private bool IsLostInDark(Vector3 light, float luck, float noise)
    {
        if (_error.DarkHoleShare <= 0)
            return false;
        var brightness = Vector3.Dot(light, new(0.3f, 0.6f, 0.1f));
        // Holes come in patches: half of the chance is the smooth noise's.
        var darkness = 1 - SignedDistance.SmoothStep(0.01f, 0.055f, brightness);
        return darkness > 0 && 0.5f * luck + 0.5f * (0.5f + 0.25f * noise) < darkness * _error.DarkHoleShare * 0.6f;
    }

    /// <summary>Takes the depth where the projector, beside the camera along -x, cannot see.</summary>
    private void CastProjectorShadow(float[] exact, float[] depth)
    {
        var shift = (float)(_camera.Fx * _error.Baseline);
        for (var v = 0; v < _camera.Height; v++)
        {
            var furthest = float.MinValue;
            for (var u = 0; u < _camera.Width; u++)
            {
                var i = v * _camera.Width + u;
                if (exact[i] <= 0)
                    continue;
                // The column where the projector's own image has this point: what comes later in the
                // camera's row but not in the projector's lies behind something nearer.
                var there = u + shift / exact[i];
                if (there < furthest - 0.7f)
                    depth[i] = 0;
                furthest = MathF.Max(furthest, there);
            }
        }
    }

    private void Quantise(float[] depth)
    {
        if (_error.DisparityStep <= 0)
            return;
        var scale = (float)(_camera.Fx * 0.025 / _error.DisparityStep);
        for (var i = 0; i < depth.Length; i++)
            if (depth[i] > 0)
                depth[i] = scale / MathF.Round(scale / depth[i]);
    }

    private SplitMix Stream(int frame, int use) => new(_seed, purpose: 1000 + 10 * frame + use);
}
