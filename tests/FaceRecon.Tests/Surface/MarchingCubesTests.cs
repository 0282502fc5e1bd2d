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
            Assert.Equal(crossed, MarchingCubesTable.Triangles[pattern].Distinct().Select(e => (int)e).Order());
        }
    }

    [Fact]
    public void Triangles_turn_outwards()
    {
        // One inside corner at the origin: the triangle looks away from it.
        var edges = MarchingCubesTable.Triangles[1];
        var corners = edges.Select(e => MarchingCubesTable.Edges[e].Axis switch { 0 => Vector3.UnitX, 1 => Vector3.UnitY, _ => Vector3.UnitZ }).ToArray();
        Assert.True(Vector3.Dot(Vector3.Cross(corners[1] - corners[0], corners[2] - corners[0]), Vector3.One) > 0);
    }
}
