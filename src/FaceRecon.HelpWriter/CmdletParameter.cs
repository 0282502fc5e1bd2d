using System.Reflection;

namespace FaceRecon.HelpWriter;

/// <summary>How a parameter is given in one parameter set; in all of them where <paramref name="Set"/> is null.</summary>
internal sealed record ParameterPlace(string? Set, bool Mandatory, int? Position, string TakesPipeline)
{
    /// <summary>As help writes it: 0, 1, named.</summary>
    public string PositionText => Position?.Plain() ?? "named";
}

/// <summary>What help tells about a parameter.</summary>
internal sealed record CmdletParameter(string Name, Type Type, IReadOnlyList<string> Description, IReadOnlyList<ParameterPlace> Places)
{
    private const string Automation = "System.Management.Automation.";

    public static readonly CmdletParameter WhatIf = ShouldProcess("WhatIf", "wi", "Says what would be written and writes nothing.");
    public static readonly CmdletParameter Confirm = ShouldProcess("Confirm", "cf", "Asks before anything is written.");

    public string Aliases { get; init; } = "none";
    public string? Default { get; init; }
    public bool IsSwitch { get; init; }
    public bool TakesWildcards { get; init; }

    /// <summary>As it is called in the shell: double, string[], IcpMethod.</summary>
    public string TypeName => Short(Type);

    /// <summary>The parameter that a property is; null of a property that is none.</summary>
    public static CmdletParameter? From(PropertyInfo property, object instance, Documentation documentation)
    {
        var attributes = property.GetCustomAttributesData();
        IEnumerable<CustomAttributeData> Those(string name) => attributes.Where(data => data.AttributeType.FullName == Automation + name);
        var places = Those("ParameterAttribute").Select(Place).ToList();
        if (places.Count == 0)
            return null;
        var isSwitch = property.PropertyType.FullName == Automation + "SwitchParameter";
        List<string> description = [documentation.Summary(property)];
        if (Those("ValidateRangeAttribute").FirstOrDefault() is { ConstructorArguments: [var least, var most] })
            description.Add($"From {least.Value!.Plain()}{(IsUnbounded(most.Value!) ? "" : $" to {most.Value!.Plain()}")}.");
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type.IsEnum)
            description.AddRange(Enum.GetNames(type).Select(value => $"{value}: {documentation.Summary(type, value)}"));
        return new CmdletParameter(property.Name, type, description, places)
        {
            Aliases = string.Join(", ", Those("AliasAttribute").SelectMany(data => (IReadOnlyCollection<CustomAttributeTypedArgument>)data.ConstructorArguments[0].Value!)
                .Select(alias => alias.Value)) is { Length: > 0 } names ? names : "none",
            Default = isSwitch ? "False" : DefaultText(property.GetValue(instance)),
            IsSwitch = isSwitch,
            TakesWildcards = Those("SupportsWildcardsAttribute").Any(),
        };
    }

    private static ParameterPlace Place(CustomAttributeData attribute) => new(
        attribute.Named("ParameterSetName") as string,
        attribute.Named("Mandatory") is true,
        attribute.Named("Position") as int?,
        string.Join(", ", new[]
        {
            attribute.Named("ValueFromPipeline") is true ? "ByValue" : "",
            attribute.Named("ValueFromPipelineByPropertyName") is true ? "ByPropertyName" : "",
        }.Where(way => way.Length > 0)));

    // Only what one could type; all frames, for example, is no number.
    private static string? DefaultText(object? value) => value switch
    {
        null or int.MaxValue or "" => null,
        string => value.Plain(),
        _ => value is Enum || value.GetType().IsPrimitive ? value.Plain() : null,
    };

    private static bool IsUnbounded(object most) => most is int.MaxValue || most is double.PositiveInfinity;

    private static string Short(Type type) => type.IsArray ? Short(type.GetElementType()!) + "[]" : Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => type.Name,
        TypeCode.Int32 => "int",
        TypeCode.Double => "double",
        TypeCode.String => "string",
        _ => type.Name,
    };

    private static CmdletParameter ShouldProcess(string name, string alias, string description) =>
        new(name, typeof(bool), [description], [new ParameterPlace(null, false, null, "")]) { Aliases = alias, Default = "False", IsSwitch = true };
}
