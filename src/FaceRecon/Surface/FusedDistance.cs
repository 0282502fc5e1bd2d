namespace FaceRecon;

/// <summary>
/// The zero set of the fused distances themselves (B. Curless, M. Levoy: A volumetric method for building complex models
/// from range images, SIGGRAPH 1996). Where nothing was seen the distances of the voxels around spread by diffusion
/// (J. Davis, S. Marschner, M. Garr, M. Levoy: Filling holes in complex surfaces using volumetric diffusion, 3DPVT 2002).
/// </summary>
internal static class FusedDistance
{
    /// <summary>Steps of diffusion after all voxels have a value.</summary>
    private const int SmoothingSteps = 12;
    private const int Block = 32;

    /// <summary>The surface of <paramref name="field"/>.</summary>
    /// <param name="field">Distances, positive outside.</param>
    /// <param name="leastWeight">Voxels with less weight (1/mm^2) count as not seen.</param>
    /// <param name="reach">The surface is followed for at least this distance from what was seen, metres.</param>
    /// <param name="loop">Runs the work.</param>
    public static ImplicitSurface Extract(DistanceField field, float leastWeight, double reach, PartitionedLoop loop)
    {
        var rings = (int)Math.Ceiling(reach / field.VoxelSize);
        var grid = Bricks(field, (rings + BrickGrid.Size - 1) / BrickGrid.Size);
        var values = new float[grid.ValueCount];
        Array.Fill(values, float.NaN);
        foreach (var brick in field.Bricks)
        {
            var start = BrickGrid.BrickNodes * grid.Find(brick.X, brick.Y, brick.Z);
            for (var i = 0; i < BrickGrid.BrickNodes; i++)
            {
                if (brick.Weight[i] >= leastWeight)
                    values[start + i] = brick.Distance[i];
            }
        }
        Diffuse(grid, values, rings + SmoothingSteps, loop);
        // What no step came to lies out of reach of all that was seen, and is cut away.
        for (var i = 0; i < values.Length; i++)
        {
            if (float.IsNaN(values[i]))
                values[i] = (float)field.Truncation;
        }
        return new ImplicitSurface(grid, values, 0, field.VoxelCenter(0, 0, 0), field.VoxelSize);
    }

    /// <summary>The bricks of the field, and so many around them.</summary>
    private static BrickGrid Bricks(DistanceField field, int around)
    {
        var mask = new BrickMask(BrickBox.Whole(field.BricksPerSide));
        foreach (var brick in field.Bricks)
            for (var z = brick.Z - around; z <= brick.Z + around; z++)
                for (var y = brick.Y - around; y <= brick.Y + around; y++)
                    for (var x = brick.X - around; x <= brick.X + around; x++)
                        mask.Add(x, y, z);
        return mask.ToGrid();
    }

    /// <summary>Voxels without a value (NaN) take the mean of their neighbours that have one, step by step; those with one keep it.</summary>
    private static void Diffuse(BrickGrid grid, float[] values, int steps, PartitionedLoop loop)
    {
        var known = Array.ConvertAll(values, value => !float.IsNaN(value));
        var next = (float[])values.Clone();
        for (var step = 0; step < steps; step++)
        {
            var (from, to) = step % 2 == 0 ? (values, next) : (next, values);
            loop.Run(grid.Count, Block, (first, last) =>
            {
                Span<float> halo = stackalloc float[BrickGrid.HaloLength];
                for (var brick = first; brick < last; brick++)
                {
                    grid.GatherHalo(from, brick, halo);
                    for (var i = 0; i < BrickGrid.BrickNodes; i++)
                    {
                        if (!known[brick * BrickGrid.BrickNodes + i])
                            to[brick * BrickGrid.BrickNodes + i] = MeanAround(halo, BrickGrid.HaloIndex(i & 7, i >> 3 & 7, i >> 6));
                    }
                }
            });
        }
        if (steps % 2 == 1)
            next.CopyTo(values, 0);
    }

    /// <summary>Mean of the six neighbours that have a value; NaN where none has.</summary>
    private static float MeanAround(ReadOnlySpan<float> halo, int node)
    {
        var (sum, count) = (0f, 0);
        foreach (var step in (ReadOnlySpan<int>)[1, BrickGrid.HaloStride, BrickGrid.HaloLayer])
        {
            foreach (var neighbour in (ReadOnlySpan<float>)[halo[node - step], halo[node + step]])
            {
                if (float.IsNaN(neighbour))
                    continue;
                sum += neighbour;
                count++;
            }
        }
        return sum / count;
    }
}
