using System.Numerics;

namespace FaceRecon;

/// <summary>Makes a coloured triangle mesh of oriented points: open where there is no data, closed over small gaps.</summary>
public static class FaceSurface
{
    /// <summary>The surface is followed into gaps for at most so many cells that suit the points: bounds memory, whatever is asked for.</summary>
    private const int FurthestCells = 64;

    /// <summary>The surface of a merged face, by the method of the options, in the colours that its frames show.</summary>
    /// <param name="face">The face.</param>
    /// <param name="options">As below, and the method; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>As below, world.</returns>
    /// <exception cref="FaceReconException">As below.</exception>
    public static TriangleMesh Reconstruct(FaceCloud face, SurfaceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(face);
        options ??= new SurfaceOptions();
        options.Check();
        var loop = new PartitionedLoop(options.MaxThreads, cancellation);
        var mesh = options.Method == SurfaceMethod.Tsdf && face.Keyframes.Count > 0
            ? ZeroSet(face, options, loop, cancellation)
            : Reconstruct(face.Geometry, options, cancellation);
        return face.Keyframes.Count > 0 ? face.Color.Paint(mesh, loop) : mesh;
    }

    /// <summary>
    /// Screened Poisson reconstruction of points, trimmed to the data. Normals, colours and sigma come along:
    /// sigma is that of the nearest points, and grows into closed gaps, whose vertices are marked as filled.
    /// </summary>
    /// <param name="points">Points in metres with normals that point out of the surface. Those that are not finite or have no normal are ignored.</param>
    /// <param name="options">Resolution, weights, sizes of holes and islands; null for the defaults.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>An orientable manifold mesh with border, in the frame of the points.</returns>
    /// <exception cref="FaceReconException">
    /// SurfaceFailed: too few usable points, or no piece of surface is large enough. InvalidOption; also for a method that takes more than points.
    /// </exception>
    public static TriangleMesh Reconstruct(PointCloud points, SurfaceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(points);
        options ??= new SurfaceOptions();
        options.Check();
        if (options.Method != SurfaceMethod.Poisson)
            throw new FaceReconException(ErrorId.InvalidOption, $"The method {options.Method} takes the frames of a merged face, and not points alone; use Poisson.");
        var loop = new PartitionedLoop(options.MaxThreads, cancellation);
        var arranged = OrientedPoints.Arrange(points, options.Poisson);
        var density = SamplingDensity.Measure(arranged, options.Poisson.SamplesFor(arranged.TypicalSigma), loop);
        var surface = ScreenedPoisson.Solve(arranged, density, options.Poisson, Reach(options, density), loop);
        return Trimmed(surface, arranged, density, options, loop, cancellation);
    }

    /// <summary>How far from the points the surface is needed: so far that a gap is closed from both sides, each of which begins where the points' support ends.</summary>
    private static double Reach(SurfaceOptions options, SamplingDensity density) =>
        Math.Min(options.MaximumHole / 2, FurthestCells * density.TypicalCell) + VertexData.Reach * density.TypicalCell;

    private static TriangleMesh ZeroSet(FaceCloud face, SurfaceOptions options, PartitionedLoop loop, CancellationToken cancellation)
    {
        var field = DistanceFieldIntegration.Fuse(
            face.Keyframes, face.HeadCenter, face.VoxelSize, face.Truncation, colored: false, options.MaxThreads, cancellation);
        var points = OrientedPoints.ArrangeIn(face.Geometry, field.Origin, field.VoxelSize, DistanceField.BrickSize * field.BricksPerSide);
        var density = SamplingDensity.Measure(points, options.Poisson.SamplesPerNode, loop);
        var surface = FusedDistance.Extract(field, CloudMerger.LeastWeight, Reach(options, density), loop);
        return Trimmed(surface, points, density, options, loop, cancellation);
    }

    private static TriangleMesh Trimmed(
        ImplicitSurface surface, OrientedPoints points, SamplingDensity density, SurfaceOptions options, PartitionedLoop loop, CancellationToken cancellation)
    {
        var soup = MarchingCubes.Extract(surface, loop);
        var normals = MeshNormals.Compute(soup.Vertices, soup.Triangles);
        var data = VertexData.Gather(soup.Vertices, normals, points, density, options.MinimumDensity, loop);
        DetailShrinkage.Apply(soup.Vertices, normals, data.Sigma, surface.Coarser, loop);
        var topology = new MeshTopology(soup.Vertices.Length, soup.Triangles, loop);
        var trimming = SurfaceTrimming.Decide(soup.Vertices, topology, data.Supported, surface.CellSize, options, cancellation);
        var cut = MeshCut.Positive(trimming.Kept, soup.Triangles);
        cut.DropIslands(soup.Vertices, options.MinimumIsland);
        cancellation.ThrowIfCancellationRequested();
        if (cut.Triangles.Length == 0)
            throw new FaceReconException(ErrorId.SurfaceFailed,
                "No surface can be made: the points are scattered and form no piece of surface; capture more of the face, or allow smaller islands.");
        data.Complete(topology, trimming.Gap);
        var mesh = Assemble(soup.Vertices, cut, data, trimming.Gap, surface.CellSize / 2);
        return options.TriangleCount > 0 ? MeshDecimation.Reduce(mesh, options.TriangleCount, loop, cancellation) : mesh;
    }

    /// <summary>Gives the vertices of the cut mesh their data. Those further than <paramref name="measured"/> from the data are marked.</summary>
    private static TriangleMesh Assemble(Vector3[] vertices, MeshCut cut, VertexData data, float[] gap, double measured)
    {
        var count = cut.Sources.Count;
        var positions = new Vector3[count];
        var colors = new byte[3 * count];
        var sigma = new float[count];
        var filled = new bool[count];
        for (var v = 0; v < count; v++)
        {
            var (from, to, share) = cut.Sources[v];
            positions[v] = Vector3.Lerp(vertices[from], vertices[to], share);
            sigma[v] = float.Lerp(data.Sigma[from], data.Sigma[to], share);
            filled[v] = gap[from] > 0 && float.Lerp(gap[from], gap[to], share) > measured;
            var color = Vector3.Lerp(data.Color[from], data.Color[to], share);
            colors[3 * v] = (byte)(color.X + 0.5f);
            colors[3 * v + 1] = (byte)(color.Y + 0.5f);
            colors[3 * v + 2] = (byte)(color.Z + 0.5f);
        }
        return new TriangleMesh(positions, MeshNormals.Compute(positions, cut.Triangles), cut.Triangles, colors, sigma) { Filled = filled };
    }
}
