using System.Numerics;

namespace FaceRecon;

/// <summary>Makes a coloured triangle mesh of oriented points: open where there is no data, closed over small gaps.</summary>
public static class FaceSurface
{
    /// <summary>A point this near, in finest cells, supports the surface.</summary>
    private const double SupportReach = 1.5;

    /// <summary>The surface of a merged face, in the colours that its frames show.</summary>
    /// <param name="face">The face.</param>
    /// <param name="options">As below.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <exception cref="FaceReconException">As below.</exception>
    public static TriangleMesh Reconstruct(FaceCloud face, SurfaceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(face);
        var mesh = Reconstruct(face.Geometry, options, cancellation);
        return face.Color.Paint(mesh, new PartitionedLoop(options?.MaxThreads ?? 0, cancellation));
    }

    /// <summary>
    /// Screened Poisson reconstruction, trimmed to the data. Normals, colours and sigma come along:
    /// sigma is that of the nearest points, and grows into closed gaps.
    /// </summary>
    /// <param name="points">Points in metres with normals that point out of the surface. Those that are not finite or have no normal are ignored.</param>
    /// <param name="options">Resolution, weights, sizes of holes and islands; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>An orientable manifold mesh with border, in the frame of the points.</returns>
    /// <exception cref="FaceReconException">SurfaceFailed: too few usable points, or no piece of surface is large enough.</exception>
    public static TriangleMesh Reconstruct(PointCloud points, SurfaceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        options ??= new SurfaceOptions();
        options.Check();
        var loop = new PartitionedLoop(options.MaxThreads, cancellation);
        var arranged = OrientedPoints.Arrange(points, options.Poisson);
        var surface = ScreenedPoisson.Solve(arranged, options.Poisson, options.MaximumHole / 2, loop);
        var soup = MarchingCubes.Extract(surface, loop);
        var data = VertexData.Gather(soup.Vertices, arranged, surface.Grid, loop);
        var opposites = HalfEdges.Opposites(soup.Vertices.Length, soup.Triangles, loop);
        var keep = SurfaceTrimming.Keep(soup, opposites, data.Distance, SupportReach * surface.CellSize, options);
        cancellation.ThrowIfCancellationRequested();

        var triangles = Kept(soup.Triangles, keep);
        if (triangles.Length == 0)
            throw new FaceReconException(ErrorId.SurfaceFailed,
                "No surface can be made: the points are scattered and form no piece of surface; capture more of the face, or allow smaller islands.");
        data.Complete(soup.Vertices, triangles, (float)surface.CellSize);
        return Compact(soup.Vertices, triangles, data, loop);
    }

    private static int[] Kept(int[] triangles, bool[] keep)
    {
        var kept = new int[3 * keep.Count(k => k)];
        var count = 0;
        for (var t = 0; t < keep.Length; t++)
        {
            if (!keep[t])
                continue;
            kept[count++] = triangles[3 * t];
            kept[count++] = triangles[3 * t + 1];
            kept[count++] = triangles[3 * t + 2];
        }
        return kept;
    }

    /// <summary>Drops the vertices that no triangle uses, smooths the border, and puts the mesh together.</summary>
    private static TriangleMesh Compact(Vector3[] vertices, int[] triangles, VertexData data, PartitionedLoop loop)
    {
        var number = new int[vertices.Length];
        foreach (var v in triangles)
            number[v] = 1;
        var count = 0;
        for (var v = 0; v < number.Length; v++)
            number[v] = number[v] == 0 ? -1 : count++;
        var positions = new Vector3[count];
        var colors = new byte[3 * count];
        var sigma = new float[count];
        for (var v = 0; v < number.Length; v++)
        {
            var n = number[v];
            if (n < 0)
                continue;
            positions[n] = vertices[v];
            sigma[n] = data.Sigma[v];
            colors[3 * n] = (byte)(data.Color[v].X + 0.5f);
            colors[3 * n + 1] = (byte)(data.Color[v].Y + 0.5f);
            colors[3 * n + 2] = (byte)(data.Color[v].Z + 0.5f);
        }
        for (var i = 0; i < triangles.Length; i++)
            triangles[i] = number[triangles[i]];
        var opposites = HalfEdges.Opposites(count, triangles, loop);
        BoundarySmoothing.Smooth(positions, MeshNormals.Compute(positions, triangles), triangles, opposites);
        return new TriangleMesh(positions, MeshNormals.Compute(positions, triangles), triangles, colors, sigma);
    }
}
