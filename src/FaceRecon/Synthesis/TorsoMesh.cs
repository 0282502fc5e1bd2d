using System.Numerics;
using static FaceRecon.SignedDistance;

namespace FaceRecon;

/// <summary>Shoulders in a shirt, which stay where they are when the head turns; metres of the head frame at rest.</summary>
internal sealed class TorsoMesh
{
    private static readonly Tube Shoulder = new(new(0, -190, -26, 52), new(70, -208, -30, 52), new(150, -236, -32, 46), new(185, -300, -28, 40));
    private static readonly Tube Trapezius = new(new(14, -112, -44, 30), new(70, -165, -38, 26), new(140, -195, -34, 26));
    private static readonly Tube Clavicle = new(new(10, -196, 26, 6), new(60, -190, 14, 6), new(120, -192, -12, 6));
    /// <summary>The neckband, around the neck and lower in front.</summary>
    private static readonly Tube Band = new(new(0, -196, 34, 3.5f), new(36, -178, 20, 3.5f), new(62, -156, -16, 3.5f), new(52, -140, -56, 3.5f), new(0, -136, -84, 3.5f));

    private TorsoMesh(Vector3[] positions, int[] triangles, Vector3[] albedos)
    {
        Positions = positions;
        Triangles = triangles;
        Albedos = albedos;
        Normals = MeshNormals.Compute(positions, triangles);
    }

    /// <summary>Vertices, metres.</summary>
    public Vector3[] Positions { get; }
    /// <summary>Unit normals.</summary>
    public Vector3[] Normals { get; }
    /// <summary>Three indices each.</summary>
    public int[] Triangles { get; }
    /// <summary>Linear colour of every vertex.</summary>
    public Vector3[] Albedos { get; }

    /// <summary>The shoulders of a person.</summary>
    public static TorsoMesh Create(HeadIdentity identity, CancellationToken cancellationToken)
    {
        var noise = new GradientNoise(identity.Seed + 300);
        float Field(Vector3 p) => Distance(p, noise);
        var x = SurfaceNets.GridLines(-240, 240, v => MathF.Abs(v) < 75 ? 2.4f : 5);
        var y = SurfaceNets.GridLines(-360, -100, v => v > -210 ? 2.4f : 6);
        var z = SurfaceNets.GridLines(-130, 120, _ => 3.6f);
        var (positions, triangles) = SurfaceNets.Polygonise(Field, p => p, x, y, z, cancellationToken);
        var skin = new SkinPainter(identity);
        var albedos = new Vector3[positions.Length];
        for (var i = 0; i < positions.Length; i++)
        {
            var p = positions[i];
            var weave = 1 + 0.08f * noise.At(p / 2.4f) + 0.10f * noise.Fractal(p / 40, 2);
            albedos[i] = Vector3.Lerp(skin.At(p).Albedo, identity.ShirtColor * weave, SmoothStep(0.8f, -0.8f, ShirtEdge(p)));
            positions[i] = p * (0.001f * identity.Scale);
        }
        return new TorsoMesh(positions, triangles, albedos);
    }

    private static float Distance(Vector3 p, GradientNoise noise)
    {
        var q = p with { X = MathF.Sqrt(p.X * p.X + 4) };
        var d = Union(Shoulder.Distance(q), Trapezius.Distance(q), 30);
        d = Union(d, Ellipsoid(q, new(0, -310, -14), new(150, 122, 92)), 40);
        d = Union(d, Clavicle.Distance(q), 12);
        var shirt = SmoothStep(3, -3, ShirtEdge(p));
        d -= shirt * (2.2f + 2.4f * noise.At(p / new Vector3(34, 60, 34)));
        return Union(d, Band.Distance(q), 2);
    }

    /// <summary>Height above the shirt's neckband, mm; negative under cloth.</summary>
    private static float ShirtEdge(Vector3 p)
    {
        // A plane through the band, tilted down towards the front.
        var line = -165 - 0.5f * (p.Z + 14);
        var outside = new Vector2(p.X / 62, (p.Z + 24) / 62).Length() - 1;
        return MathF.Min(p.Y - line, -40 * outside + 4);
    }
}
