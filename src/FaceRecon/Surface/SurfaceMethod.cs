namespace FaceRecon;

/// <summary>How a surface is made of what was merged.</summary>
public enum SurfaceMethod
{
    /// <summary>Screened Poisson reconstruction of the merged points (Kazhdan and Hoppe 2013): smooth, and sure across gaps.</summary>
    Poisson,
    /// <summary>The zero set of the fused distances themselves (Curless and Levoy 1996): nothing smoothed, steps and noise included. It takes the frames, and not only points.</summary>
    Tsdf,
}
