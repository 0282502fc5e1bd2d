using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// What of a frame does not agree with the model although its pose is found: something that passes before the face, a part of
/// the face that has moved by itself.
/// </summary>
internal sealed class FrameComparison
{
    // Points compared, thousands of them for a share and a root mean square of two digits.
    private const int Points = 8000;
    // Further in front of the model than any depth error, but less than a finger, metres.
    private const float InFront = 0.012f;
    // Model points further behind the nearest of their cell are hidden by it, metres.
    private const float Hidden = 0.008f;
    // Differences count up to this, so that a few wrong pixels do not make a changed face, metres.
    private const float MostDistance = 0.008f;
    private const int LeastPoints = 25;
    // A part reaches this far beyond its corners, as a share of half the distance between them.
    private const double Reach = 1.15;

    private static readonly (string Name, string RightCorner, string LeftCorner)[] PartNames =
    [
        ("right eye", "RightEyeOuterCorner", "RightEyeInnerCorner"),
        ("left eye", "LeftEyeInnerCorner", "LeftEyeOuterCorner"),
        ("mouth", "RightMouthCorner", "LeftMouthCorner"),
    ];

    /// <summary>One part of the face against the rest of it.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Distance">Root mean square distance from the model, metres.</param>
    /// <param name="Luminance">Mean difference in luminance from the model's, as a share of the model's.</param>
    public readonly record struct Part(string Name, double Distance, double Luminance);

    /// <summary>Share of the model points in view that have something in front of them, 0 to 1.</summary>
    public double Covered { get; private init; }
    /// <summary>The rest of the face; its name is empty.</summary>
    public Part Rest { get; private init; }
    /// <summary>The moving parts that are in view.</summary>
    public IReadOnlyList<Part> Parts { get; private init; } = [];

    /// <summary>Compares a frame at a pose, camera-to-world, with the model.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static FrameComparison Of(Keyframe frame, PointCloud model, double spacing, RigidTransform pose)
    {
        var facing = ModelSample.Facing(model, pose.Translation);
        var visible = new NearestInView(frame, model, spacing, pose);
        var parts = PartsOf(frame.Keypoints);
        var tallies = new Tally[parts.Count + 1];
        var box = frame.Keypoints is { HasFace: true } keypoints ? keypoints.FaceBox : default;
        var toCamera = pose.Inverse();
        var (compared, covered) = (0, 0);
        var stride = Math.Max(1, facing.Length / Points);
        // First the exposure, from all, then the parts with it.
        var (seenLight, modelLight) = (1e-6, 1e-6);
        var samples = new List<Sample>(Points);
        for (var k = 0; k < facing.Length; k += stride)
        {
            var i = facing[k];
            var point = toCamera.TransformPoint(new Vector3d(model.X[i], model.Y[i], model.Z[i]));
            if (!visible.Shows(point))
                continue;
            var (u, v) = frame.Camera.Project(point);
            var z = frame.DepthAt((float)u, (float)v, out var nearest);
            if (z <= 0)
                continue;
            compared++;
            if (z < point.Z - InFront)
            {
                covered++;
                continue;
            }
            var luminance = ChannelWeights.Luminance.Of(model.Colors[3 * i], model.Colors[3 * i + 1], model.Colors[3 * i + 2]) / 255;
            var seen = frame.LuminanceAt(nearest);
            seenLight += seen;
            modelLight += luminance;
            samples.Add(new Sample(u, v, MathF.Min(MostDistance, MathF.Abs((z - (float)point.Z) * frame.Facing[nearest])), seen, luminance));
        }
        var exposure = modelLight / seenLight;
        foreach (var sample in samples)
        {
            var part = IndexOf(parts, sample.U, sample.V);
            if (part >= 0 || Inside(box, sample.U, sample.V))
                tallies[part + 1].Add(sample, exposure);
        }
        return new FrameComparison
        {
            Covered = compared > 0 ? (double)covered / compared : 0,
            Rest = tallies[0].ToPart(""),
            Parts = [.. parts.Select((part, index) => (part, Tally: tallies[index + 1])).Where(entry => entry.Tally.Count >= LeastPoints).Select(entry => entry.Tally.ToPart(entry.part.Name))],
        };
    }

    private readonly record struct Sample(double U, double V, float Distance, float Seen, float Model);

    private static bool Inside(ImageBox box, double u, double v) => u >= box.Left && v >= box.Top && u < box.Left + box.Width && v < box.Top + box.Height;

    private readonly record struct Disc(string Name, double U, double V, double Radius)
    {
        public bool Contains(double u, double v) => (u - U) * (u - U) + (v - V) * (v - V) < Radius * Radius;
    }

    private static int IndexOf(List<Disc> parts, double u, double v)
    {
        for (var i = 0; i < parts.Count; i++)
            if (parts[i].Contains(u, v))
                return i;
        return -1;
    }

    private static List<Disc> PartsOf(KeypointSet? keypoints)
    {
        var parts = new List<Disc>();
        foreach (var (name, rightName, leftName) in PartNames)
            if (keypoints?[rightName] is { IsVisible: true } right && keypoints[leftName] is { IsVisible: true } left)
                parts.Add(new Disc(name, (right.U + left.U) / 2, (right.V + left.V) / 2, Reach / 2 * Math.Sqrt(Math.Pow(right.U - left.U, 2) + Math.Pow(right.V - left.V, 2))));
        return parts;
    }

    private struct Tally
    {
        private double _squares, _difference, _luminance;

        public int Count { get; private set; }

        public void Add(Sample sample, double exposure)
        {
            Count++;
            _squares += sample.Distance * sample.Distance;
            _difference += Math.Abs(exposure * sample.Seen - sample.Model);
            _luminance += sample.Model;
        }

        public readonly Part ToPart(string name) => new(name, Count > 0 ? Math.Sqrt(_squares / Count) : 0, _luminance > 0 ? _difference / _luminance : 0);
    }

    /// <summary>The model's nearest depth in each cell of the image, to tell what hides what.</summary>
    private sealed class NearestInView
    {
        private readonly float _fx, _fy, _left, _top;
        private readonly int _cell, _columns, _width, _height;
        private readonly float[] _depths;

        public NearestInView(Keyframe frame, PointCloud model, double spacing, RigidTransform pose)
        {
            (_fx, _fy) = ((float)frame.Camera.Fx, (float)frame.Camera.Fy);
            (_left, _top) = ((float)frame.Camera.Cx - frame.Left, (float)frame.Camera.Cy - frame.Top);
            (_width, _height) = (frame.Width, frame.Height);
            // Wide enough that a closed surface leaves no cell empty.
            _cell = Math.Max(1, (int)Math.Ceiling(1.5 * spacing * frame.Camera.Fx / Math.Max(frame.HeadCenter.Z - 0.08, 0.1)));
            _columns = frame.Width / _cell + 1;
            _depths = new float[_columns * (frame.Height / _cell + 1)];
            Array.Fill(_depths, float.PositiveInfinity);
            var toCamera = pose.Inverse();
            float r00 = (float)toCamera.R00, r01 = (float)toCamera.R01, r02 = (float)toCamera.R02, ox = (float)toCamera.Translation.X;
            float r10 = (float)toCamera.R10, r11 = (float)toCamera.R11, r12 = (float)toCamera.R12, oy = (float)toCamera.Translation.Y;
            float r20 = (float)toCamera.R20, r21 = (float)toCamera.R21, r22 = (float)toCamera.R22, oz = (float)toCamera.Translation.Z;
            // What faces away hides as well: the near side of the nose before it was seen from there.
            for (var i = 0; i < model.Count; i++)
            {
                float x = model.X[i], y = model.Y[i], z = model.Z[i];
                var depth = r20 * x + r21 * y + r22 * z + oz;
                if (CellOf(r00 * x + r01 * y + r02 * z + ox, r10 * x + r11 * y + r12 * z + oy, depth) is >= 0 and var cell)
                    _depths[cell] = MathF.Min(_depths[cell], depth);
            }
        }

        public bool Shows(Vector3d point) => CellOf((float)point.X, (float)point.Y, (float)point.Z) is >= 0 and var cell && point.Z < _depths[cell] + Hidden;

        private int CellOf(float x, float y, float z)
        {
            if (z <= 0.05f)
                return -1;
            var (column, row) = (_fx * x / z + _left, _fy * y / z + _top);
            return column < 0 || row < 0 || column >= _width || row >= _height ? -1 : (int)row / _cell * _columns + (int)column / _cell;
        }
    }
}
