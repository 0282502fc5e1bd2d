using System.Numerics;

namespace FaceRecon.Tests;

public class MarchingCubesTests
{
    [Fact]
    public void Any_field_gives_a_closed_manifold()
    {
        // White noise meets every pattern of signs, ambiguous faces among them.
        var random = new Random(3);
        const int bricks = 4;
        var mask = new BrickMask(BrickBox.Whole(bricks));
        mask.AddAll();
        var grid = mask.ToGrid();
        var values = new float[grid.ValueCount];
        for (var brick = 0; brick < grid.Count; brick++)
        {
            var (bx, by, bz) = grid.Origins[brick];
            for (var i = 0; i < BrickGrid.BrickNodes; i++)
            {
                var (x, y, z) = (8 * bx + (i & 7), 8 * by + (i >> 3 & 7), 8 * bz + (i >> 6));
                // Outside all round, so that the surface does not end at the grid's border.
                var inner = x is > 0 and < 8 * bricks - 1 && y is > 0 and < 8 * bricks - 1 && z is > 0 and < 8 * bricks - 1;
                values[brick * BrickGrid.BrickNodes + i] = inner ? random.NextSingle() - 0.5f : 0.5f;
            }
        }
        var soup = MarchingCubes.Extract(new ImplicitSurface(grid, values, 0, Vector3d.Zero, 0.001), new PartitionedLoop(2, default));

        Assert.True(soup.Triangles.Length > 30_000);
        var mesh = new TriangleMesh(soup.Vertices, MeshNormals.Compute(soup.Vertices, soup.Triangles), soup.Triangles);
        MeshValidity.Check(mesh);
        Assert.Empty(MeshValidity.Border(mesh));
    }

    [Fact]
    public void Each_pattern_and_its_opposite_cross_the_same_edges()
    {
        for (var pattern = 0; pattern < 256; pattern++)
        {
            var crossed = Enumerable.Range(0, 12).Where(e =>
            {
                var (corner, axis) = MarchingCubesTable.Edges[e];
                return (pattern >> corner & 1) != (pattern >> (corner | 1 << axis) & 1);
            });
            Assert.Equal(crossed, MarchingCubesTable.Loops[pattern].SelectMany(ways => ways[0]).Distinct().Select(e => (int)e).Order());
        }
    }

    [Fact]
    public void All_ways_to_cut_a_loop_cover_it()
    {
        foreach (var ways in MarchingCubesTable.Loops.SelectMany(loops => loops))
        {
            var edges = ways[0].Distinct().Order().ToArray();
            Assert.All(ways, way =>
            {
                Assert.Equal(3 * (edges.Length - 2), way.Length);
                Assert.Equal(edges, way.Distinct().Order());
            });
            Assert.Equal(ways.Length, ways.Select(way => string.Join(' ', way)).Distinct().Count());
        }
    }

    [Fact]
    public void Triangles_lie_as_the_surface_does()
    {
        const float radius = 9.3f;
        var mask = new BrickMask(BrickBox.Whole(4));
        mask.AddAll();
        var grid = mask.ToGrid();
        var values = new float[grid.ValueCount];
        var centre = new Vector3(15.6f, 15.3f, 15.8f);
        for (var z = 0; z < 32; z++)
            for (var y = 0; y < 32; y++)
                for (var x = 0; x < 32; x++)
                    values[grid.FindNode(x, y, z)] = MathF.Tanh(0.5f * (Vector3.Distance(new(x, y, z), centre) - radius));

        var soup = MarchingCubes.Extract(new ImplicitSurface(grid, values, 0, Vector3d.Zero, 1), new PartitionedLoop(1, default));

        Assert.All(soup.Vertices, v => Assert.InRange(Vector3.Distance(v, centre), radius - 0.012f, radius + 0.012f));
        var (tilt, area) = (0.0, 0.0);
        for (var t = 0; t < soup.Triangles.Length; t += 3)
        {
            var (a, b, c) = (soup.Vertices[soup.Triangles[t]], soup.Vertices[soup.Triangles[t + 1]], soup.Vertices[soup.Triangles[t + 2]]);
            var normal = Vector3.Cross(b - a, c - a);
            area += normal.Length();
            tilt += normal.Length() * Math.Acos(Math.Clamp(Vector3.Dot(Vector3.Normalize(normal), Vector3.Normalize((a + b + c) / 3 - centre)), -1, 1));
        }
        // 1.38 degrees where loops are cut without a look at the area.
        Assert.InRange(tilt / area * 180 / Math.PI, 0, 1.35);
    }

    [Fact]
    public void Triangles_turn_outwards()
    {
        // One inside corner at the origin: the triangle looks away from it.
        var edges = MarchingCubesTable.Loops[1][0][0];
        var corners = edges.Select(e => MarchingCubesTable.Edges[e].Axis switch { 0 => Vector3.UnitX, 1 => Vector3.UnitY, _ => Vector3.UnitZ }).ToArray();
        Assert.True(Vector3.Dot(Vector3.Cross(corners[1] - corners[0], corners[2] - corners[0]), Vector3.One) > 0);
    }
}
