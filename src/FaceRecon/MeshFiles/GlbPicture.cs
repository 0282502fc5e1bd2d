using System.Numerics;
using System.Text.Json;

namespace FaceRecon;

/// <summary>The picture of a glTF material's base colour, where it lies in the file itself.</summary>
internal static class GlbPicture
{
    // A texture's sides; larger ones are left aside, for a mesh is worth reading without its picture.
    private const int MaximumSide = 8192;

    /// <summary>The picture of a primitive; null where it has none, or one that is too large, of an unknown kind, or outside the file.</summary>
    /// <exception cref="FaceReconException">MeshInvalid: the picture is damaged.</exception>
    public static ColorImage? Read(JsonElement root, JsonElement primitive, GlbAccessors accessors, string path)
    {
        if (!primitive.TryGetProperty("material", out var material) ||
            !GlbAccessors.Element(root, "materials", material.GetInt32(), path).TryGetProperty("pbrMetallicRoughness", out var surface) ||
            !surface.TryGetProperty("baseColorTexture", out var reference))
            return null;
        var texture = GlbAccessors.Element(root, "textures", reference.GetProperty("index").GetInt32(), path);
        if (!texture.TryGetProperty("source", out var source) ||
            !GlbAccessors.Element(root, "images", source.GetInt32(), path).TryGetProperty("bufferView", out var view))
            return null;
        var bytes = accessors.View(view.GetInt32());
        if (ImageHeader.Read(bytes.Span) is not { } header || header.Width > MaximumSide || header.Height > MaximumSide)
            return null;
        try
        {
            return ImageFile.DecodeColor(path, bytes.Span);
        }
        catch (FaceReconException e)
        {
            throw MeshFile.Invalid(path, "its picture is damaged", e);
        }
    }

    /// <summary>The picture's colours at some places: the nearest texels'.</summary>
    public static byte[] ColorsAt(ColorImage picture, Vector2[] places)
    {
        var colors = new byte[3 * places.Length];
        for (var i = 0; i < places.Length; i++)
        {
            var x = (int)Math.Clamp(places[i].X * picture.Width, 0, picture.Width - 1);
            var y = (int)Math.Clamp(places[i].Y * picture.Height, 0, picture.Height - 1);
            picture.Pixels.AsSpan(3 * (y * picture.Width + x), 3).CopyTo(colors.AsSpan(3 * i));
        }
        return colors;
    }
}
