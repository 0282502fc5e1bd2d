namespace FaceRecon;

/// <summary>
/// The samples of one level: the points merged within half cells, with the piece of surface that
/// each stands for. Lengths are in cells of the level, so that every level looks alike.
/// </summary>
internal sealed class LevelSamples
{
    private LevelSamples(int count)
    {
        Codes = new ulong[count];
        X = new float[count];
        Y = new float[count];
        Z = new float[count];
        AreaX = new float[count];
        AreaY = new float[count];
        AreaZ = new float[count];
        Area = new float[count];
        Depth = new float[count];
    }

    /// <summary>Ascending Morton codes of the half cells.</summary>
    public ulong[] Codes { get; private set; }
    /// <summary>x, cells.</summary>
    public float[] X { get; private set; }
    /// <summary>y, cells.</summary>
    public float[] Y { get; private set; }
    /// <summary>z, cells.</summary>
    public float[] Z { get; private set; }
    /// <summary>x of normal times area, square cells.</summary>
    public float[] AreaX { get; private set; }
    /// <summary>y of normal times area, square cells.</summary>
    public float[] AreaY { get; private set; }
    /// <summary>z of normal times area, square cells.</summary>
    public float[] AreaZ { get; private set; }
    /// <summary>Area of surface that the sample stands for, square cells.</summary>
    public float[] Area { get; private set; }
    /// <summary>The level, with fraction, whose cells suit the sampling density here.</summary>
    public float[] Depth { get; private set; }
    /// <summary>Number of samples.</summary>
    public int Count => X.Length;

    /// <summary>The samples of the finest level.</summary>
    /// <param name="points">The points.</param>
    /// <param name="density">Their sampling density.</param>
    public static LevelSamples Finest(OrientedPoints points, SamplingDensity density)
    {
        var all = new LevelSamples(points.Count);
        var cloud = points.Cloud;
        for (var i = 0; i < points.Count; i++)
        {
            var p = points.Source[i];
            var (nx, ny, nz) = (cloud.NormalX[p], cloud.NormalY[p], cloud.NormalZ[p]);
            var scale = density.Areas[i] / MathF.Sqrt(nx * nx + ny * ny + nz * nz);
            all.Codes[i] = points.Codes[i];
            (all.X[i], all.Y[i], all.Z[i]) = (points.X[i], points.Y[i], points.Z[i]);
            (all.AreaX[i], all.AreaY[i], all.AreaZ[i]) = (nx * scale, ny * scale, nz * scale);
            all.Area[i] = density.Areas[i];
            all.Depth[i] = density.Depths[i];
        }
        return all.Merged(0, 1);
    }

    /// <summary>The samples of the next coarser level.</summary>
    public LevelSamples Coarser() => Merged(3, 0.5f);

    /// <summary>Merges samples of one half cell, after dropping <paramref name="shift"/> bits of the codes and scaling lengths.</summary>
    private LevelSamples Merged(int shift, float scale)
    {
        var merged = new LevelSamples(Count);
        var count = 0;
        for (var i = 0; i < Count; count++)
        {
            var code = Codes[i] >> shift;
            double x = 0, y = 0, z = 0, nx = 0, ny = 0, nz = 0, area = 0, depth = 0;
            for (; i < Count && Codes[i] >> shift == code; i++)
            {
                double a = Area[i];
                x += a * X[i];
                y += a * Y[i];
                z += a * Z[i];
                nx += AreaX[i];
                ny += AreaY[i];
                nz += AreaZ[i];
                depth += a * Depth[i];
                area += a;
            }
            var square = scale * scale;
            merged.Codes[count] = code;
            (merged.X[count], merged.Y[count], merged.Z[count]) = ((float)(x / area * scale), (float)(y / area * scale), (float)(z / area * scale));
            (merged.AreaX[count], merged.AreaY[count], merged.AreaZ[count]) = ((float)nx * square, (float)ny * square, (float)nz * square);
            merged.Area[count] = (float)area * square;
            merged.Depth[count] = (float)(depth / area);
        }
        merged.Truncate(count);
        return merged;
    }

    private void Truncate(int count)
    {
        Codes = Codes[..count];
        (X, Y, Z) = (X[..count], Y[..count], Z[..count]);
        (AreaX, AreaY, AreaZ) = (AreaX[..count], AreaY[..count], AreaZ[..count]);
        Area = Area[..count];
        Depth = Depth[..count];
    }
}
