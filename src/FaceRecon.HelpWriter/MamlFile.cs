using System.Xml.Linq;

namespace FaceRecon.HelpWriter;

/// <summary>Writes help in the form that Get-Help reads (Microsoft Assistance Markup Language).</summary>
internal static class MamlFile
{
    private static readonly XNamespace Root = "http://msh";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly string[] Topics = ["about_FaceRecon", "about_FaceRecon_Pipeline"];

    public static void Write(string path, IReadOnlyList<Cmdlet> cmdlets) =>
        new XDocument(new XElement(Root + "helpItems", new XAttribute("schema", "maml"), cmdlets.Select(cmdlet => Help(cmdlet, cmdlets)))).Save(path);

    private static XElement Help(Cmdlet cmdlet, IReadOnlyList<Cmdlet> all) => new(Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml), new XAttribute(XNamespace.Xmlns + "command", Command), new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            Description(cmdlet.Synopsis)),
        Description([cmdlet.Summary, .. cmdlet.Remarks]),
        new XElement(Command + "syntax", cmdlet.Sets.Select(set => new XElement(Command + "syntaxItem",
            new XElement(Maml + "name", cmdlet.Name), cmdlet.InSet(set).Select(item => Parameter(item.Parameter, item.Place))))),
        new XElement(Command + "parameters", cmdlet.Parameters.OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
            .Select(parameter => Parameter(parameter, parameter.Places[0]))),
        new XElement(Command + "inputTypes", Kinds("inputType", [.. cmdlet.Inputs], "None")),
        new XElement(Command + "returnValues", Kinds("returnValue", cmdlet.Outputs, "None")),
        new XElement(Command + "examples", cmdlet.Examples.Select((example, i) => new XElement(Command + "example",
            new XElement(Maml + "title", $"-------- Example {i + 1} --------"),
            new XElement(Dev + "code", example.Code),
            new XElement(Dev + "remarks", new XElement(Maml + "para", example.Remarks), new XElement(Maml + "para"))))),
        new XElement(Command + "relatedLinks", Related(cmdlet, all).Concat(Topics).Select(name => new XElement(Maml + "navigationLink",
            new XElement(Maml + "linkText", name), new XElement(Maml + "uri")))));

    private static XElement Parameter(CmdletParameter parameter, ParameterPlace place) => new(Command + "parameter",
        new XAttribute("required", place.Mandatory ? "true" : "false"),
        new XAttribute("variableLength", parameter.Type.IsArray ? "true" : "false"),
        new XAttribute("globbing", parameter.TakesWildcards ? "true" : "false"),
        new XAttribute("pipelineInput", place.TakesPipeline.Length > 0 ? $"True ({place.TakesPipeline})" : "False"),
        new XAttribute("position", place.PositionText),
        new XAttribute("aliases", parameter.Aliases),
        new XElement(Maml + "name", parameter.Name),
        Description([.. parameter.Description]),
        parameter.IsSwitch ? null : new XElement(Command + "parameterValue",
            new XAttribute("required", "true"), new XAttribute("variableLength", parameter.Type.IsArray ? "true" : "false"), parameter.TypeName),
        new XElement(Dev + "type", new XElement(Maml + "name", parameter.IsSwitch ? "SwitchParameter" : parameter.TypeName), new XElement(Maml + "uri")),
        new XElement(Dev + "defaultValue", parameter.Default ?? "None"));

    private static IEnumerable<XElement> Kinds(string element, IReadOnlyList<ObjectKind> kinds, string none) =>
        (kinds.Count > 0 ? kinds : [new ObjectKind(none, "")]).Select(kind => new XElement(Command + element,
            new XElement(Dev + "type", new XElement(Maml + "name", kind.TypeName)), Description(kind.Description)));

    // What gives this one its input, takes its output, or does something else with the same thing.
    private static IEnumerable<string> Related(Cmdlet cmdlet, IReadOnlyList<Cmdlet> all)
    {
        var (taken, given) = (cmdlet.Inputs.Select(Of).ToHashSet(), cmdlet.Outputs.Select(Of).ToHashSet());
        return all.Where(other => other != cmdlet && (other.Noun == cmdlet.Noun || other.Outputs.Any(kind => taken.Contains(Of(kind))) || other.Inputs.Any(kind => given.Contains(Of(kind)))))
            .Select(other => other.Name);
    }

    private static string Of(ObjectKind kind) => kind.TypeName.TrimEnd('[', ']');

    private static XElement Description(params string[] paragraphs) =>
        new(Maml + "description", paragraphs.Select(paragraph => new XElement(Maml + "para", paragraph)));
}
