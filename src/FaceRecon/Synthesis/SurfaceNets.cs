using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Polygonises the zero level of a signed distance by naive surface nets (Gibson 1998): one vertex for
/// every cell that the surface crosses, at the mean of its edge crossings; one quad for every grid edge
/// that it crosses. The grid's lines may be dense where detail is wanted, and the grid may be bent.
/// </summary>
internal sealed class SurfaceNets
{
    private const int BlockCells = 4, Corners = BlockCells + 1;

    /// <summary>How fast the field may change against a true distance; blends and ellipsoids are not exact.</summary>
    private const float Steepness = 1.3f;

    private readonly Func<Vector3, float> _field;
    private readonly Func<Vector3, Vector3> _bend;
    private readonly float[][] _lines;
    private readonly int _blocksX, _blocksY, _blocksZ;
    private readonly float[]?[] _samples;
    private readonly int[]?[] _vertexOfCell;
    private readonly List<Vector3> _vertices = [];
    private readonly List<int> _triangles = [];

    private SurfaceNets(Func<Vector3, float> field, Func<Vector3, Vector3> bend, float[] x, float[] y, float[] z)
    {
        (_field, _bend) = (field, bend);
        _lines = [x, y, z];
        (_blocksX, _blocksY, _blocksZ) = (BlocksAlong(x), BlocksAlong(y), BlocksAlong(z));
        _samples = new float[_blocksX * _blocksY * _blocksZ][];
        _vertexOfCell = new int[_samples.Length][];
    }

    /// <summary>The surface field = 0, triangles counter-clockwise seen from where the field is positive.</summary>
    /// <param name="field">The signed distance; called from several threads.</param>
    /// <param name="bend">Where a point of the straight grid lies in space; must keep its handedness.</param>
    /// <param name="x">Grid lines along x, ascending.</param>
    /// <param name="y">Grid lines along y, ascending.</param>
    /// <param name="z">Grid lines along z, ascending.</param>
    /// <param name="cancellationToken">Ends the work early.</param>
    public static (Vector3[] Vertices, int[] Triangles) Polygonise(
        Func<Vector3, float> field, Func<Vector3, Vector3> bend, float[] x, float[] y, float[] z, CancellationToken cancellationToken)
    {
        var nets = new SurfaceNets(field, bend, x, y, z);
        Parallel.For(0, nets._blocksZ, new ParallelOptions { CancellationToken = cancellationToken }, nets.SampleLayer);
        nets.PlaceVertices();
        nets.ConnectQuads();
        return (nets._vertices.ToArray(), nets._triangles.ToArray());
    }

    /// <summary>Grid lines from <paramref name="from"/> to <paramref name="to"/> whose spacing follows <paramref name="spacing"/>.</summary>
    public static float[] GridLines(float from, float to, Func<float, float> spacing)
    {
        var lines = new List<float>();
        for (var at = from; at < to; at += spacing(at))
            lines.Add(at);
        // Whole blocks: the last one is filled up.
        do lines.Add(lines[^1] + spacing(lines[^1]));
        while (lines.Count % BlockCells != 1);
        return lines.ToArray();
    }

    private static int BlocksAlong(float[] lines) => (lines.Length - 1) / BlockCells;

    private int BlockIndex(int bx, int by, int bz) => (bz * _blocksY + by) * _blocksX + bx;

    private Vector3 GridPoint(int x, int y, int z) => _bend(new(_lines[0][x], _lines[1][y], _lines[2][z]));

    private void SampleLayer(int bz)
    {
        for (var by = 0; by < _blocksY; by++)
            for (var bx = 0; bx < _blocksX; bx++)
            {
                if (MayCross(bx * BlockCells, by * BlockCells, bz * BlockCells, BlockCells, out _))
                    _samples[BlockIndex(bx, by, bz)] = SampleBlock(bx * BlockCells, by * BlockCells, bz * BlockCells);
            }
    }

    /// <summary>Whether the surface can pass through a cube of cells; if not, <paramref name="value"/> has the sign of all of it.</summary>
    private bool MayCross(int x, int y, int z, int cells, out float value)
    {
        Span<Vector3> corners = stackalloc Vector3[8];
        var center = Vector3.Zero;
        for (var k = 0; k < 8; k++)
        {
            corners[k] = GridPoint(x + (k & 1) * cells, y + (k >> 1 & 1) * cells, z + (k >> 2) * cells);
            center += corners[k] / 8;
        }
        var reach = 0f;
        foreach (var corner in corners)
            reach = MathF.Max(reach, Vector3.DistanceSquared(corner, center));
        value = _field(center);
        return MathF.Abs(value) < Steepness * MathF.Sqrt(reach);
    }

    /// <summary>The field at a block's grid points, where the surface is near; elsewhere only its sign counts.</summary>
    private float[]? SampleBlock(int x0, int y0, int z0)
    {
        const int half = BlockCells / 2;
        var values = new float[Corners * Corners * Corners];
        Array.Fill(values, float.NaN);
        Span<float> centers = stackalloc float[8];
        for (var k = 0; k < 8; k++)
        {
            var (x, y, z) = ((k & 1) * half, (k >> 1 & 1) * half, (k >> 2) * half);
            if (MayCross(x0 + x, y0 + y, z0 + z, half, out centers[k]))
                centers[k] = float.NaN;
            for (var i = 0; float.IsNaN(centers[k]) && i < 27; i++)
            {
                var (px, py, pz) = (x + i % 3, y + i / 3 % 3, z + i / 9);
                ref var value = ref values[(pz * Corners + py) * Corners + px];
                if (float.IsNaN(value))
                    value = _field(GridPoint(x0 + px, y0 + py, z0 + pz));
            }
        }
        var inside = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
            {
                var (x, y, z) = (i % Corners, i / Corners % Corners, i / (Corners * Corners));
                values[i] = centers[Math.Min(x / half, 1) + 2 * Math.Min(y / half, 1) + 4 * Math.Min(z / half, 1)];
            }
            inside += values[i] < 0 ? 1 : 0;
        }
        return inside == 0 || inside == values.Length ? null : values;
    }

    private void PlaceVertices()
    {
        for (var b = 0; b < _samples.Length; b++)
        {
            if (_samples[b] is not { } values)
                continue;
            var cells = new int[BlockCells * BlockCells * BlockCells];
            var (bx, by, bz) = (b % _blocksX, b / _blocksX % _blocksY, b / (_blocksX * _blocksY));
            for (var c = 0; c < cells.Length; c++)
            {
                var (x, y, z) = (c % BlockCells, c / BlockCells % BlockCells, c / (BlockCells * BlockCells));
                cells[c] = -1;
                if (MeanCrossing(values, x, y, z) is not { } share)
                    continue;
                var low = GridPoint(bx * BlockCells + x, by * BlockCells + y, bz * BlockCells + z);
                var high = GridPoint(bx * BlockCells + x + 1, by * BlockCells + y + 1, bz * BlockCells + z + 1);
                cells[c] = _vertices.Count;
                _vertices.Add(low + (high - low) * share);
            }
            _vertexOfCell[b] = cells;
        }
    }

    /// <summary>The mean of the points where the surface cuts a cell's edges, in shares of the cell; null where it does not.</summary>
    private static Vector3? MeanCrossing(float[] values, int x, int y, int z)
    {
        Span<float> corner = stackalloc float[8];
        for (var k = 0; k < 8; k++)
            corner[k] = values[((z + (k >> 2)) * Corners + y + ((k >> 1) & 1)) * Corners + x + (k & 1)];
        var sum = Vector3.Zero;
        var count = 0;
        for (var from = 0; from < 8; from++)
            for (var axis = 1; axis < 8; axis <<= 1)
            {
                var to = from | axis;
                if (to == from || corner[from] < 0 == corner[to] < 0)
                    continue;
                var t = corner[from] / (corner[from] - corner[to]);
                var start = new Vector3(from & 1, (from >> 1) & 1, from >> 2);
                var step = new Vector3(axis & 1, (axis >> 1) & 1, axis >> 2);
                sum += start + t * step;
                count++;
            }
        return count == 0 ? null : sum / count;
    }

    private void ConnectQuads()
    {
        for (var b = 0; b < _samples.Length; b++)
        {
            if (_samples[b] is not { } values)
                continue;
            var (bx, by, bz) = (b % _blocksX, b / _blocksX % _blocksY, b / (_blocksX * _blocksY));
            for (var z = 0; z < BlockCells; z++)
                for (var y = 0; y < BlockCells; y++)
                    for (var x = 0; x < BlockCells; x++)
                    {
                        var (gx, gy, gz) = (bx * BlockCells + x, by * BlockCells + y, bz * BlockCells + z);
                        var at = (z * Corners + y) * Corners + x;
                        var inside = values[at] < 0;
                        if (inside != values[at + 1] < 0)
                            AddQuad(inside, Cell(gx, gy - 1, gz - 1), Cell(gx, gy, gz - 1), Cell(gx, gy, gz), Cell(gx, gy - 1, gz));
                        if (inside != values[at + Corners] < 0)
                            AddQuad(inside, Cell(gx - 1, gy, gz - 1), Cell(gx - 1, gy, gz), Cell(gx, gy, gz), Cell(gx, gy, gz - 1));
                        if (inside != values[at + Corners * Corners] < 0)
                            AddQuad(inside, Cell(gx - 1, gy - 1, gz), Cell(gx, gy - 1, gz), Cell(gx, gy, gz), Cell(gx - 1, gy, gz));
                    }
        }
    }

    private int Cell(int x, int y, int z)
    {
        if (x < 0 || y < 0 || z < 0)
            return -1;
        var cells = _vertexOfCell[BlockIndex(x / BlockCells, y / BlockCells, z / BlockCells)];
        return cells is null ? -1 : cells[(z % BlockCells * BlockCells + y % BlockCells) * BlockCells + x % BlockCells];
    }

    private void AddQuad(bool inside, int a, int b, int c, int d)
    {
        if (a < 0 || b < 0 || c < 0 || d < 0)
            return;
        if (!inside)
            (b, d) = (d, b);
        // The shorter diagonal makes the better pair of triangles.
        if (Vector3.DistanceSquared(_vertices[a], _vertices[c]) <= Vector3.DistanceSquared(_vertices[b], _vertices[d]))
            _triangles.AddRange([a, b, c, a, c, d]);
        else
            _triangles.AddRange([a, b, d, b, c, d]);
    }
}
