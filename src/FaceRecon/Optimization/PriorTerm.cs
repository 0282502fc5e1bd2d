namespace FaceRecon;

/// <summary>The part of the loss that a <see cref="DepthPrior"/> makes. Unknowns that are not to change are held.</summary>
internal sealed class PriorTerm(ParameterLayout layout, SharedModes modes, DepthPrior prior, bool depth, bool focal)
{
    // Weight of what is held: a nanometre, or as little of anything else.
    private const double Held = 1e18;

    /// <summary>Whether depth is left as measured.</summary>
    public bool HoldsDepth => !depth;

    /// <summary>Half the sum of squares.</summary>
    public double Cost(JointState state)
    {
        var sum = 0.0;
        if (depth)
        {
            for (var k = 0; k < layout.FrameCount; k++)
            {
                var own = state.DepthOf(k);
                sum += Square(own[0] / prior.Offset) + Square(own[1] / prior.Scale);
                foreach (var control in own[2..])
                    sum += Square(control / prior.Own);
            }
            foreach (var control in state.Shared)
                sum += Square(control / prior.Shared);
            for (var mode = 0; mode < SharedModes.Count; mode++)
                sum += Square(modes.Amplitude(mode, state) / SigmaOf(mode));
        }
        if (focal)
            sum += Square(state.LogFocal / prior.Focal);
        return sum / 2;
    }

    /// <summary>Adds the prior to the normal equations.</summary>
    public void AddTo(NormalSystem system, JointState state)
    {
        // The world is the first frame's camera.
        for (var i = 0; i < 6; i++)
            system.AddPrior(layout.FrameStart(0) + i, Held, 0);
        for (var k = 0; k < layout.FrameCount; k++)
        {
            var own = state.DepthOf(k);
            var start = layout.FrameStart(k) + 6;
            for (var i = 0; i < own.Length; i++)
                system.AddPrior(start + i, Weight(depth, i == 0 ? prior.Offset : i == 1 ? prior.Scale : prior.Own), own[i]);
        }
        for (var i = 0; i < state.Shared.Length; i++)
            system.AddPrior(layout.SharedStart + i, Weight(depth, prior.Shared), state.Shared[i]);
        for (var mode = 0; depth && mode < SharedModes.Count; mode++)
            modes.AddTo(system, mode, SigmaOf(mode), state);
        system.AddPrior(layout.Focal, Weight(focal, prior.Focal), state.LogFocal);
    }

    /// <summary>Standard deviation of a mode before anything is seen.</summary>
    public double SigmaOf(int mode) => mode == SharedModes.Scale ? prior.MeanScale : prior.Mode;

    private static double Weight(bool free, double sigma) => free ? 1 / (sigma * sigma) : Held;

    private static double Square(double x) => x * x;
}
