using System.Numerics;

namespace FaceRecon;

/// <summary>
/// A procedural person in a room before an RGB-D camera with a stated error, and the truth about both:
/// frames on demand, exact poses and the exact surface. World is the head frame: origin between the ears,
/// x to the subject's left, y up, z out of the face, metres. Safe to use from several threads.
/// </summary>
public sealed class SyntheticScene
{
    private readonly HeadMesh _head;
    private readonly SceneRenderer _renderer;
    private readonly MotionPath _path;

    private SyntheticScene(SyntheticCaptureOptions options, CancellationToken cancellationToken)
    {
        Options = options;
        Intrinsics = MakeIntrinsics(options);
        var identity = new HeadIdentity(options.Seed);
        _head = HeadMesh.Create(identity, cancellationToken);
        _renderer = new SceneRenderer(_head, TorsoMesh.Create(identity, cancellationToken), RoomMesh.Create(options.Seed), Intrinsics, cancellationToken);
        _path = new MotionPath(options);
        Error = SensorError.Of(options.Noise, options.NoiseScale);
        DepthSensor = new DepthSensor(Error, Intrinsics, options.Seed);
        ColorSensor = new ColorSensor(Error, Intrinsics, options.Seed);
        Landmarks = _head.Landmarks();
        (Truth, TruthVertices) = CutTruth();
    }

    /// <summary>What the scene was made from.</summary>
    public SyntheticCaptureOptions Options { get; }
    /// <summary>The camera of every frame.</summary>
    public CameraIntrinsics Intrinsics { get; }
    /// <summary>The exact surface of what moves rigidly with the head, in the head frame.</summary>
    public TriangleMesh Truth { get; }
    /// <summary>Named points of the face in the head frame, metres.</summary>
    public IReadOnlyDictionary<string, Vector3> Landmarks { get; }

    /// <summary>The stated error of the sensor.</summary>
    internal SensorError Error { get; }
    /// <summary>The depth sensor with its biases.</summary>
    internal DepthSensor DepthSensor { get; }
    /// <summary>The colour sensor with its exposures.</summary>
    internal ColorSensor ColorSensor { get; }
    /// <summary>For every vertex of <see cref="Truth"/> the vertex of the whole head.</summary>
    internal int[] TruthVertices { get; }

    /// <summary>Makes the scene; takes a second or so.</summary>
    /// <exception cref="FaceReconException">An option out of range (<see cref="ErrorId.InvalidOption"/>).</exception>
    public static SyntheticScene Create(SyntheticCaptureOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return new SyntheticScene(options, cancellationToken);
    }

    /// <summary>Seconds of a frame on the capture's clock.</summary>
    public static double Timestamp(int frame) => frame / MotionPath.FrameRate;

    /// <summary>The exact camera-to-world pose of a frame; world is the head frame.</summary>
    public RigidTransform CameraToWorld(int frame) => _path.CameraToWorld(frame);

    /// <summary>The frame as the sensor delivers it.</summary>
    public RgbdFrame RenderFrame(int frame) => RenderWithTruth(frame).Frame;

    /// <summary>The frame as a perfect camera sees it: depth exact, colour without noise.</summary>
    public RgbdFrame RenderExactFrame(int frame)
    {
        var exact = _renderer.Render(_path.CameraToRoom(frame), _path.HeadToRoom(frame));
        var none = SensorError.Of(NoiseLevel.None, 1);
        var color = new ColorSensor(none, Intrinsics, Options.Seed).Sense(exact, frame, RigidTransform.Identity, RigidTransform.Identity);
        return new RgbdFrame(frame, Timestamp(frame), Intrinsics, color, new DepthImage(Intrinsics.Width, Intrinsics.Height, exact.Depths));
    }

    /// <summary>All frames in order, each rendered when it is asked for.</summary>
    public IEnumerable<RgbdFrame> RenderFrames()
    {
        for (var frame = 0; frame < Options.Frames; frame++)
            yield return RenderFrame(frame);
    }

    /// <summary>The truth of the whole capture, to score a reconstruction of its frames with; renders all of them.</summary>
    public GroundTruth CreateGroundTruth(CancellationToken cancellationToken = default)
    {
        var counts = new int[HeadVertexCount];
        Parallel.For(0, Options.Frames, Threads.Options(0, cancellationToken), frame =>
        {
            var seen = new bool[counts.Length];
            _renderer.Render(_path.CameraToRoom(frame), _path.HeadToRoom(frame), seen);
            for (var i = 0; i < seen.Length; i++)
                if (seen[i])
                    Interlocked.Increment(ref counts[i]);
        });
        return new GroundTruth(Truth, Array.ConvertAll(TruthVertices, i => (byte)Math.Min(255, counts[i])), Trajectory().ToArray(), Landmarks);
    }

    /// <summary>The poses of all frames.</summary>
    internal IEnumerable<FramePose> Trajectory() =>
        Enumerable.Range(0, Options.Frames).Select(frame => new FramePose(frame, Timestamp(frame), CameraToWorld(frame)));

    /// <summary>The frame, what a perfect camera would have seen, and for every vertex of the whole head whether it is visible.</summary>
    internal (RgbdFrame Frame, ExactFrame Exact, bool[] Seen) RenderWithTruth(int frame)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(frame);
        var (camera, head) = (_path.CameraToRoom(frame), _path.HeadToRoom(frame));
        var seen = new bool[HeadVertexCount];
        var exact = _renderer.Render(camera, head, seen);
        var next = frame + _path.FrameStep;
        var nextCamera = _path.CameraToRoom(next).Inverse();
        var headFlow = nextCamera * _path.HeadToRoom(next) * head.Inverse() * camera;
        var color = ColorSensor.Sense(exact, frame, headFlow, roomFlow: nextCamera * camera);
        var depth = DepthSensor.Sense(exact, frame);
        return (new RgbdFrame(frame, Timestamp(frame), Intrinsics, color, new DepthImage(Intrinsics.Width, Intrinsics.Height, depth)), exact, seen);
    }

    /// <summary>Number of vertices of the whole head, the neck included.</summary>
    internal int HeadVertexCount => _head.Positions.Length;

    private static CameraIntrinsics MakeIntrinsics(SyntheticCaptureOptions options)
    {
        // The field of view of a phone's depth camera, not quite square and not quite centred, as real ones are.
        var random = new SplitMix(options.Seed, purpose: 7);
        var focal = options.Width * random.Uniform(0, 0.90f, 0.93f);
        return new CameraIntrinsics(options.Width, options.Height,
            Math.Round(focal, 3), Math.Round(focal * random.Uniform(1, 0.998f, 1.002f), 3),
            Math.Round(0.5 * (options.Width - 1) + options.Width * random.Uniform(2, -0.005f, 0.005f), 3),
            Math.Round(0.5 * (options.Height - 1) + options.Height * random.Uniform(3, -0.005f, 0.005f), 3));
    }

    private (TriangleMesh Mesh, int[] Vertices) CutTruth()
    {
        // While the head turns, the neck below the larynx deforms and is no part of the truth.
        var keepAll = Options.Motion == HeadMotion.CameraOrbit;
        var kept = new List<int>();
        var place = new int[_head.Positions.Length];
        for (var i = 0; i < place.Length; i++)
        {
            place[i] = -1;
            if (!keepAll && !_renderer.Neck.IsRigid(i))
                continue;
            place[i] = kept.Count;
            kept.Add(i);
        }
        var triangles = new List<int>(_head.Triangles.Length);
        for (var t = 0; t < _head.Triangles.Length; t += 3)
        {
            var (a, b, c) = (place[_head.Triangles[t]], place[_head.Triangles[t + 1]], place[_head.Triangles[t + 2]]);
            if (a >= 0 && b >= 0 && c >= 0)
                triangles.AddRange([a, b, c]);
        }
        var vertices = kept.ToArray();
        var colors = new byte[3 * vertices.Length];
        for (var i = 0; i < vertices.Length; i++)
        {
            var albedo = _head.Skin[vertices[i]].Albedo;
            (colors[3 * i], colors[3 * i + 1], colors[3 * i + 2]) = (Palette.EncodeByte(albedo.X), Palette.EncodeByte(albedo.Y), Palette.EncodeByte(albedo.Z));
        }
        var mesh = new TriangleMesh(Array.ConvertAll(vertices, i => _head.Positions[i]), Array.ConvertAll(vertices, i => _head.Normals[i]), triangles.ToArray(), colors);
        return (mesh, vertices);
    }
}
