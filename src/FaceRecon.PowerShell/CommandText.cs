using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace FaceRecon.PowerShell;

/// <summary>What a cmdlet was called with, as a line that can be typed again.</summary>
internal static class CommandText
{
    /// <summary>The cmdlet with its parameters, whether they were typed or came through the pipeline.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="instead">Values that stand for those of the call; null leaves a parameter out.</param>
    public static string Of(PSCmdlet cmdlet, params (string Name, object? Value)[] instead)
    {
        var parameters = cmdlet.MyInvocation.BoundParameters.Where(bound => !Cmdlet.CommonParameters.Contains(bound.Key) && !instead.Any(other => other.Name == bound.Key));
        return string.Join(' ', instead.Where(other => other.Value is not null).Select(other => Argument(other.Name, other.Value!))
            .Concat(parameters.Select(bound => Argument(bound.Key, bound.Value))).Prepend(cmdlet.MyInvocation.MyCommand.Name));
    }

    private static string Argument(string name, object? value) => value is SwitchParameter on
        ? on ? $"-{name}" : $"-{name}:$false"
        : $"-{name} {Literal(name, value)}";

    private static string Literal(string name, object? value) => value switch
    {
        null => "$null",
        bool truth => truth ? "$true" : "$false",
        string text => $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'",
        Enum chosen => string.Join(", ", chosen.ToString().Split(", ")),
        IFormattable number when value.GetType().IsPrimitive => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(item => Literal(name, item is PSObject wrapped ? wrapped.BaseObject : item))),
        // An object has no text that makes it again: its owner knows what the variable was.
        _ => $"${char.ToLowerInvariant(name[0])}{name[1..]}",
    };
}
