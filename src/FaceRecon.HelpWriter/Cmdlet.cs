using System.Globalization;
using System.Reflection;

namespace FaceRecon.HelpWriter;

/// <summary>A kind of object that a cmdlet takes or gives.</summary>
internal sealed record ObjectKind(string TypeName, string Description);

/// <summary>What help tells about a cmdlet: read from its attributes, its doc comments and the values that its parameters start with.</summary>
internal sealed record Cmdlet(string Name, string Summary, IReadOnlyList<string> Remarks, IReadOnlyList<Example> Examples)
{
    private const string CmdletAttribute = "System.Management.Automation.CmdletAttribute";
    private const string OutputTypeAttribute = "System.Management.Automation.OutputTypeAttribute";

    /// <summary>All parameters, in the order in which they are listed.</summary>
    public required IReadOnlyList<CmdletParameter> Parameters { get; init; }
    /// <summary>The names of the parameter sets, the default one first.</summary>
    public required IReadOnlyList<string> Sets { get; init; }
    /// <summary>What the cmdlet emits.</summary>
    public required IReadOnlyList<ObjectKind> Outputs { get; init; }

    public string Verb => Name.Split('-')[0];
    public string Noun => Name.Split('-')[1];

    /// <summary>The first sentence of the summary.</summary>
    public string Synopsis => Summary.IndexOf(". ", StringComparison.Ordinal) is var end and > 0 ? Summary[..(end + 1)] : Summary;

    /// <summary>What the cmdlet takes from the pipeline.</summary>
    public IEnumerable<ObjectKind> Inputs => Parameters.Where(parameter => parameter.Places.Any(place => place.TakesPipeline.Length > 0))
        .Select(parameter => new ObjectKind(parameter.Type.FullName!, $"-{parameter.Name}: {parameter.Description[0]}"));

    /// <summary>The parameters of a set: by position, then the other mandatory ones, then the rest.</summary>
    public IEnumerable<(CmdletParameter Parameter, ParameterPlace Place)> InSet(string set) =>
        from parameter in Parameters
        let place = parameter.Places.FirstOrDefault(place => place.Set is null || place.Set == set)
        where place is not null
        orderby place.Position ?? int.MaxValue, place.Mandatory ? 0 : 1
        select (parameter, place);

    /// <summary>The cmdlet of a class; null of a class that is none.</summary>
    public static Cmdlet? From(Type type, Documentation documentation)
    {
        if (type.GetCustomAttributesData().FirstOrDefault(data => data.AttributeType.FullName == CmdletAttribute) is not { } attribute || type.IsAbstract)
            return null;
        var instance = Activator.CreateInstance(type)!;
        var parameters = Declared(type).Select(property => CmdletParameter.From(property, instance, documentation)).OfType<CmdletParameter>().ToList();
        (instance as IDisposable)?.Dispose();
        if (attribute.Named("SupportsShouldProcess") is true)
            parameters.AddRange(CmdletParameter.WhatIf, CmdletParameter.Confirm);
        var sets = parameters.SelectMany(parameter => parameter.Places).Select(place => place.Set).OfType<string>().Distinct().ToList();
        var first = attribute.Named("DefaultParameterSetName") as string;
        return new Cmdlet($"{attribute.ConstructorArguments[0].Value}-{attribute.ConstructorArguments[1].Value}",
            documentation.Summary(type), documentation.Remarks(type), documentation.Examples(type))
        {
            Parameters = parameters,
            Sets = sets.Count == 0 ? [""] : [.. sets.OrderBy(set => set == first ? 0 : 1)],
            Outputs = [.. OutputTypes(type).Select(output => new ObjectKind(output.FullName!, documentation.Summary(output)))],
        };
    }

    // The cmdlet's own parameters come before those that it shares with others.
    private static IEnumerable<PropertyInfo> Declared(Type? type)
    {
        for (; type is not null; type = type.BaseType)
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                yield return property;
    }

    private static IEnumerable<Type> OutputTypes(Type type) =>
        from attribute in type.GetCustomAttributesData()
        where attribute.AttributeType.FullName == OutputTypeAttribute
        from output in (IReadOnlyCollection<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!
        select (Type)output.Value!;
}

/// <summary>What attributes say, without running them.</summary>
internal static class AttributeData
{
    /// <summary>The value of a named argument; null where it is not given.</summary>
    public static object? Named(this CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(argument => argument.MemberName == name).Select(argument => argument.TypedValue.Value).FirstOrDefault();

    /// <summary>A number as one would type it.</summary>
    public static string Plain(this object value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
