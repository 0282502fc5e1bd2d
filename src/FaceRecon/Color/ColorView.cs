using System.Numerics;

namespace FaceRecon;

/// <summary>A keyframe as colours are taken from it: where its camera stands, and its pixels with their distance from the next outline.</summary>
internal sealed class ColorView
{
    private const int Most = 48;
    // Views this near show the same; more of them would only blur each other.
    private const double LeastTurn = 4 * Math.PI / 180;
    // Views this near show the same part of the head, and are as sharp as each other if nothing moved.
    private const double NearTurn = 15 * Math.PI / 180;

    private ColorView(Keyframe frame, float sharpness)
    {
        (Frame, Sharpness) = (frame, sharpness);
        var (pose, camera) = (frame.Pose, frame.Camera);
        Center = UprightFrame.ToSingle(pose.Translation);
        // Columns of camera-to-world are the camera's axes in the world.
        Right = (float)camera.Fx * new Vector3((float)pose.R00, (float)pose.R10, (float)pose.R20);
        Down = (float)camera.Fy * new Vector3((float)pose.R01, (float)pose.R11, (float)pose.R21);
        Forward = new Vector3((float)pose.R02, (float)pose.R12, (float)pose.R22);
        (Cx, Cy) = ((float)camera.Cx - frame.Left, (float)camera.Cy - frame.Top);
        Pixels = new int[frame.Width * frame.Height];
        for (var i = 0; i < Pixels.Length; i++)
            Pixels[i] = frame.Colors[3 * i] | frame.Colors[3 * i + 1] << 8 | frame.Colors[3 * i + 2] << 16 | frame.OutlineDistance[i] << 24;
    }

    public Keyframe Frame { get; }
    /// <summary>How sharp it is beside the views around it: 1 for as sharp as they.</summary>
    public float Sharpness { get; }
    /// <summary>Where the camera stands, world, metres.</summary>
    public Vector3 Center { get; }
    /// <summary>The camera's x in the world, as long as its focal length in pixels.</summary>
    public Vector3 Right { get; }
    /// <summary>The camera's y in the world, as long as its focal length in pixels.</summary>
    public Vector3 Down { get; }
    /// <summary>The camera's z in the world.</summary>
    public Vector3 Forward { get; }
    /// <summary>Principal point in the window, pixels.</summary>
    public float Cx { get; }
    /// <summary>Principal point in the window, pixels.</summary>
    public float Cy { get; }
    /// <summary>Red, green, blue and the distance from the next outline in pixels, from the lowest byte up; row-major over the window.</summary>
    public int[] Pixels { get; }

    /// <summary>Views enough to see every place from its best side: the sharpest first, none too near to another.</summary>
    public static ColorView[] Choose(IReadOnlyList<Keyframe> frames)
    {
        var turns = new double[frames.Count, frames.Count];
        for (var i = 0; i < frames.Count; i++)
            for (var j = 0; j < i; j++)
                turns[i, j] = turns[j, i] = (frames[i].Pose.Inverse() * frames[j].Pose).RotationAngle;
        var sharpness = RelativeSharpness(frames, turns);
        var chosen = new List<int>();
        foreach (var candidate in Enumerable.Range(0, frames.Count).OrderByDescending(k => sharpness[k]))
        {
            if (chosen.Count < Most && chosen.TrueForAll(k => turns[k, candidate] >= LeastTurn))
                chosen.Add(candidate);
        }
        chosen.Sort();
        return [.. chosen.Select(k => new ColorView(frames[k], sharpness[k]))];
    }

    /// <summary>Sharpness of each frame over the median of those around it, in the direction where that is least: motion blurs in one.</summary>
    private static float[] RelativeSharpness(IReadOnlyList<Keyframe> frames, double[,] turns)
    {
        var measured = frames.Select(FrameSharpness.Measure).ToArray();
        var relative = new float[frames.Count];
        for (var k = 0; k < relative.Length; k++)
        {
            var around = Enumerable.Range(0, frames.Count).Where(j => turns[k, j] <= NearTurn).Select(j => measured[j]).ToArray();
            float Share(Func<FrameSharpness.Sharpness, double> direction)
            {
                var sorted = around.Select(direction).Order().ToArray();
                return (float)(direction(measured[k]) / Math.Max(sorted[sorted.Length / 2], 1e-9));
            }
            relative[k] = Math.Min(Math.Min(Share(s => s.Horizontal), Share(s => s.Vertical)), Math.Min(Share(s => s.Falling), Share(s => s.Rising)));
        }
        return relative;
    }
}
