using System.Numerics;

namespace FaceRecon.Tests;

/// <summary>Textures of the painted head, whose colour is known at every place.</summary>
public class TextureTests
{
    private const int Size = 512;
    private static readonly PartitionedLoop Loop = new(2, default);
    private static readonly Lazy<(TriangleMesh Mesh, SurfaceColor Color, TriangleMesh Textured)> Head = new(() =>
    {
        var frames = Enumerable.Range(0, 9).Select(k => new PaintedHead().See(-0.8 + 0.2 * k, new Vector3d(1, 1, 1), k)).ToArray();
        var points = PaintedHead.Points(frames);
        var color = SurfaceColor.Of(frames, points);
        var mesh = color.Paint(FaceSurface.Reconstruct(points, new SurfaceOptions { Poisson = new ScreenedPoissonOptions { CellSize = 0.003 } }), Loop);
        return (mesh, color, TextureBaking.Bake(mesh, color, RigidTransform.Identity, Size, Loop, default));
    });

    private static Vector2 Place(MeshTexture texture, int corner) => texture.Coordinates[texture.Corners[corner]];

    [Fact]
    public void Every_triangle_lies_in_one_chart_the_right_way_round_and_not_pressed_flat()
    {
        var (mesh, _, textured) = Head.Value;
        var texture = textured.Texture!;
        Assert.Equal(mesh.Triangles.Length, texture.Corners.Length);
        Assert.All(texture.Coordinates, p => Assert.True(p.X is > 0 and < 1 && p.Y is > 0 and < 1, $"{p}"));
        // A place belongs to one vertex.
        var vertices = texture.VerticesOfPlaces(mesh.Triangles);
        for (var corner = 0; corner < texture.Corners.Length; corner++)
            Assert.Equal(mesh.Triangles[corner], vertices[texture.Corners[corner]]);
        var shares = new List<double>();
        for (var t = 0; t < mesh.Triangles.Length; t += 3)
        {
            var (a, b, c) = (Place(texture, t), Place(texture, t + 1), Place(texture, t + 2));
            var flat = 0.5 * ((b.X - a.X) * (c.Y - a.Y) - (b.Y - a.Y) * (c.X - a.X));
            shares.Add(-flat / MeshArea(mesh, t));
        }
        // Wound counter-clockwise as seen from outside, in axes of which y points down.
        shares.Sort();
        var usual = shares[shares.Count * 9 / 10];
        var pressed = shares.Count(share => share < 0.2 * usual);
        Assert.True(pressed < 0.005 * shares.Count, $"{pressed} of {shares.Count} triangles");
        // The head is a few large charts, not a mosaic.
        var largest = SurfaceCharts.Cut(mesh, RigidTransform.Identity, Loop).Take(5).Sum(chart => chart.Triangles.Length);
        Assert.True(largest > 0.7 * mesh.TriangleCount, $"{largest} of {mesh.TriangleCount}");
    }

    [Fact]
    public void Charts_overlap_neither_others_nor_themselves_and_keep_their_distance()
    {
        var (mesh, _, _) = Head.Value;
        var charts = SurfaceCharts.Cut(mesh, RigidTransform.Identity, Loop);
        var (scale, places) = ChartPacking.Place(charts, Size, default);
        // 1 + the chart of each texel that the inside of a triangle covers.
        var owner = new int[Size * Size];
        var (covered, twice) = (0, 0);
        for (var k = 0; k < charts.Count; k++)
        {
            for (var i = 0; i < charts[k].Corners.Length; i += 3)
            {
                Vector2 At(int corner) => places[k] + scale * (charts[k].Corners[corner] - charts[k].Low);
                foreach (var (x, y, weights) in new FlatTriangle(At(i), At(i + 1), At(i + 2)))
                {
                    Assert.True(owner[y * Size + x] is 0 || owner[y * Size + x] == k + 1, "two charts overlap");
                    covered++;
                    twice += owner[y * Size + x] == 0 || weights.X < 1e-3f || weights.Y < 1e-3f || weights.Z < 1e-3f ? 0 : 1;
                    owner[y * Size + x] = k + 1;
                }
            }
        }
        Assert.True(twice < 0.002 * covered, $"{twice} of {covered} texels are shown twice");
        Assert.True(covered > 0.3 * Size * Size, $"charts cover {covered} texels of {Size * Size}");
        // No two charts in blocks beside each other, so that no mean over a block mixes them.
        var blocks = Size / ChartPacking.Block;
        var inBlock = new HashSet<int>[blocks * blocks];
        for (var i = 0; i < owner.Length; i++)
            if (owner[i] > 0)
                (inBlock[i / Size / ChartPacking.Block * blocks + i % Size / ChartPacking.Block] ??= []).Add(owner[i]);
        for (var i = 0; i < inBlock.Length; i++)
        {
            Assert.True(inBlock[i] is null or { Count: 1 });
            foreach (var j in (ReadOnlySpan<int>)[i + 1, i + blocks, i + blocks + 1, i + blocks - 1])
                Assert.True(j >= inBlock.Length || inBlock[i] is null || inBlock[j] is null || inBlock[i].SetEquals(inBlock[j]) || Math.Abs(i % blocks - j % blocks) > 1);
        }
    }

    [Fact]
    public void The_texture_shows_the_skin()
    {
        var (mesh, _, textured) = Head.Value;
        var errors = new List<double>();
        var random = new Random(1);
        for (var trial = 0; trial < 20_000; trial++)
        {
            var t = 3 * random.Next(mesh.TriangleCount);
            var (u, v) = (random.NextSingle(), random.NextSingle());
            (u, v) = u + v > 1 ? (1 - u, 1 - v) : (u, v);
            Vector3 Mix(Func<int, Vector3> at) => (1 - u - v) * at(t) + u * at(t + 1) + v * at(t + 2);
            var p = Mix(corner => mesh.Vertices[mesh.Triangles[corner]]);
            var place = Mix(corner => new Vector3(Place(textured.Texture!, corner), 0));
            // What was seen from the front and the sides.
            if (p.Z < 0.03 || p.Y < -0.06)
                continue;
            errors.Add(Math.Abs(Sample(textured.Texture!.Image, new Vector2(place.X, place.Y)).Y - Srgb.ToByte((float)PaintedHead.Waves(new Vector3d(p.X, p.Y, p.Z)).Y)));
        }
        errors.Sort();
        Assert.True(errors.Count > 3000, $"{errors.Count}");
        Assert.InRange(errors[errors.Count / 2], 0, 2);
        Assert.InRange(errors[errors.Count * 98 / 100], 0, 10);
    }

    [Fact]
    public void Seams_do_not_show_also_in_smaller_copies_of_the_texture()
    {
        var (mesh, _, textured) = Head.Value;
        var (texture, image) = (textured.Texture!, textured.Texture!.Image);
        foreach (var (level, most) in ((int, double)[])[(0, 4), (1, 5), (2, 8)])
        {
            var steps = new List<double>();
            var opposites = new MeshTopology(mesh.VertexCount, mesh.Triangles, Loop).Opposites;
            for (var h = 0; h < opposites.Length; h++)
            {
                var other = opposites[h];
                if (other < h || texture.Corners[h] == texture.Corners[MeshTopology.Next(other)])
                    continue;
                // The middle of an edge between two charts, as both show it.
                var here = (Place(texture, h) + Place(texture, MeshTopology.Next(h))) / 2;
                var there = (Place(texture, other) + Place(texture, MeshTopology.Next(other))) / 2;
                var difference = Vector3.Abs(Sample(image, here) - Sample(image, there));
                steps.Add(Math.Max(difference.X, Math.Max(difference.Y, difference.Z)));
            }
            steps.Sort();
            Assert.True(steps.Count > 200, $"{steps.Count} edges between charts");
            Assert.True(steps[steps.Count * 95 / 100] <= most, $"level {level}: {steps[steps.Count * 95 / 100]} codes");
            image = Half(image);
        }
    }

    [Fact]
    public void Gaps_are_filled_from_around()
    {
        // Red in the left half and blue in the right one of a texture, all else unknown and black.
        var pixels = new byte[3 * 64 * 64];
        for (var i = 0; i < 64 * 64; i++)
            if (i % 64 is > 4 and < 12 or > 50 and < 60 && i / 64 is > 20 and < 40)
                pixels[3 * i + (i % 64 < 32 ? 0 : 2)] = 200;
        TextureGutter.Fill(pixels, i => pixels[3 * i] + pixels[3 * i + 2] > 0, 64);
        for (var i = 0; i < 64 * 64; i++)
            Assert.True(pixels[3 * i] + pixels[3 * i + 2] is >= 199 and <= 201 && pixels[3 * i + 1] == 0, $"{i % 64}, {i / 64}");
        Assert.Equal(200, pixels[3 * (30 * 64 + 13)]);
        Assert.Equal(200, pixels[3 * (30 * 64 + 49) + 2]);
    }

    [Fact]
    public void The_number_of_threads_changes_no_byte()
    {
        var (mesh, color, textured) = Head.Value;
        var three = TextureBaking.Bake(mesh, color, RigidTransform.Identity, Size, new PartitionedLoop(3, default), default).Texture!;
        Assert.Equal(textured.Texture!.Coordinates, three.Coordinates);
        Assert.Equal(textured.Texture.Image.Pixels, three.Image.Pixels);
    }

    [Fact]
    public void Shapes_that_only_fit_small_are_made_small_and_too_many_are_refused()
    {
        static Chart Square(float side) => new([0, 1], [Vector2.Zero, new(side, 0), new(side, side), Vector2.Zero, new(side, side), new(0, side)]);
        var (scale, places) = ChartPacking.Place([Square(0.1f), Square(0.1f)], 256, default);
        Assert.InRange(scale * 0.1f, 80, 112);
        Assert.True(Math.Abs(places[0].X - places[1].X) >= scale * 0.1f + ChartPacking.Block || Math.Abs(places[0].Y - places[1].Y) >= scale * 0.1f + ChartPacking.Block);
        Assert.Equal(ErrorId.InvalidOption, Assert.Throws<FaceReconException>(() =>
            ChartPacking.Place([.. Enumerable.Repeat(Square(0.01f), 500)], 256, default)).ErrorId);
    }

    private static double MeshArea(TriangleMesh mesh, int corner)
    {
        var (a, b, c) = (mesh.Vertices[mesh.Triangles[corner]], mesh.Vertices[mesh.Triangles[corner + 1]], mesh.Vertices[mesh.Triangles[corner + 2]]);
        return 0.5 * Vector3.Cross(b - a, c - a).Length();
    }

    /// <summary>The picture at a place, between its texels.</summary>
    private static Vector3 Sample(ColorImage image, Vector2 place)
    {
        var (x, y) = (place.X * image.Width - 0.5f, place.Y * image.Height - 0.5f);
        var (column, row) = ((int)MathF.Floor(x), (int)MathF.Floor(y));
        Vector3 At(int i, int j)
        {
            var k = 3 * (Math.Clamp(j, 0, image.Height - 1) * image.Width + Math.Clamp(i, 0, image.Width - 1));
            return new Vector3(image.Pixels[k], image.Pixels[k + 1], image.Pixels[k + 2]);
        }
        return Vector3.Lerp(Vector3.Lerp(At(column, row), At(column + 1, row), x - column), Vector3.Lerp(At(column, row + 1), At(column + 1, row + 1), x - column), y - row);
    }

    /// <summary>The next smaller copy: means of two by two texels.</summary>
    private static ColorImage Half(ColorImage image)
    {
        var (width, height) = (image.Width / 2, image.Height / 2);
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        for (var x = 0; x < 3 * width; x++)
        {
            int At(int dx, int dy) => image.Pixels[3 * ((2 * y + dy) * image.Width + 2 * (x / 3) + dx) + x % 3];
            pixels[3 * y * width + x] = (byte)((At(0, 0) + At(1, 0) + At(0, 1) + At(1, 1) + 2) / 4);
        }
        return new ColorImage(width, height, pixels);
    }
}
