namespace FaceRecon;

/// <summary>
/// How many of a face's landmarks lie on the head. Every part of a face, seen or hidden, projects into the outline of its head;
/// landmarks that lie beside it show that the model has lost the face's shape, in profile above all, and then those that
/// happen to lie on the head are as wrong.
/// </summary>
internal static class HeadCoverage
{
    // In a profile the landmarks of the contour lie beside the head by up to 9 mm although those that are seen are right to a
    // few; and edges have no depth.
    private const double Reach = 0.010;
    // What lies farther behind the face than this is no head, in a cloud of a whole scene.
    private const double HeadDepth = 0.15;

    /// <summary>The share of the landmarks inside the image that have the head under them or within reach; 1 where there is no depth.</summary>
    /// <param name="landmarks">Landmarks, seen and hidden.</param>
    /// <param name="depths">The depth under each, metres; 0 where there is none. Ordered by this method.</param>
    /// <param name="cloud">The frame's points.</param>
    public static double Share(ImageLandmarks landmarks, Span<double> depths, FramePointCloud cloud)
    {
        depths.Sort();
        var measured = depths[depths.IndexOfAnyExcept(0.0) is var first and >= 0 ? first.. : depths.Length..];
        if (measured.IsEmpty)
            return 1;
        var middle = measured[measured.Length / 2];
        var reach = (int)Math.Round(Reach * cloud.Intrinsics.Fx / middle);
        var (inside, covered) = (0, 0);
        for (var i = 0; i < landmarks.Count; i++)
        {
            var (u, v) = ((int)Math.Round(landmarks.U[i]), (int)Math.Round(landmarks.V[i]));
            if ((uint)u >= (uint)cloud.Intrinsics.Width || (uint)v >= (uint)cloud.Intrinsics.Height)
                continue;
            inside++;
            if (HasHead(cloud, u - cloud.Left, v - cloud.Top, reach, middle + HeadDepth))
                covered++;
        }
        return inside == 0 ? 1 : covered / (double)inside;
    }

    private static bool HasHead(FramePointCloud cloud, int x, int y, int reach, double farthest)
    {
        for (var row = Math.Max(y - reach, 0); row <= Math.Min(y + reach, cloud.Height - 1); row++)
        {
            var half = (int)Math.Sqrt(reach * reach - (row - y) * (row - y));
            for (var column = Math.Max(x - half, 0); column <= Math.Min(x + half, cloud.Width - 1); column++)
                if (cloud.Z[row * cloud.Width + column] is var z && z > 0 && z < farthest)
                    return true;
        }
        return false;
    }
}
