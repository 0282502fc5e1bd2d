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
    /// <summary>face.obj with vertex colours; with a texture also face.mtl and face_texture.png.</summary>
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

    /// <summary>
    /// Whether the mesh gets a texture: a picture inside GLB and beside OBJ that shows the surface finer than the vertices' colours do.
    /// </summary>
    public bool Texture { get; init; }

    /// <summary>Texels along the texture's sides: a power of two from 256 to 4096.</summary>
    public int TextureSize { get; init; } = 2048;

    /// <summary>How the surface is made.</summary>
    public SurfaceOptions Surface { get; init; } = new();

    /// <summary>What was typed to have all this made, for the report; empty where nothing was.</summary>
    public string Command { get; init; } = "";

    /// <summary>Whether an output folder with contents will do; files of the same names are replaced.</summary>
    public bool Force { get; init; }

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="FaceReconException">InvalidOption.</exception>
    internal void Check()
    {
        if (TextureSize is < 256 or > 4096 || !int.IsPow2(TextureSize))
            throw new FaceReconException(ErrorId.InvalidOption, $"TextureSize is {TextureSize}; it must be a power of two from 256 to 4096.");
        Surface.Check();
    }
}

/// <summary>What was written.</summary>
/// <param name="Mesh">The mesh, world, metres.</param>
/// <param name="Files">Full paths.</param>
public sealed record ExportResult(TriangleMesh Mesh, IReadOnlyList<string> Files);
