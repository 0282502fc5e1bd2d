using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Counts over the frames of a synthetic capture: how often each vertex of the truth was seen, how wrong the
/// depth of the face was, how much of it was missing. Frames may be added in any order from several threads.
/// </summary>
internal sealed class FaceTally(SyntheticScene scene)
{
    private readonly int[] _seen = new int[scene.HeadVertexCount];
    // A slot a frame, so that the order of the sums does not depend on the threads.
    private readonly (double SquaredBias, int Pixels, int Missing)[] _face = new (double, int, int)[scene.Options.Frames];

    /// <summary>Adds a frame.</summary>
    public void Add(int frame, RgbdFrame rendered, ExactFrame exact, bool[] seen)
    {
        for (var i = 0; i < seen.Length; i++)
            if (seen[i])
                Interlocked.Increment(ref _seen[i]);
        _face[frame] = CompareFace(frame, rendered, exact);
    }

    /// <summary>For every vertex of the truth the number of frames that saw it, at most 255.</summary>
    public byte[] SeenCounts() => Array.ConvertAll(scene.TruthVertices, i => (byte)Math.Min(255, _seen[i]));

    /// <summary>Rms of the smooth depth error over the pixels of the face, metres.</summary>
    public double BiasRms() => Math.Sqrt(_face.Sum(f => f.SquaredBias) / Math.Max(1, _face.Sum(f => f.Pixels)));

    /// <summary>Share of the face's pixels without depth.</summary>
    public double MissingShare() => (double)_face.Sum(f => f.Missing) / Math.Max(1, _face.Sum(f => f.Pixels));

    private (double SquaredBias, int Pixels, int Missing) CompareFace(int frame, RgbdFrame rendered, ExactFrame exact)
    {
        var nose = scene.Landmarks["nose_tip"];
        var cameraToWorld = new RigidTransformSingle(scene.CameraToWorld(frame));
        var camera = scene.Intrinsics;
        var bias = scene.DepthSensor.BiasOf(frame);
        var (squared, pixels, missing) = (0.0, 0, 0);
        // Every seventh pixel is plenty.
        for (var i = 0; i < exact.Depths.Length; i += 7)
        {
            var z = exact.Depths[i];
            if (!exact.IsHead[i])
                continue;
            var p = camera.BackProject(i % camera.Width, i / camera.Width, z);
            if (Vector3.Distance(cameraToWorld.Point(new Vector3((float)p.X, (float)p.Y, (float)p.Z)), nose) > 0.095f)
                continue;
            var error = scene.DepthSensor.Bias(bias, i % camera.Width, i / camera.Width, z) - z;
            squared += error * error;
            pixels++;
            missing += rendered.Depth.Depths[i] > 0 ? 0 : 1;
        }
        return (squared, pixels, missing);
    }
}
