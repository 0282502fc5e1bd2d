namespace FaceRecon.Tests;

/// <summary>A frame to which something happened that happens in real captures.</summary>
internal static class DisturbedCloud
{
    /// <summary>With a flat thing of 9 by 12 cm, 12 cm in front of the middle of the head. Keypoints have to be found anew.</summary>
    public static FramePointCloud WithHand(FramePointCloud cloud)
    {
        var (camera, center) = (cloud.Intrinsics, cloud.Head!.Value.Center);
        var pixels = (byte[])cloud.Frame.Color.Pixels.Clone();
        var depths = (float[])cloud.Frame.Depth.Depths.Clone();
        var (u0, v0) = camera.Project(center);
        var radius = 0.045 * camera.Fx / center.Z;
        for (var v = 0; v < camera.Height; v++)
        for (var u = 0; u < camera.Width; u++)
        {
            var off = Math.Pow((u - u0) / radius, 2) + Math.Pow((v - v0) / (1.3 * radius), 2);
            if (off >= 1)
                continue;
            depths[v * camera.Width + u] = (float)(center.Z - 0.12 - 0.02 * Math.Sqrt(1 - off));
            pixels.AsSpan(3 * (v * camera.Width + u), 3).Fill(150);
        }
        return Remade(cloud, pixels, depths, sameKeypoints: false);
    }

    /// <summary>With the opening of each eye in the colour of the cheek below, and 2 mm nearer.</summary>
    public static FramePointCloud WithEyesClosed(FramePointCloud cloud)
    {
        var camera = cloud.Intrinsics;
        var pixels = (byte[])cloud.Frame.Color.Pixels.Clone();
        var depths = (float[])cloud.Frame.Depth.Depths.Clone();
        foreach (var side in (string[])["Right", "Left"])
        {
            var (outer, inner) = (cloud.Keypoints![side + "EyeOuterCorner"]!, cloud.Keypoints[side + "EyeInnerCorner"]!);
            var (u0, v0) = ((outer.U + inner.U) / 2, (outer.V + inner.V) / 2);
            var radius = 0.55 * Math.Sqrt(Math.Pow(outer.U - inner.U, 2) + Math.Pow(outer.V - inner.V, 2));
            var skin = 3 * ((int)(v0 + 1.6 * radius) * camera.Width + (int)u0);
            for (var v = (int)(v0 - radius); v <= v0 + radius; v++)
            for (var u = (int)(u0 - radius); u <= u0 + radius; u++)
            {
                if (Math.Pow((u - u0) / radius, 2) + Math.Pow((v - v0) / (0.6 * radius), 2) >= 1)
                    continue;
                cloud.Frame.Color.Pixels.AsSpan(skin, 3).CopyTo(pixels.AsSpan(3 * (v * camera.Width + u)));
                if (depths[v * camera.Width + u] > 0)
                    depths[v * camera.Width + u] -= 0.002f;
            }
        }
        return Remade(cloud, pixels, depths, sameKeypoints: true);
    }

    /// <summary>With colours averaged over 2 reach + 1 pixels along the rows.</summary>
    public static FramePointCloud Blurred(FramePointCloud cloud, int reach)
    {
        var camera = cloud.Intrinsics;
        var sharp = cloud.Frame.Color.Pixels;
        var pixels = (byte[])sharp.Clone();
        for (var v = 0; v < camera.Height; v++)
        for (var i = 3 * (v * camera.Width + reach); i < 3 * ((v + 1) * camera.Width - reach); i++)
        {
            var sum = 0;
            for (var k = -reach; k <= reach; k++)
                sum += sharp[i + 3 * k];
            pixels[i] = (byte)(sum / (2 * reach + 1));
        }
        return Remade(cloud, pixels, cloud.Frame.Depth.Depths, sameKeypoints: true);
    }

    private static FramePointCloud Remade(FramePointCloud cloud, byte[] pixels, float[] depths, bool sameKeypoints)
    {
        var (frame, camera) = (cloud.Frame, cloud.Intrinsics);
        var made = FramePointCloud.FromFrame(new RgbdFrame(frame.Index, frame.Timestamp, camera,
            new ColorImage(camera.Width, camera.Height, pixels), new DepthImage(camera.Width, camera.Height, depths)));
        return sameKeypoints ? made.WithKeypoints(cloud.Keypoints!) : made;
    }
}
