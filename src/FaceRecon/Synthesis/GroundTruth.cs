using System.Globalization;
using System.Numerics;

namespace FaceRecon;

/// <summary>
/// What is known exactly about a synthetic capture: surface, poses, landmarks. World is the head frame
/// (y up, z out of the face, x to the subject's left), metres; poses are camera-to-world.
/// </summary>
public sealed class GroundTruth
{
    private const long MaximumTextLength = 64 << 20;

    /// <summary>The truth made of these parts.</summary>
    /// <param name="surface">The true surface.</param>
    /// <param name="visibility">For every vertex the number of frames that saw it, at most 255.</param>
    /// <param name="trajectory">A pose for every frame; the first is the frame whose camera a result is given in.</param>
    /// <param name="landmarks">Named points; nose_tip is needed.</param>
    /// <exception cref="ArgumentException">No pose, no nose_tip, or another number of visibilities than of vertices.</exception>
    public GroundTruth(TriangleMesh surface, byte[] visibility, IReadOnlyList<FramePose> trajectory, IReadOnlyDictionary<string, Vector3> landmarks)
    {
        ArgumentNullException.ThrowIfNull(surface);
        ArgumentNullException.ThrowIfNull(visibility);
        ArgumentNullException.ThrowIfNull(trajectory);
        ArgumentNullException.ThrowIfNull(landmarks);
        if (visibility.Length != surface.VertexCount || trajectory.Count == 0 || !landmarks.ContainsKey("nose_tip"))
            throw new ArgumentException("A ground truth has one visibility a vertex, at least one pose, and a landmark nose_tip.");
        Surface = surface;
        Visibility = visibility;
        Trajectory = trajectory;
        Landmarks = landmarks;
    }

    /// <summary>The true surface in the head frame.</summary>
    public TriangleMesh Surface { get; }
    /// <summary>For every vertex of the surface the number of frames that saw it, at most 255.</summary>
    public byte[] Visibility { get; }
    /// <summary>The pose of every frame, camera-to-world.</summary>
    public IReadOnlyList<FramePose> Trajectory { get; }
    /// <summary>Named points of the face in the head frame.</summary>
    public IReadOnlyDictionary<string, Vector3> Landmarks { get; }

    /// <summary>Whether a capture folder carries its truth.</summary>
    public static bool Exists(string captureFolder) =>
        File.Exists(Path.Combine(captureFolder, GroundTruthFiles.Folder, GroundTruthFiles.Surface));

    /// <summary>Reads the folder <c>groundtruth</c> of a capture folder.</summary>
    /// <exception cref="FaceReconException">
    /// CaptureNotFound or, for the mesh, MeshNotFound: a file is missing. ContainerCorrupt or MeshInvalid: a file is damaged or the files do not fit together.
    /// </exception>
    public static GroundTruth Load(string captureFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(captureFolder);
        var folder = Path.Combine(captureFolder, GroundTruthFiles.Folder);
        var surface = MeshFile.Read(Path.Combine(folder, GroundTruthFiles.Surface));
        var trajectory = ReadTrajectory(Path.Combine(folder, GroundTruthFiles.Trajectory));
        var landmarks = ReadLandmarks(Path.Combine(folder, GroundTruthFiles.Landmarks));
        var visibilityPath = Path.Combine(folder, GroundTruthFiles.Visibility);
        var visibility = NumpyFile.ReadBytes(visibilityPath, surface.VertexCount);
        if (trajectory.Count == 0 || !landmarks.ContainsKey("nose_tip"))
            throw Corrupt(folder, "it needs a pose in trajectory.txt and nose_tip in landmarks.txt");
        return new GroundTruth(surface, visibility, trajectory, landmarks);
    }

    /// <summary>Compares a reconstruction with the true surface over the face.</summary>
    /// <param name="result">The mesh, metres, in the first frame's camera coordinates.</param>
    /// <param name="align">Whether the mesh is first aligned rigidly to the truth, as one does who knows no poses.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    /// <exception cref="FaceReconException">ComparisonFailed: none of the mesh is near the face.</exception>
    public SurfaceScore Score(TriangleMesh result, bool align = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(result);
        var options = new ComparisonOptions { Alignment = align ? ComparisonAlignment.Rigid : ComparisonAlignment.None, Thresholds = [0.001] };
        var comparison = FaceComparison.Compare(ComparedShape.Of(result), new ComparisonReference(this), options, cancellationToken);
        return new SurfaceScore(comparison.Accuracy.MeanMillimetre, comparison.Accuracy.RmsMillimetre, comparison.Accuracy.Percentile95Millimetre,
            comparison.Thresholds[0].Completeness, comparison.AlignmentShiftMillimetre, comparison.AlignmentDegrees);
    }

    internal static List<FramePose> ReadTrajectory(string path)
    {
        if (!File.Exists(path))
            throw Missing(path);
        return TrajectoryReader.Parse(path, reason => Corrupt(path, reason));
    }

    private static Dictionary<string, Vector3> ReadLandmarks(string path)
    {
        var landmarks = new Dictionary<string, Vector3>();
        foreach (var line in DataLines(path))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 4)
                throw Corrupt(path, $"the line '{Shown(line)}' is not a name and three numbers");
            landmarks[words[0]] = new Vector3((float)Number(words[1], path), (float)Number(words[2], path), (float)Number(words[3], path));
        }
        return landmarks;
    }

    private static IEnumerable<string> DataLines(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw Missing(path);
        if (file.Length > MaximumTextLength)
            throw Corrupt(path, "it is too long");
        return File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');
    }

    private static double Number(string word, string path) =>
        double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Corrupt(path, $"'{Shown(word)}' is no number");

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40];

    private static FaceReconException Missing(string path) =>
        new(ErrorId.CaptureNotFound, $"There is no file '{path}'; generate the capture again.", path);

    private static FaceReconException Corrupt(string path, string reason) =>
        new(ErrorId.ContainerCorrupt, $"The ground truth '{path}' cannot be used: {reason}; generate the capture again.", path);
}
