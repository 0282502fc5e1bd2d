namespace FaceRecon;

/// <summary>
/// What the landmarks of a model are: how many, in which order, and by what stable names. A landmark corresponds to
/// that of another frame, model or person by its name. Right and left are the subject's.
/// </summary>
public sealed class KeypointScheme
{
    private readonly Dictionary<string, int> _indices;

    /// <summary>A scheme of these landmarks.</summary>
    /// <param name="name">The name of the scheme.</param>
    /// <param name="names">One name a landmark, in the model's order, no two alike.</param>
    /// <exception cref="ArgumentException">A name is empty or given twice.</exception>
    public KeypointScheme(string name, IReadOnlyList<string> names)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(names);
        Name = name;
        Names = names;
        _indices = new Dictionary<string, int>(names.Count, StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < names.Count; i++)
            if (string.IsNullOrEmpty(names[i]) || !_indices.TryAdd(names[i], i))
                throw new ArgumentException($"Landmark {i} of scheme {name} has no name of its own: '{names[i]}'.", nameof(names));
    }

    /// <summary>The 468 vertices of MediaPipe's Face Mesh, in its order.</summary>
    public static KeypointScheme FaceMesh468 { get; } = new("FaceMesh468", FaceMeshNames.All());

    /// <summary>
    /// The 68 landmarks of iBUG 300-W (Sagonas et al., ICCV Workshops 2013), numbered from 0: jaw 0-16 from the
    /// right ear, brows 17-26, nose 27-35, eyes 36-47, lips 48-67. Each has the name of the mesh vertex that it is derived from.
    /// </summary>
    public static KeypointScheme Ibug68 { get; } = new("Ibug68", Array.ConvertAll(FaceMeshToIbug, i => FaceMesh468.Names[i]));

    /// <summary>No landmarks: what a set has for which none were looked for.</summary>
    public static KeypointScheme None { get; } = new("None", []);

    /// <summary>The name of the scheme.</summary>
    public string Name { get; }
    /// <summary>The names of the landmarks, in order.</summary>
    public IReadOnlyList<string> Names { get; }
    /// <summary>Number of landmarks.</summary>
    public int Count => Names.Count;

    /// <summary>Vertex of the mesh that lies where landmark i of iBUG's does.</summary>
    internal static ReadOnlySpan<int> FaceMeshVertexOfIbug => FaceMeshToIbug;

    // The jaw of the 68 is an outline, which slides over the skin as the head turns; a vertex of the mesh does not.
    private static int[] FaceMeshToIbug =>
    [
        127, 234, 93, 132, 58, 172, 150, 176, 152, 400, 379, 397, 288, 361, 323, 454, 356,
        70, 63, 105, 66, 107, 336, 296, 334, 293, 300,
        168, 197, 5, 4, 98, 97, 2, 326, 327,
        33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380,
        61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,
        78, 81, 13, 311, 308, 402, 14, 178,
    ];

    /// <summary>Where a landmark stands in the scheme.</summary>
    /// <returns>Its index from 0; -1 where the scheme has no such name.</returns>
    public int IndexOf(string name) => _indices.GetValueOrDefault(name, -1);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({Count} landmarks)";
}
