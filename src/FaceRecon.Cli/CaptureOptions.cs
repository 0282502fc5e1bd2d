using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>What the commands that read a capture have in common: where it is, which frames to use, and how they are treated.</summary>
internal static class CaptureOptions
{
    public static readonly Argument<string> Capture = new("capture")
    {
        Description = "Folder of the capture: color/ and depth/ with intrinsic.json, an Open3D or TUM folder, or a StandardCyborg folder of .ply frames.",
    };
    public static readonly Option<bool> Force = new("--force", "-f") { Description = "Write into a folder that has contents, replacing files of the same names." };
    public static readonly Option<int> Skip = new("--skip") { Description = "Frames to leave out at the start." };
    public static readonly Option<int?> First = new("--first") { Description = "Most frames to use." };
    public static readonly Option<int> Every = new("--every") { Description = "Use every n-th frame only.", DefaultValueFactory = _ => 1 };
    public static readonly Option<bool> WholeScene = new("--no-head-search") { Description = "Use everything within the depth range, not only the head." };
    public static readonly Option<int> Threads = new("--threads") { Description = "Threads to use; 0 for all cores. The result does not depend on it." };
    public static readonly Option<bool> Quiet = new("--quiet", "-q") { Description = "No summary and no progress; errors only." };

    public static FrameSelection SelectionFrom(ParseResult arguments) => new(
        Require(arguments.GetValue(Skip), 0, "--skip"),
        arguments.GetValue(First) is { } first ? Require(first, 1, "--first") : null,
        Require(arguments.GetValue(Every), 1, "--every"));

    public static PointCloudOptions CloudFrom(ParseResult arguments) => new() { HeadOnly = !arguments.GetValue(WholeScene) };

    public static int ThreadsFrom(ParseResult arguments) => Require(arguments.GetValue(Threads), 0, "--threads");

    public static T Require<T>(T value, T least, string option) where T : IComparable<T> => value.CompareTo(least) >= 0
        ? value
        : throw new FaceReconException(ErrorId.InvalidOption, FormattableString.Invariant($"{option} is {value}; it must be at least {least}."));
}
