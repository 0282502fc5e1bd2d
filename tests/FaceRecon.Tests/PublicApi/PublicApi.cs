using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace FaceRecon.Tests;

/// <summary>The public types and members of an assembly as lines of text, the same from build to build.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly)
    {
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            yield return $"{Kind(type)} {Name(type)}{Bases(type)}";
            foreach (var member in Members(type).Distinct().Order(StringComparer.Ordinal))
                yield return "    " + member;
        }
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValues(type))
                yield return $"{value} = {Convert.ToInt64(value, CultureInfo.InvariantCulture)}";
            yield break;
        }
        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
            if (!constructor.IsStatic)
                yield return $"new({Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic || field.IsFamily))
            yield return $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")}";
        foreach (var property in type.GetProperties(Declared).Where(property => Accessor(property) is { } accessor && IsVisible(accessor)))
            yield return $"{Modifier(Accessor(property)!)}{Name(property.PropertyType)} {property.Name}{Index(property)} {{ {Accessors(property)}}}";
        foreach (var method in type.GetMethods(Declared).Where(method => IsVisible(method) && !IsCompilers(method)))
            yield return $"{Modifier(method)}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})";
    }

    // What a record gets by itself, accessors, and overrides of object say nothing of their own.
    private static bool IsCompilers(MethodInfo method) =>
        method.IsDefined(typeof(CompilerGeneratedAttribute)) || (method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal)) ||
        method.GetBaseDefinition().DeclaringType == typeof(object);

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static MethodInfo? Accessor(PropertyInfo property) => property.GetMethod ?? property.SetMethod;

    private static string Accessors(PropertyInfo property) =>
        (property.GetMethod is { } get && IsVisible(get) ? "get; " : "") +
        (property.SetMethod is { } set && IsVisible(set) ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init; " : "set; " : "");

    private static string Modifier(MethodInfo method) =>
        method.IsStatic ? "static " : method.IsAbstract && !method.DeclaringType!.IsInterface ? "abstract " : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(parameter => Name(parameter.ParameterType)))}]" : "";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "ref " : "")}{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? " = default" : "")}"));

    private static string Bases(Type type)
    {
        var bases = type.GetInterfaces().Where(candidate => candidate.IsPublic && !candidate.IsGenericType).Select(Name).Order(StringComparer.Ordinal).ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && !type.IsEnum)
            bases.Insert(0, Name(parent));
        return bases.Count == 0 || type.IsEnum ? "" : " : " + string.Join(", ", bases);
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type is { IsAbstract: true, IsSealed: true } ? "static class" : type.IsSealed ? "class" : "open class";

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }
}
