namespace FaceRecon;

/// <summary>Mesh file formats; several may be combined.</summary>
[Flags]
public enum MeshFormats
{
    /// <summary>No mesh file.</summary>
    None = 0,
    /// <summary>face.ply, binary little-endian: positions, normals, colours, sigma.</summary>
    Ply = 1,
    /// <summary>face.glb, glTF 2.0 binary: metres, y up.</summary>
    Glb = 2,
    /// <summary>face.obj with vertex colours.</summary>
    Obj = 4,
    /// <summary>face.stl, binary.</summary>
    Stl = 8,
}

/// <summary>What is written and how.</summary>
public sealed record ExportOptions
{
    /// <summary>Mesh formats.</summary>
    public MeshFormats Formats { get; init; } = MeshFormats.Ply | MeshFormats.Glb;

    /// <summary>Unit of PLY, OBJ and STL. GLB is always metres.</summary>
    public LengthUnit Unit { get; init; } = LengthUnit.Metre;

    /// <summary>The frame in which mesh, cloud and trajectory are written. GLB is y-up in either.</summary>
    public MeshOrientation Orientation { get; init; }

    /// <summary>PLY as text.</summary>
    public bool Ascii { get; init; }

    /// <summary>How the surface is made.</summary>
    public SurfaceOptions Surface { get; init; } = new();

    /// <summary>What was typed to have all this made, for the report; empty where nothing was.</summary>
    public string Command { get; init; } = "";

    /// <summary>Whether an output folder with contents will do; files of the same names are replaced.</summary>
    public bool Force { get; init; }
}

/// <summary>What was written.</summary>
/// <param name="Mesh">The mesh, world, metres.</param>
/// <param name="Files">Full paths.</param>
public sealed record ExportResult(TriangleMesh Mesh, IReadOnlyList<string> Files);
