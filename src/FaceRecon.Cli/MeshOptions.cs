using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>How the mesh is made, on the command line.</summary>
internal static class MeshOptions
{
    private static readonly SurfaceOptions Default = new();

    public static readonly Option<SurfaceMethod> Method = new("--surface-method") { Description = "How the surface is made: poisson (of the merged points, smooth) or tsdf (the fused distances as they are)." };
    public static readonly Option<int> OctreeDepth = new("--octree-depth") { Description = "Depth of the Poisson reconstruction, 4 to 10: each level halves the cells. 0 for cells that suit the points." };
    public static readonly Option<double> PointWeight = new("--point-weight") { Description = "How strongly the Poisson surface is pulled to the points, against agreeing with their normals.", DefaultValueFactory = _ => Default.Poisson.PointWeight };
    public static readonly Option<double> MinimumDensity = new("--minimum-density") { Description = "Cut the surface away where points lie less densely than this share of the typical density.", DefaultValueFactory = _ => Default.MinimumDensity };
    public static readonly Option<double> MaximumHole = new("--maximum-hole") { Description = "Close gaps in the data up to this width, millimetres; face.ply marks the vertices that do.", DefaultValueFactory = _ => 1000 * Default.MaximumHole };
    public static readonly Option<int> TriangleCount = new("--triangle-count") { Description = "Triangles of the mesh at most; 0 for all." };
    public static readonly Option<MeshOrientation> Orientation = new("--orientation") { Description = "Frame of mesh, cloud and trajectory: camera (the first accepted frame's) or face (origin between the eyes, x to the subject's left, y up, z out of the face)." };

    /// <summary>What was asked for.</summary>
    public static SurfaceOptions SurfaceFrom(ParseResult arguments) => Default with
    {
        Method = arguments.GetValue(Method),
        Poisson = Default.Poisson with { Depth = arguments.GetValue(OctreeDepth), PointWeight = arguments.GetValue(PointWeight) },
        MinimumDensity = arguments.GetValue(MinimumDensity),
        MaximumHole = 0.001 * CaptureOptions.Require(arguments.GetValue(MaximumHole), 0, "--maximum-hole"),
        TriangleCount = arguments.GetValue(TriangleCount),
    };
}
