using System.Numerics;

namespace FaceRecon;

/// <summary>Makes the picture of an imperfect colour camera out of exact light, by the model of <see cref="SensorError"/>.</summary>
internal sealed class ColorSensor(SensorError error, CameraIntrinsics camera, int seed)
{
    private readonly GradientNoise _drift = new(seed + 600);

    /// <summary>The 8-bit picture.</summary>
    /// <param name="exact">The light at every pixel.</param>
    /// <param name="frame">Number of the frame.</param>
    /// <param name="headFlow">From a camera point of the head now to the same point a frame later.</param>
    /// <param name="roomFlow">The same for everything else.</param>
    public ColorImage Sense(ExactFrame exact, int frame, RigidTransform headFlow, RigidTransform roomFlow)
    {
        var light = error.Shutter > 0 ? Smear(exact, headFlow, roomFlow) : exact.Light;
        var gain = Gain(frame);
        var random = new SplitMix(seed, purpose: 1_000_004 + 10 * frame);
        var pixels = new byte[3 * light.Length];
        var noise = (float)error.ColorNoise;
        for (var i = 0; i < light.Length; i++)
        {
            // A third of one number's coins for each channel (their variance is 21/4).
            var coins = random.Bits(i);
            var exposed = light[i] * gain;
            pixels[3 * i] = Expose(exposed.X, noise * Toss(coins));
            pixels[3 * i + 1] = Expose(exposed.Y, noise * Toss(coins >> 21));
            pixels[3 * i + 2] = Expose(exposed.Z, noise * Toss(coins >> 42));
        }
        return new ColorImage(camera.Width, camera.Height, pixels);
    }

    private static float Toss(ulong coins) => (BitOperations.PopCount(coins & 0x1FFFFF) - 10.5f) * (1 / 2.2912878f);

    private static byte Expose(float light, float noise)
    {
        // Highlights roll off instead of clipping.
        var value = light < 0.6f ? light : 1 - 0.4f * MathF.Exp((0.6f - light) / 0.4f);
        return (byte)Math.Clamp(Palette.Encode(value) + noise + 0.5f, 0, 255);
    }

    /// <summary>What the light of a frame is multiplied by: exposure and white balance wander slowly.</summary>
    public Vector3 Gain(int frame)
    {
        var t = (float)(frame / MotionPath.FrameRate) * 1.1f;
        var exposure = 1 + (float)error.ExposureDrift * _drift.At(new Vector3(t, 0.3f, 0.7f));
        var balance = (float)error.WhiteBalanceDrift * _drift.At(new Vector3(t, 10.3f, 0.7f));
        return exposure * new Vector3(1 + balance, 1, 1 - balance);
    }

    /// <summary>The mean of the light along each pixel's way while the shutter is open.</summary>
    private Vector3[] Smear(ExactFrame exact, RigidTransform headFlow, RigidTransform roomFlow)
    {
        var (width, height) = (camera.Width, camera.Height);
        var light = exact.Light;
        var smeared = new Vector3[light.Length];
        var (head, room) = (new RigidTransformSingle(headFlow), new RigidTransformSingle(roomFlow));
        for (var v = 0; v < height; v++)
            for (var u = 0; u < width; u++)
            {
                var i = v * width + u;
                var (du, dv) = exact.Depths[i] > 0 ? Flow(exact.IsHead[i] ? head : room, u, v, exact.Depths[i]) : (0f, 0f);
                du *= (float)error.Shutter;
                dv *= (float)error.Shutter;
                // An even number of steps, half of them to each side of the middle of the exposure: an odd one would shift the picture.
                var steps = 2 * Math.Min(4, (int)Math.Ceiling(MathF.Max(MathF.Abs(du), MathF.Abs(dv)) / 2 - 0.25f));
                var sum = light[i];
                for (var s = 1; s <= steps; s++)
                {
                    var share = (s % 2 == 0 ? 1 : -1) * ((s + 1) / 2) / (float)steps;
                    var x = Math.Clamp((int)MathF.Round(u + share * du), 0, width - 1);
                    var y = Math.Clamp((int)MathF.Round(v + share * dv), 0, height - 1);
                    sum += light[y * width + x];
                }
                smeared[i] = sum / (steps + 1);
            }
        return smeared;
    }

    private (float Du, float Dv) Flow(RigidTransformSingle motion, int u, int v, float z)
    {
        var (fx, fy, cx, cy) = ((float)camera.Fx, (float)camera.Fy, (float)camera.Cx, (float)camera.Cy);
        var p = motion.Point(new Vector3((u - cx) * z / fx, (v - cy) * z / fy, z));
        return p.Z > 0 ? (fx * p.X / p.Z + cx - u, fy * p.Y / p.Z + cy - v) : (0, 0);
    }
}
