using System.Text.RegularExpressions;

namespace FaceRecon.Cli;

/// <summary>What was typed, in a form that can be typed again.</summary>
internal static partial class CommandText
{
    /// <summary>The command line of this process, as its shell wants it quoted.</summary>
    public static string OfThisProcess() =>
        string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Prepend("facerecon").Select(Quoted));

    private static string Quoted(string argument)
    {
        if (Plain().IsMatch(argument))
            return argument;
        return OperatingSystem.IsWindows() ? $"\"{argument.Replace("\"", "\\\"")}\"" : $"'{argument.Replace("'", "'\\''")}'";
    }

    [GeneratedRegex(@"^[\w./:\\=@%+,-]+$")]
    private static partial Regex Plain();
}
