using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace FaceRecon.PowerShell;

/// <summary>Lists the models that come with FaceRecon: what each is for, its file, size and SHA-256, and the licence that it comes under.</summary>
/// <example>
/// <code>Get-FaceReconModel</code>
/// All models, as a table.
/// </example>
/// <example>
/// <code>Get-FaceReconModel Face* | Select-Object Name, Licence, Sha256</code>
/// What an audit asks for.
/// </example>
[Cmdlet(VerbsCommon.Get, "FaceReconModel")]
[OutputType(typeof(InstalledModel))]
public sealed class GetFaceReconModelCommand : FaceReconCommand
{
    /// <summary>Names of models; wildcards may name several.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NameCompleter))]
    public string[] Name { get; set; } = ["*"];

    private protected override void Process()
    {
        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            var matches = InstalledModel.All().Where(model => pattern.IsMatch(model.Name)).ToList();
            if (matches.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(new FaceReconException(ErrorId.ModelNotFound,
                    $"FaceRecon has no model '{name}'; it has {string.Join(", ", InstalledModel.All().Select(model => model.Name))}.", name).ToErrorRecord());
            WriteObject(matches, enumerateCollection: true);
        }
    }

    /// <summary>Completes -Name.</summary>
    public sealed class NameCompleter : IArgumentCompleter
    {
        /// <inheritdoc/>
        public IEnumerable<CompletionResult> CompleteArgument(
            string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
            InstalledModel.All().Where(model => model.Name.StartsWith(wordToComplete ?? "", StringComparison.OrdinalIgnoreCase))
                .Select(model => new CompletionResult(model.Name, model.Name, CompletionResultType.ParameterValue, model.Purpose));
    }
}
