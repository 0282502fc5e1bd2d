using System.Numerics;

namespace FaceRecon;

/// <summary>What stands behind the head: a plain room with pictures on its walls and a few boxes, metres of the head frame at rest.</summary>
internal sealed class RoomMesh
{
    /// <summary>Side of a cell of the walls, metres.</summary>
    private const float Step = 0.05f;

    private readonly List<Vector3> _positions = [];
    private readonly List<Vector3> _colors = [];
    private readonly List<int> _triangles = [];
    private readonly GradientNoise _noise;
    private readonly Lighting _lighting = new(RigidTransform.Identity);

    private RoomMesh(int seed)
    {
        _noise = new GradientNoise(seed + 400);
        var random = new SplitMix(seed, purpose: 3);
        var wall = Vector3.Lerp(Palette.FromSrgb(0xBDB7AE), Palette.FromSrgb(0x9FA9AE), random.Uniform(0));
        Vector3 low = new(-1.25f, -0.85f, -0.85f), high = new(1.25f, 0.95f, 0.9f);
        Inside(low, high, wall);
        for (var i = 0; i < 7; i++)
        {
            // Pictures hang a little off the back and the side walls, each a little further than the last.
            var off = 0.01f + 0.004f * i;
            var width = random.Uniform(10 * i + 10, 0.12f, 0.3f);
            var height = random.Uniform(10 * i + 11, 0.12f, 0.32f);
            var along = random.Uniform(10 * i + 12, -0.75f, 0.5f);
            var at = random.Uniform(10 * i + 13, -0.35f, 0.45f);
            var color = PictureColor(random, 10 * i + 14);
            if (i < 3)
                Panel(new(-0.95f + 0.75f * i + 0.3f * along, at, low.Z + off), new(width, 0, 0), new(0, height, 0), color);
            else if (i < 5)
                Panel(new(low.X + off, at, along * 0.6f), new(0, 0, -width), new(0, height, 0), color);
            else
                Panel(new(high.X - off, at, along * 0.6f), new(0, 0, width), new(0, height, 0), color);
        }
        Box(new(0.42f, low.Y, low.Z + 0.02f), new(0.95f, -0.05f - 0.2f * random.Uniform(1), low.Z + 0.4f), PictureColor(random, 100));
        Box(new(-0.98f, low.Y, low.Z + 0.05f), new(-0.62f, -0.32f + 0.2f * random.Uniform(2), low.Z + 0.5f), PictureColor(random, 104));
        Box(new(-0.36f, low.Y, low.Z + 0.01f), new(-0.05f, -0.22f, low.Z + 0.2f), PictureColor(random, 108));
        Positions = _positions.ToArray();
        Colors = _colors.ToArray();
        Triangles = _triangles.ToArray();
    }

    /// <summary>Vertices, metres.</summary>
    public Vector3[] Positions { get; }
    /// <summary>Linear light that every vertex sends out; it is matt and never moves.</summary>
    public Vector3[] Colors { get; }
    /// <summary>Three indices each.</summary>
    public int[] Triangles { get; }

    /// <summary>The room of a seed.</summary>
    public static RoomMesh Create(int seed) => new(seed);

    private static Vector3 PictureColor(SplitMix random, int n) =>
        new(random.Uniform(n, 0.08f, 0.5f), random.Uniform(n + 1, 0.08f, 0.5f), random.Uniform(n + 2, 0.08f, 0.5f));

    /// <summary>The six walls of a box seen from within.</summary>
    private void Inside(Vector3 low, Vector3 high, Vector3 albedo)
    {
        var size = high - low;
        Vector3 x = new(size.X, 0, 0), y = new(0, size.Y, 0), z = new(0, 0, size.Z);
        Panel(low, x, y, albedo);
        Panel(low + z + x, -x, y, albedo);
        Panel(low + z, -z, y, albedo * 0.96f);
        Panel(low + x, z, y, albedo * 0.96f);
        Panel(low + z, x, -z, albedo * 0.55f);
        Panel(low + y, x, z, albedo);
    }

    /// <summary>The faces of a box seen from outside; its bottom stays open.</summary>
    private void Box(Vector3 low, Vector3 high, Vector3 albedo)
    {
        var size = high - low;
        Vector3 x = new(size.X, 0, 0), y = new(0, size.Y, 0), z = new(0, 0, size.Z);
        Panel(low + z, x, y, albedo);
        Panel(low, z, y, albedo);
        Panel(low + z + x, -z, y, albedo);
        Panel(low + x, -x, y, albedo);
        Panel(low + y + z, x, -z, albedo);
    }

    /// <summary>A rectangle from a corner along two sides; it faces the side from which right to up turns counter-clockwise.</summary>
    private void Panel(Vector3 corner, Vector3 right, Vector3 up, Vector3 albedo)
    {
        var normal = Vector3.Normalize(Vector3.Cross(right, up));
        var light = _lighting.Diffuse(normal);
        var (columns, rows) = ((int)MathF.Ceiling(right.Length() / Step), (int)MathF.Ceiling(up.Length() / Step));
        var first = _positions.Count;
        for (var r = 0; r <= rows; r++)
            for (var c = 0; c <= columns; c++)
            {
                var p = corner + right * ((float)c / columns) + up * ((float)r / rows);
                var stain = 1 + 0.06f * _noise.Fractal(p / 0.3f, 2);
                _positions.Add(p);
                _colors.Add(albedo * stain * (0.35f * Vector3.One + 0.55f * light));
            }
        for (var r = 0; r < rows; r++)
            for (var c = 0; c < columns; c++)
            {
                var a = first + r * (columns + 1) + c;
                _triangles.AddRange([a, a + 1, a + columns + 2, a, a + columns + 2, a + columns + 1]);
            }
    }
}
