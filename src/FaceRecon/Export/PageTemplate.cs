using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace FaceRecon;

/// <summary>Pages with {{names}} to be filled in.</summary>
internal static class PageTemplate
{
    private static readonly ConcurrentDictionary<string, string> Resources = [];

    /// <summary>A file that the build put into this assembly, as text.</summary>
    public static string Resource(string name) => Resources.GetOrAdd(name, static name =>
    {
        using var stream = typeof(PageTemplate).Assembly.GetManifestResourceStream($"FaceRecon.Pages.{name}")
            ?? throw new InvalidOperationException($"{name} was not built in.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    });

    /// <summary>Writes a template with what each name stands for, which is not looked at again and must be escaped already.</summary>
    public static void Write(TextWriter writer, string template, Func<string, string> valueOf)
    {
        var place = 0;
        while (template.IndexOf("{{", place, StringComparison.Ordinal) is var open and >= 0)
        {
            var close = template.IndexOf("}}", open, StringComparison.Ordinal);
            writer.Write(template.AsSpan(place, open - place));
            writer.Write(valueOf(template[(open + 2)..close]));
            place = close + 2;
        }
        writer.Write(template.AsSpan(place));
    }

    /// <summary>A policy that lets a page use its own style and script, known by their hashes, pictures that it carries, and nothing else: no network, no frame, no form.</summary>
    public static string ContentPolicy(string style, string? script) =>
        $"default-src 'none'; style-src {Hash(style)}; script-src {(script is null ? "'none'" : Hash(script))}; img-src data: blob:; base-uri 'none'; form-action 'none'";

    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
}
