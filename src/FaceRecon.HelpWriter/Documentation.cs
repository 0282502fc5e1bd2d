using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace FaceRecon.HelpWriter;

/// <summary>An example of a cmdlet's use: what is typed, and what it does.</summary>
internal sealed record Example(string Code, string Remarks);

/// <summary>The doc comments of assemblies, as text for a terminal.</summary>
internal sealed partial class Documentation
{
    private readonly Dictionary<string, XElement> _members = [];

    public Documentation(params string[] files)
    {
        foreach (var member in files.SelectMany(file => XDocument.Load(file, LoadOptions.PreserveWhitespace).Descendants("member")))
            _members[member.Attribute("name")!.Value] = member;
    }

    /// <summary>The summary of a type, one paragraph; empty where there is none.</summary>
    public string Summary(Type type) => Paragraph(Member(type)?.Element("summary"));

    /// <summary>The summary of a property, one paragraph.</summary>
    public string Summary(PropertyInfo property) => Paragraph(Member($"P:{property.DeclaringType!.FullName}.{property.Name}")?.Element("summary"));

    /// <summary>The summary of an enumeration's value.</summary>
    public string Summary(Type enumeration, string value) => Paragraph(Member($"F:{enumeration.FullName}.{value}")?.Element("summary"));

    /// <summary>The remarks on a type, paragraph by paragraph.</summary>
    public IReadOnlyList<string> Remarks(Type type) => Member(type)?.Element("remarks") is { } remarks
        ? remarks.Elements("para").Any() ? [.. remarks.Elements("para").Select(Paragraph)] : [Paragraph(remarks)]
        : [];

    /// <summary>The examples of a type: of each the code, with its line breaks, and the text after it.</summary>
    public IReadOnlyList<Example> Examples(Type type) =>
        [.. (Member(type)?.Elements("example") ?? []).Select(example => new Example(
            Code(example.Element("code")!), Paragraph(new XElement("remarks", example.Nodes().Where(node => node is not XElement { Name.LocalName: "code" })))))];

    private XElement? Member(Type type) => Member($"T:{type.FullName}");

    private XElement? Member(string name) => _members.GetValueOrDefault(name);

    private static string Paragraph(XElement? element) => element is null ? "" : Blanks().Replace(Text(element), " ").Trim();

    private static string Text(XElement element)
    {
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            if (node is XText plain)
                text.Append(plain.Value);
            else if (node is XElement inner)
                text.Append(inner.Attribute("cref") is { } reference ? NameOf(reference.Value) : inner.Attribute("name")?.Value ?? Text(inner));
        }
        return text.ToString();
    }

    // T:FaceRecon.RigidTransform, M:FaceRecon.KeypointLifter.Lift(...), T:FaceRecon.PowerShell.MergePointCloudCommand
    private static string NameOf(string reference) => reference[2..].Split('(')[0].Split('.')[^1];

    private static string Code(XElement element)
    {
        var lines = element.Value.Split('\n').Select(line => line.TrimEnd()).SkipWhile(line => line.Length == 0).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
            lines.RemoveAt(lines.Count - 1);
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : ""));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
