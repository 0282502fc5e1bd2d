using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>What a camera sees of a mesh at each sample: which triangle, and where in it. Several samples make a pixel.</summary>
internal sealed class SurfaceBuffer
{
    /// <summary>Samples along each side of a pixel.</summary>
    public const int SamplesPerSide = 2;
    // Bands of rows that are drawn at once; each looks at all triangles.
    private const int Bands = 4;

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
        loop.Run(Height, (Height + Bands - 1) / Bands, (from, to) => DrawBand(mesh.Triangles, from, to - 1));
    }

    /// <summary>Samples a row.</summary>
    public int Width { get; }
    /// <summary>Rows of samples.</summary>
    public int Height { get; }
    /// <summary>The triangle that each sample shows; -1 for none.</summary>
    public int[] Triangle { get; }

    /// <summary>How near what each sample shows is, 1/m; 0 for nothing.</summary>
    public ReadOnlySpan<float> Nearness => _nearness;

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
        var (focal, middle) = (SamplesPerSide * new Vector2((float)camera.Fx, (float)camera.Fy), SamplesPerSide * new Vector2((float)camera.Cx + 0.5f, (float)camera.Cy + 0.5f) - new Vector2(0.5f));
        var (x, y, z) = (Row(worldToCamera.R00, worldToCamera.R01, worldToCamera.R02, worldToCamera.Translation.X),
            Row(worldToCamera.R10, worldToCamera.R11, worldToCamera.R12, worldToCamera.Translation.Y),
            Row(worldToCamera.R20, worldToCamera.R21, worldToCamera.R22, worldToCamera.Translation.Z));
        loop.Run(vertices.Length, 16384, (from, to) =>
        {
            for (var v = from; v < to; v++)
            {
                var p = new Vector4(vertices[v], 1);
                var nearness = 1 / Vector4.Dot(z, p);
                // Behind the camera, or on it: 0 marks what is not drawn.
                projected[v] = nearness is > 0 and < 1000
                    ? new Vector3(focal.X * nearness * Vector4.Dot(x, p) + middle.X, focal.Y * nearness * Vector4.Dot(y, p) + middle.Y, nearness)
                    : Vector3.Zero;
            }
        });
        return projected;

        static Vector4 Row(double a, double b, double c, double d) => new((float)a, (float)b, (float)c, (float)d);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void DrawBand(int[] triangles, int firstRow, int lastRow)
    {
        for (var t = 0; t < triangles.Length; t += 3)
        {
            ref readonly var a = ref _projected[triangles[t]];
            ref readonly var b = ref _projected[triangles[t + 1]];
            ref readonly var c = ref _projected[triangles[t + 2]];
            var low = MathF.Max(firstRow, MathF.Ceiling(MathF.Min(a.Y, MathF.Min(b.Y, c.Y))));
            var high = MathF.Min(lastRow, MathF.Max(a.Y, MathF.Max(b.Y, c.Y)));
            var left = MathF.Max(0, MathF.Ceiling(MathF.Min(a.X, MathF.Min(b.X, c.X))));
            var right = MathF.Min(Width - 1, MathF.Max(a.X, MathF.Max(b.X, c.X)));
            // Most triangles of a fine mesh lie between the samples, or in another band.
            if (high < low || right < left || a.Z <= 0 || b.Z <= 0 || c.Z <= 0)
                continue;
            Draw(t / 3, a, b, c, (int)left, (int)right, (int)low, (int)high);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Draw(int triangle, Vector3 a, Vector3 b, Vector3 c, int left, int right, int top, int bottom)
    {
        var area = Area(a, b, c.X, c.Y);
        if (area == 0)
            return;
        // Each corner's share grows evenly along a row, and so does 1/z.
        var inverse = 1 / area;
        var (stepA, stepB, stepC) = ((b.Y - c.Y) * inverse, (c.Y - a.Y) * inverse, (a.Y - b.Y) * inverse);
        for (var y = top; y <= bottom; y++)
        {
            var (rowA, rowB, rowC) = (Area(b, c, left, y) * inverse, Area(c, a, left, y) * inverse, Area(a, b, left, y) * inverse);
            for (var (x, i) = (0, y * Width + left); x <= right - left; x++, i++)
            {
                var (wa, wb, wc) = (rowA + x * stepA, rowB + x * stepB, rowC + x * stepC);
                if (wa < 0 || wb < 0 || wc < 0)
                    continue;
                var nearness = wa * a.Z + wb * b.Z + wc * c.Z;
                if (nearness > _nearness[i])
                    (_nearness[i], Triangle[i]) = (nearness, triangle);
            }
        }
    }
}
