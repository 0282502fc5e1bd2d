using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FaceRecon;

/// <summary>Options as a report has them: every value by its name, those that are whole files in a few words.</summary>
internal static class ReportOptions
{
    // Told elsewhere in the report, or about the run and not about what it makes.
    private static readonly string[] LeftOut = [nameof(ExportOptions.Command), nameof(ExportOptions.Force)];

    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(), new InWords<DepthCorrection>(correction => $"{correction}"), new InWords<IReadOnlyList<FramePose>>(poses => $"{poses.Count} poses") },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver
        {
            Modifiers =
            {
                type =>
                {
                    for (var i = type.Properties.Count - 1; i >= 0; i--)
                        if (type.Properties[i].AttributeProvider is System.Reflection.MemberInfo member && LeftOut.Contains(member.Name))
                            type.Properties.RemoveAt(i);
                },
            },
        },
    };

    /// <summary>The options as JSON.</summary>
    public static JsonNode Of<T>(T options) where T : notnull => JsonSerializer.SerializeToNode(options, Format)!;

    private sealed class InWords<T>(Func<T, string> words) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(words(value));
    }
}
