using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>What colour a surface has and how it takes light; colours are linear.</summary>
internal sealed class Paint
{
    private static readonly Vector3 ClayColor = new(0.60f, 0.50f, 0.42f);

    private readonly Vector3[]? _ofVertex;
    // Brightness of a received light r: x + y r + z r^2; and what grazing light adds.
    private readonly Vector3 _response;
    private readonly float _rim;

    private Paint(Vector3[]? ofVertex, Vector3 response, float rim) => (_ofVertex, _response, _rim) = (ofVertex, response, rim);

    /// <summary>Plain clay, dark in its hollows.</summary>
    public static Paint Clay { get; } = new(null, new Vector3(0, 0.55f, 0.50f), 0.08f);

    /// <summary>The colours of the vertices; clay for a mesh that has none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Paint OfColors(TriangleMesh mesh)
    {
        if (mesh.Colors.Length == 0)
            return Clay;
        var colors = new Vector3[mesh.VertexCount];
        for (var v = 0; v < colors.Length; v++)
            colors[v] = Linear(mesh.Colors[3 * v], mesh.Colors[3 * v + 1], mesh.Colors[3 * v + 2]);
        return new Paint(colors, new Vector3(0.55f, 0.60f, 0), 0.04f);
    }

    /// <summary>A number of every vertex as a colour, in light that changes it little.</summary>
    public static Paint OfHeat(TriangleMesh mesh, HeatMap heat)
    {
        if (heat.Values.Length != mesh.VertexCount)
            throw new ArgumentException($"A mesh of {mesh.VertexCount} vertices cannot show {heat.Values.Length} numbers.", nameof(heat));
        var colors = new Vector3[mesh.VertexCount];
        for (var v = 0; v < colors.Length; v++)
        {
            var (r, g, b) = heat.Scale.ColorOf(heat.Values[v]);
            colors[v] = Linear(r, g, b);
        }
        return new Paint(colors, new Vector3(0.62f, 0.40f, 0), 0.03f);
    }

    /// <summary>The light that comes from a point of a triangle, by the weights and numbers of its corners.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector3 Lit(float wa, int a, float wb, int b, float wc, int c, float received, float rim)
    {
        var color = _ofVertex is null ? ClayColor : wa * _ofVertex[a] + wb * _ofVertex[b] + wc * _ofVertex[c];
        return color * (_response.X + received * (_response.Y + received * _response.Z)) + new Vector3(_rim * rim);
    }

    private static Vector3 Linear(byte red, byte green, byte blue) => new(Srgb.LinearOfByte[red], Srgb.LinearOfByte[green], Srgb.LinearOfByte[blue]);
}
