using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace FaceRecon.PowerShell;

/// <summary>Completes the name of a model: the two words, then files of its formats and the folders on the way to them.</summary>
public abstract class ModelCompleter(params string[] extensions) : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = wordToComplete ?? "";
        foreach (var choice in (string[])[ModelChoice.Default, ModelChoice.None])
            if (choice.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                yield return new CompletionResult(choice, choice, CompletionResultType.ParameterValue, choice);
        foreach (var file in CompletionCompleters.CompleteFilename(word))
            if (file.ResultType == CompletionResultType.ProviderContainer || extensions.Contains(Path.GetExtension(file.ListItemText), StringComparer.OrdinalIgnoreCase))
                yield return file;
    }
}

/// <summary>Completes -SemanticModel.</summary>
public sealed class SemanticModelCompleter() : ModelCompleter(".onnx", ".dat");

/// <summary>Completes -StructuralModel.</summary>
public sealed class StructuralModelCompleter() : ModelCompleter(".onnx");
