using System.Numerics;

namespace FaceRecon;

/// <summary>What a camera sees of a mesh at each sample: which triangle, and where in it. Several samples make a pixel.</summary>
internal sealed class SurfaceBuffer
{
    /// <summary>Samples along each side of a pixel.</summary>
    public const int SamplesPerSide = 2;
    /// <summary>Rows of samples that are drawn together.</summary>
    private const int Band = 32;

    private readonly Vector3[] _projected;
    private readonly float[] _nearness;

    /// <summary>Draws <paramref name="mesh"/> for a camera at <paramref name="cameraToWorld"/>.</summary>
    public SurfaceBuffer(TriangleMesh mesh, CameraIntrinsics camera, RigidTransform cameraToWorld, PartitionedLoop loop)
    {
        Width = SamplesPerSide * camera.Width;
        Height = SamplesPerSide * camera.Height;
        Triangle = new int[Width * Height];
        Array.Fill(Triangle, -1);
        _nearness = new float[Width * Height];
        _projected = Project(mesh.Vertices, camera, cameraToWorld.Inverse(), loop);
        var (starts, members) = TrianglesByBand(mesh.Triangles);
        loop.Run((Height + Band - 1) / Band, 1, (band, _) =>
        {
            for (var i = starts[band]; i < starts[band + 1]; i++)
                Draw(mesh.Triangles, members[i], band * Band, Math.Min(Height, (band + 1) * Band) - 1);
        });
    }

    /// <summary>Samples a row.</summary>
    public int Width { get; }
    /// <summary>Rows of samples.</summary>
    public int Height { get; }
    /// <summary>The triangle that each sample shows; -1 for none.</summary>
    public int[] Triangle { get; }

    /// <summary>Barycentric coordinates of sample (x, y) in the triangle with these corners, and whether its outside is seen.</summary>
    public (float A, float B, float C, bool Front) Locate(int x, int y, int a, int b, int c)
    {
        var (pa, pb, pc) = (_projected[a], _projected[b], _projected[c]);
        // By area on the screen, each divided by the corner's depth: the third coordinate is 1/z.
        var wa = Area(pb, pc, x, y) * pa.Z;
        var wb = Area(pc, pa, x, y) * pb.Z;
        var wc = Area(pa, pb, x, y) * pc.Z;
        var sum = wa + wb + wc;
        // On the screen y points down: counter-clockwise from outside has negative area.
        return sum == 0 ? (1, 0, 0, true) : (wa / sum, wb / sum, wc / sum, sum < 0);
    }

    private static float Area(Vector3 from, Vector3 to, float x, float y) =>
        (to.X - from.X) * (y - from.Y) - (to.Y - from.Y) * (x - from.X);

    private static Vector3[] Project(Vector3[] vertices, CameraIntrinsics camera, RigidTransform worldToCamera, PartitionedLoop loop)
    {
        var projected = new Vector3[vertices.Length];
        loop.Run(vertices.Length, 8192, (from, to) =>
        {
            for (var v = from; v < to; v++)
            {
                var p = worldToCamera.TransformPoint(new Vector3d(vertices[v].X, vertices[v].Y, vertices[v].Z));
                if (p.Z < 1e-3)
                    continue;
                var (x, y) = camera.Project(p);
                projected[v] = new Vector3((float)((x + 0.5) * SamplesPerSide - 0.5), (float)((y + 0.5) * SamplesPerSide - 0.5), (float)(1 / p.Z));
            }
        });
        return projected;
    }

    /// <summary>The triangles that touch each band of rows, in the order of the mesh.</summary>
    private (int[] Starts, int[] Members) TrianglesByBand(int[] triangles)
    {
        var starts = new int[(Height + Band - 1) / Band + 1];
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (first, last) = Bands(triangles, t);
            for (var band = first; band <= last; band++)
                starts[band + 1]++;
        }
        for (var band = 1; band < starts.Length; band++)
            starts[band] += starts[band - 1];
        var members = new int[starts[^1]];
        var used = (int[])starts.Clone();
        for (var t = 0; t < triangles.Length; t += 3)
        {
            var (first, last) = Bands(triangles, t);
            for (var band = first; band <= last; band++)
                members[used[band]++] = t / 3;
        }
        return (starts, members);
    }

    private (int First, int Last) Bands(int[] triangles, int t)
    {
        var (a, b, c) = (_projected[triangles[t]], _projected[triangles[t + 1]], _projected[triangles[t + 2]]);
        if (a.Z <= 0 || b.Z <= 0 || c.Z <= 0)
            return (0, -1);
        var low = Math.Min(a.Y, Math.Min(b.Y, c.Y));
        var high = Math.Max(a.Y, Math.Max(b.Y, c.Y));
        return high < 0 || low > Height - 1 ? (0, -1) : ((int)Math.Max(low, 0) / Band, (int)Math.Min(high, Height - 1) / Band);
    }

    private void Draw(int[] triangles, int triangle, int firstRow, int lastRow)
    {
        var (a, b, c) = (_projected[triangles[3 * triangle]], _projected[triangles[3 * triangle + 1]], _projected[triangles[3 * triangle + 2]]);
        var x0 = (int)MathF.Ceiling(Math.Max(0, Math.Min(a.X, Math.Min(b.X, c.X))));
        var x1 = (int)Math.Min(Width - 1, Math.Max(a.X, Math.Max(b.X, c.X)));
        var y0 = Math.Max(firstRow, (int)MathF.Ceiling(Math.Max(0, Math.Min(a.Y, Math.Min(b.Y, c.Y)))));
        var y1 = (int)Math.Min(lastRow, Math.Max(a.Y, Math.Max(b.Y, c.Y)));
        var area = Area(a, b, c.X, c.Y);
        if (area == 0)
            return;
        var inverse = 1 / area;
        for (var y = y0; y <= y1; y++)
        {
            for (var x = x0; x <= x1; x++)
            {
                var wa = Area(b, c, x, y) * inverse;
                var wb = Area(c, a, x, y) * inverse;
                var wc = Area(a, b, x, y) * inverse;
                if (wa < 0 || wb < 0 || wc < 0)
                    continue;
                var nearness = wa * a.Z + wb * b.Z + wc * c.Z;
                if (nearness > _nearness[y * Width + x])
                {
                    _nearness[y * Width + x] = nearness;
                    Triangle[y * Width + x] = triangle;
                }
            }
        }
    }
}
