namespace FaceRecon;

/// <summary>
/// A function on the active bricks of a grid, negative inside the shape and positive outside, whose
/// level set <see cref="Level"/> is the surface.
/// </summary>
/// <param name="Grid">Where the function is known.</param>
/// <param name="Values">Its values at the nodes.</param>
/// <param name="Level">The value on the surface.</param>
/// <param name="Origin">Node (0,0,0), metres.</param>
/// <param name="CellSize">Distance of neighbouring nodes, metres.</param>
internal sealed record ImplicitSurface(BrickGrid Grid, float[] Values, float Level, Vector3d Origin, double CellSize)
{
    /// <summary>The same surface in less and less detail, the finest first; none where it is not of B-splines.</summary>
    public IReadOnlyList<SplineSurface> Coarser { get; init; } = [];
}
