namespace FaceRecon;

/// <summary>
/// Points with normals, colours and uncertainty, as a struct of arrays: entry i of every array
/// belongs to point i. Coordinates are metres in the frame that the owner states.
/// </summary>
public sealed class PointCloud
{
    /// <summary>Room for <paramref name="count"/> points, all zero.</summary>
    public PointCloud(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        X = new float[count];
        Y = new float[count];
        Z = new float[count];
        NormalX = new float[count];
        NormalY = new float[count];
        NormalZ = new float[count];
        Sigma = new float[count];
        Colors = new byte[3 * count];
    }

    /// <summary>Number of points.</summary>
    public int Count => X.Length;
    /// <summary>x of every point, metres.</summary>
    public float[] X { get; }
    /// <summary>y of every point, metres.</summary>
    public float[] Y { get; }
    /// <summary>z of every point, metres.</summary>
    public float[] Z { get; }
    /// <summary>x of every unit normal, pointing out of the surface.</summary>
    public float[] NormalX { get; }
    /// <summary>y of every unit normal.</summary>
    public float[] NormalY { get; }
    /// <summary>z of every unit normal.</summary>
    public float[] NormalZ { get; }
    /// <summary>Standard deviation of every point along its normal, metres; 0 where unknown.</summary>
    public float[] Sigma { get; }
    /// <summary>Red, green, blue of every point, 3 bytes a point (sRGB).</summary>
    public byte[] Colors { get; }

    /// <summary>The vertices of a mesh with their normals, and nothing else.</summary>
    internal static PointCloud OfVertices(TriangleMesh mesh)
    {
        var cloud = new PointCloud(mesh.VertexCount);
        for (var i = 0; i < cloud.Count; i++)
        {
            (cloud.X[i], cloud.Y[i], cloud.Z[i]) = (mesh.Vertices[i].X, mesh.Vertices[i].Y, mesh.Vertices[i].Z);
            (cloud.NormalX[i], cloud.NormalY[i], cloud.NormalZ[i]) = (mesh.Normals[i].X, mesh.Normals[i].Y, mesh.Normals[i].Z);
        }
        return cloud;
    }

    /// <summary>The points in another frame.</summary>
    public PointCloud Moved(RigidTransform motion)
    {
        var moved = new PointCloud(Count);
        for (var i = 0; i < Count; i++)
        {
            var position = motion.TransformPoint(new Vector3d(X[i], Y[i], Z[i]));
            var normal = motion.Rotate(new Vector3d(NormalX[i], NormalY[i], NormalZ[i]));
            (moved.X[i], moved.Y[i], moved.Z[i]) = ((float)position.X, (float)position.Y, (float)position.Z);
            (moved.NormalX[i], moved.NormalY[i], moved.NormalZ[i]) = ((float)normal.X, (float)normal.Y, (float)normal.Z);
        }
        Sigma.CopyTo(moved.Sigma, 0);
        Colors.CopyTo(moved.Colors, 0);
        return moved;
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Count} points");
}
