namespace FaceRecon;

/// <summary>
/// Finds frames that would spoil the model: blurred by motion, with something before the face, with the face itself changed by
/// a blink or a word.
/// </summary>
internal sealed class FrameExamination(MergeOptions options)
{
    // A blink or a word ends within half a second. A face that stays changed is the face.
    private const int MostChangedInARow = 15;
    // Less than this is no change, however quiet the rest: lids closed over the eyes are 1 to 2 mm, metres.
    private const double LeastChange = 0.0012;
    // Of the luminance, likewise; and eyes that shine differ from view to view, but not suddenly.
    private const double LeastShade = 0.12;
    private const double SuddenShade = 2;
    private const int Remembered = 15, LeastRemembered = 4;

    private readonly FrameSharpness _sharpness = new();
    private readonly Dictionary<string, Queue<double>> _shades = [];
    private int _changedInARow;

    /// <summary>What is wrong with a frame before its pose is known; null for nothing. Each frame goes through once, in order.</summary>
    public string? BeforeRegistration(Keyframe frame)
    {
        if (options.MinimumSharpness <= 0)
            return null;
        var sharpness = FrameSharpness.Measure(frame);
        var share = _sharpness.Compare(sharpness);
        _sharpness.Remember(sharpness);
        return share < options.MinimumSharpness
            ? FormattableString.Invariant($"blurred: {share:P0} as sharp as the frames before (least {options.MinimumSharpness:P0}); move more slowly or add light")
            : null;
    }

    /// <summary>What is wrong with a frame at its pose; null for nothing.</summary>
    public string? AtPose(Keyframe frame, RegistrationModel model, RigidTransform pose)
    {
        if (options.MaximumCovered >= 1 && double.IsPositiveInfinity(options.MaximumChange))
            return null;
        var comparison = FrameComparison.Of(frame, model.Points, options.RegistrationVoxelSize, pose);
        if (comparison.Covered > options.MaximumCovered)
            return FormattableString.Invariant($"covered: something is in front of {comparison.Covered:P0} of the head (most {options.MaximumCovered:P0})");
        var changed = Changed(comparison);
        _changedInARow = changed is null ? 0 : _changedInARow + 1;
        if (changed is not null && _changedInARow <= MostChangedInARow)
            return changed;
        foreach (var part in comparison.Parts)
            Remember(part);
        return null;
    }

    private string? Changed(FrameComparison comparison)
    {
        var rest = comparison.Rest;
        foreach (var part in comparison.Parts)
        {
            if (part.Distance > Math.Max(LeastChange, options.MaximumChange * rest.Distance))
                return FormattableString.Invariant($"changed: the {part.Name} is {part.Distance * 1000:0.0} mm from the model, the rest of the face {rest.Distance * 1000:0.0} mm");
            if (part.Luminance > Math.Max(LeastShade, options.MaximumChange * rest.Luminance) && part.Luminance > SuddenShade * UsualShade(part.Name))
                return FormattableString.Invariant($"changed: the {part.Name} looks different by {part.Luminance:P0}, the rest of the face by {rest.Luminance:P0}");
        }
        return null;
    }

    private double UsualShade(string part)
    {
        if (!_shades.TryGetValue(part, out var before) || before.Count < LeastRemembered)
            return double.PositiveInfinity;
        var sorted = before.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private void Remember(FrameComparison.Part part)
    {
        if (!_shades.TryGetValue(part.Name, out var before))
            _shades[part.Name] = before = new Queue<double>();
        before.Enqueue(part.Luminance);
        if (before.Count > Remembered)
            before.Dequeue();
    }
}
