using System.Net;
using System.Text;
using System.Text.Json;

namespace FaceRecon;

/// <summary>
/// Writes a page that shows a mesh in three dimensions, in any browser, from any disk: everything it needs is in it, and its
/// content security policy lets it load nothing else.
/// </summary>
public static class ViewerPage
{
    private const int LongestTitle = 120;

    /// <summary>Writes the page as UTF-8.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="scene">What it shows.</param>
    /// <exception cref="ArgumentException">Another number of errors than of vertices.</exception>
    public static void Write(Stream stream, ViewerScene scene)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(scene);
        if (scene.Error.Length != 0 && scene.Error.Length != scene.Mesh.VertexCount)
            throw new ArgumentException($"A mesh of {scene.Mesh.VertexCount} vertices cannot have {scene.Error.Length} errors.", nameof(scene));
        var title = scene.Title.Length <= LongestTitle ? scene.Title : scene.Title[..LongestTitle] + "\u2026";
        var geometry = new PackedGeometry(scene.Mesh, scene.Error);
        var (style, script) = (PageTemplate.Resource("viewer.css"), PageTemplate.Resource("viewer.js"));
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        PageTemplate.Write(writer, PageTemplate.Resource("viewer.html"), name => name switch
        {
            "csp" => PageTemplate.ContentPolicy(style, script),
            "title" => WebUtility.HtmlEncode(title),
            "generator" => WebUtility.HtmlEncode($"FaceRecon {FaceExport.Version}"),
            "style" => style,
            "script" => script,
            // The default encoder writes <, > and & as escapes: no text can end the element that it stands in.
            "scene" => JsonSerializer.Serialize(ViewerDescription.Of(scene with { Title = title }, geometry), ViewerJson.Default.ViewerDescription),
            "geometry" => Convert.ToBase64String(geometry.Compress()),
            _ => throw new InvalidOperationException($"The page has no {name}."),
        });
    }
}
