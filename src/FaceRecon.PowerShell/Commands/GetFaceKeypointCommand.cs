using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// Finds the keypoints of the face in each frame and emits the frame with them in Keypoints: the cloud it was given, with
/// the keypoints lifted to its surface, or the bare frame, with its semantic keypoints in the image only. The frames of a
/// video go through in their order, because the face is followed from one to the next; where the index falls, or camera or
/// folder change, another video begins. Of several faces the nearest to the
/// centre of the image is taken; a frame without a face goes on without semantic keypoints.
/// </summary>
/// <example>
/// <code>
/// $clouds = Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint
/// $clouds[0].Keypoints['NoseTip']
/// </code>
/// Where the tip of the nose is in the first frame, in pixels and in space.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint -StructuralModel None | ForEach-Object Keypoints</code>
/// Semantic keypoints only.
/// </example>
/// <example>
/// <code>Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint -Keypoint (Import-FaceKeypoint ./keypoints.json)</code>
/// Keypoints from a file; the depth gives them their places in space.
/// </example>
/// <example>
/// <code>
/// Import-RgbdVideo ./capture | ConvertTo-PointCloud | Get-FaceKeypoint -Detector {
///     param($frame)
///     @{ Name = 'Centre'; U = $frame.Color.Width / 2; V = $frame.Color.Height / 2 }
/// }
/// </code>
/// A detector of your own: here one that always finds the middle of the image.
/// </example>
[Cmdlet(VerbsCommon.Get, "FaceKeypoint", DefaultParameterSetName = CloudSet)]
[OutputType(typeof(FramePointCloud), ParameterSetName = [CloudSet])]
[OutputType(typeof(RgbdFrame), ParameterSetName = [FrameSet])]
public sealed class GetFaceKeypointCommand : FaceReconCommand
{
    private const string CloudSet = "Cloud", FrameSet = "Frame";
    private static readonly FaceKeypointOptions Default = new();
    private static readonly string[] DetectionParameters =
        [nameof(SemanticModel), nameof(StructuralModel), nameof(MinimumAngle), nameof(MaximumStructural), nameof(MinimumScore), nameof(NoRefine)];

    private FaceKeypointDetector? _detector;
    private GivenKeypoints? _given;
    private ScriptDetector? _script;

    /// <summary>The cloud of a frame, from ConvertTo-PointCloud.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = CloudSet, ValueFromPipeline = true, HelpMessage = "The cloud of a frame, from ConvertTo-PointCloud. Of several faces in it the nearest to the centre of the image is taken.")]
    [ValidateNotNull]
    public FramePointCloud InputObject { get; set; } = null!;

    /// <summary>A frame without its cloud, from Import-RgbdVideo; its keypoints have no place in space.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FrameSet, ValueFromPipeline = true, HelpMessage = "A frame from Import-RgbdVideo: without a cloud its keypoints have no place in space, and there are no structural ones.")]
    [ValidateNotNull]
    public RgbdFrame Frame { get; set; } = null!;

    /// <summary>
    /// Attaches these instead of looking for any: sets from Import-FaceKeypoint, or made by hand, each to the frame of its
    /// FrameIndex. What they say about places in space is found anew on the frame's surface.
    /// </summary>
    [Parameter(HelpMessage = "Keypoint sets of your own, attached by FrameIndex; none are looked for then.")]
    [ValidateNotNullOrEmpty]
    public KeypointSet[]? Keypoint { get; set; }

    /// <summary>
    /// Finds them by a script block or function of your own instead, called once a frame with the RgbdFrame (as $_ too) and, where
    /// there is one, its FramePointCloud. It emits keypoints: hashtables or objects with Name, U and V (pixels) for semantic ones, without
    /// Name for structural ones, or one whole KeypointSet. A frame on which it fails is lost, with an error.
    /// </summary>
    [Parameter(HelpMessage = "A script block that takes a frame and emits keypoints: { param($frame) @{ Name = 'Mole'; U = 310; V = 205 } }.")]
    [ValidateNotNull]
    public ScriptBlock? Detector { get; set; }

    /// <summary>
    /// Finds semantic keypoints: Default for the bundled Face Mesh (468 landmarks), None, or the path of another landmark
    /// model: dlib's shape predictor (.dat), or a network (.onnx) with its scheme beside it in a .json of the same name.
    /// </summary>
    [Parameter(HelpMessage = "Default, None, or the path of a model (.onnx, .dat).")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(SemanticModelCompleter))]
    public string SemanticModel { get; set; } = ModelChoice.Default;

    /// <summary>Finds structural keypoints: Default for the project's own detector, None, or the path of a network (.onnx) of the shape of SuperPoint, XFeat or ALIKE.</summary>
    [Parameter(HelpMessage = "Default, None, or the path of a model (.onnx).")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(StructuralModelCompleter))]
    public string StructuralModel { get; set; } = ModelChoice.Default;

    /// <summary>Smallest angle at which the surfaces on the two sides of a structural keypoint meet, degrees.</summary>
    [Parameter(HelpMessage = "Smallest turn of the surface at a structural keypoint, degrees.")]
    [ValidateRange(0.0, 180.0)]
    public double MinimumAngle { get; set; } = Angle.ToDegrees(Default.MinimumAngle);

    /// <summary>Most structural keypoints of a frame.</summary>
    [Parameter(HelpMessage = "Most structural keypoints of a frame.")]
    [ValidateRange(1, 100_000)]
    public int MaximumStructural { get; set; } = Default.MaximumStructural;

    /// <summary>Score of the landmark model below which there is no face, 0 to 1.</summary>
    [Parameter(HelpMessage = "Score of the landmark model below which there is no face, 0 to 1.")]
    [ValidateRange(0.0, 1.0)]
    public double MinimumScore { get; set; } = Default.MinimumScore;

    /// <summary>Leaves landmarks where the model puts them, instead of holding them to the skin by what they look like.</summary>
    [Parameter(HelpMessage = "Leaves landmarks where the model puts them, instead of holding them to the skin.")]
    public SwitchParameter NoRefine { get; set; }

    private protected override void Begin()
    {
        if (Keypoint is null && Detector is null)
        {
            _detector = new FaceKeypointDetector(OptionsFromParameters());
            return;
        }
        var given = Keypoint is null ? nameof(Detector) : nameof(Keypoint);
        if (DetectionParameters.Append(nameof(Detector)).FirstOrDefault(name => name != given && MyInvocation.BoundParameters.ContainsKey(name)) is { } other)
            throw new FaceReconException(ErrorId.InvalidOption, $"-{other} says how keypoints are found, but with -{given} none are looked for in that way; leave one of the two out.");
        if (Keypoint is null)
            _script = new ScriptDetector(Detector!);
        else
            _given = new GivenKeypoints(Keypoint);
    }

    private protected override void Process()
    {
        var cloud = ParameterSetName == CloudSet ? InputObject : null;
        var frame = cloud?.Frame ?? Frame;
        KeypointSet keypoints;
        try
        {
            keypoints = _detector?.Detect(frame, cloud, Cancellation) ?? _script?.Detect(frame, cloud) ?? _given!.Find(frame, cloud);
        }
        // A stage of the user's own that fails on a frame costs that frame.
        catch (FaceReconException e) when (e.ErrorId == ErrorId.StageFailed)
        {
            WriteError(e.ToErrorRecord());
            return;
        }
        WriteVerbose($"{keypoints}");
        WriteDebug(FormattableString.Invariant($"frame {frame.Index}: score {keypoints.Score:0.0000}, face {keypoints.FaceBox}, up {keypoints.Up}, scheme {keypoints.Scheme}"));
        WriteObject(cloud is null ? frame.WithKeypoints(keypoints) : cloud.WithKeypoints(keypoints));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _detector?.Dispose();
        base.Dispose(disposing);
    }

    private FaceKeypointOptions OptionsFromParameters()
    {
        var (semantic, structural) = (ModelChoice.Parse(SemanticModel), ModelChoice.Parse(StructuralModel));
        if (!semantic.Wanted && !structural.Wanted)
            throw new FaceReconException(ErrorId.InvalidOption, "With -SemanticModel None and -StructuralModel None there is nothing to find.");
        return Default with
        {
            Semantic = semantic.Wanted,
            SemanticModel = semantic.Path is null ? null : this.ResolveNewPath(semantic.Path),
            Structural = structural.Wanted,
            StructuralModel = structural.Path is null ? null : this.ResolveNewPath(structural.Path),
            MinimumAngle = Angle.ToRadians(MinimumAngle),
            MaximumStructural = MaximumStructural,
            MinimumScore = MinimumScore,
            Refine = !NoRefine,
        };
    }

    /// <summary>Keypoints that the user brings, by the frame they belong to.</summary>
    private sealed class GivenKeypoints
    {
        private readonly Dictionary<int, KeypointSet> _sets = [];
        private readonly KeypointScheme _scheme;

        public GivenKeypoints(KeypointSet[] sets)
        {
            _scheme = sets[0].Scheme;
            foreach (var set in sets)
                if (!_sets.TryAdd(set.FrameIndex, set))
                    throw new FaceReconException(ErrorId.InvalidOption, $"-Keypoint has two sets for frame {set.FrameIndex}; a frame has one.", frameIndex: set.FrameIndex);
        }

        public KeypointSet Find(RgbdFrame frame, FramePointCloud? cloud)
        {
            if (!_sets.TryGetValue(frame.Index, out var set))
                return new KeypointSet { FrameIndex = frame.Index, Scheme = _scheme };
            return cloud is null ? set : KeypointLifter.Lift(set, cloud);
        }
    }
}
