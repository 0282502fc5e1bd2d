using System.Management.Automation;

namespace FaceRecon.PowerShell;

/// <summary>
/// A detector of the user's own, in PowerShell. It is given the frame, and its cloud where there is one, and emits a KeypointSet, or
/// semantic and structural keypoints, or hashtables and objects with their properties.
/// </summary>
internal sealed class ScriptDetector(ScriptBlock script)
{
    private const string SchemeName = "Detector";
    private KeypointScheme _scheme = new(SchemeName, []);

    /// <summary>The keypoints that the script finds in a frame, lifted to the surface where there is one.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.StageFailed"/>: the script threw, or emitted what are no keypoints.</exception>
    public KeypointSet Detect(RgbdFrame frame, FramePointCloud? cloud)
    {
        try
        {
            var output = script.InvokeWithContext(null, [new PSVariable("_", frame)], frame, cloud!);
            var set = ToSet([.. output.Select(item => item?.BaseObject is PSCustomObject ? item : item?.BaseObject).OfType<object>()], frame.Index);
            return cloud is null ? set : KeypointLifter.Lift(set, cloud);
        }
        catch (Exception e) when (e is (RuntimeException or ArgumentException or InvalidCastException) and not PipelineStoppedException)
        {
            throw new FaceReconException(ErrorId.StageFailed,
                $"Frame {frame.Index}: -Detector failed: {e.Message.TrimEnd('.')}; it must emit keypoints, as in @{{ Name = 'Mole'; U = 310; V = 205 }}, or a FaceRecon.KeypointSet.",
                frame.DepthPath, frame.Index, e);
        }
    }

    private KeypointSet ToSet(List<object> output, int frame)
    {
        if (output is [KeypointSet whole])
            return whole with { FrameIndex = frame };
        List<SemanticKeypoint> semantic = [];
        List<StructuralKeypoint> structural = [];
        foreach (var item in output)
        {
            if (item is StructuralKeypoint point)
                structural.Add(point);
            else if (item is SemanticKeypoint || HasName(item))
                semantic.Add((SemanticKeypoint)LanguagePrimitives.ConvertTo(item, typeof(SemanticKeypoint)));
            else
                structural.Add((StructuralKeypoint)LanguagePrimitives.ConvertTo(item, typeof(StructuralKeypoint)));
        }
        // Frames with the same landmarks share their scheme.
        if (!semantic.Select(keypoint => keypoint.Name).SequenceEqual(_scheme.Names))
            _scheme = new KeypointScheme(SchemeName, [.. semantic.Select(keypoint => keypoint.Name)]);
        return new KeypointSet { FrameIndex = frame, Scheme = _scheme, Semantic = semantic, Structural = structural, Score = semantic.Count > 0 ? 1 : 0 };
    }

    private static bool HasName(object item) => item is System.Collections.IDictionary table
        ? table.Keys.OfType<string>().Contains("Name", StringComparer.OrdinalIgnoreCase)
        : PSObject.AsPSObject(item).Properties["Name"] is not null;
}
