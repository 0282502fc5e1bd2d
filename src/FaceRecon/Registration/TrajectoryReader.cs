using System.Globalization;

namespace FaceRecon;

/// <summary>
/// Reads a trajectory as the TUM RGB-D benchmark has it: a line a frame, timestamp tx ty tz qx qy qz qw, camera-to-world,
/// seconds and metres; empty lines and those that begin with # are left out.
/// </summary>
public static class TrajectoryReader
{
    private const long MaximumLength = 64 << 20;

    /// <summary>Reads a trajectory.</summary>
    /// <param name="path">The file.</param>
    /// <returns>A pose a line, in the file's order, numbered from 0.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.TrajectoryInvalid"/>: missing, not as described, or without a pose.</exception>
    public static IReadOnlyList<FramePose> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FaceReconException Invalid(string reason, Exception? cause = null) => new(ErrorId.TrajectoryInvalid,
            $"The trajectory '{path}' cannot be used: {reason}; it must have a line a frame, timestamp tx ty tz qx qy qz qw.", path, innerException: cause);
        try
        {
            var poses = Parse(path, reason => Invalid(reason));
            return poses.Count > 0 ? poses : throw Invalid("it has no pose");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Invalid($"it cannot be read ({e.Message.TrimEnd('.')})", e);
        }
    }

    /// <summary>The poses of a trajectory file; what is wrong with it is told by the exception that <paramref name="invalid"/> makes of a reason.</summary>
    internal static List<FramePose> Parse(string path, Func<string, FaceReconException> invalid)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaximumLength })
            throw invalid("it is too long");
        var poses = new List<FramePose>();
        foreach (var line in File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            var numbers = new double[8];
            if (words.Length != numbers.Length)
                throw invalid($"the line '{Shown(line)}' has not eight numbers");
            for (var i = 0; i < numbers.Length; i++)
                if (!double.TryParse(words[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                    throw invalid($"'{Shown(words[i])}' is no number");
            var length = Math.Sqrt(numbers.AsSpan(4).ToArray().Sum(x => x * x));
            if (!(length is > 1e-6 and < 1e6))
                throw invalid($"the line '{Shown(line)}' has no rotation");
            var pose = RigidTransform.FromQuaternion(numbers[4], numbers[5], numbers[6], numbers[7], new Vector3d(numbers[1], numbers[2], numbers[3]));
            poses.Add(new FramePose(poses.Count, numbers[0], pose));
        }
        return poses;
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40];
}
