namespace FaceRecon;

/// <summary>One joint optimisation of keyframes: rounds of partners and steps, and what came of it.</summary>
internal sealed class JointEstimate
{
    // With less turn between the frames, or fewer of them, a wrong depth fits as well as the right one.
    private const int LeastFrames = 5;
    private const double LeastTurn = 15 * Math.PI / 180;
    private const int WindowLength = 8;

    private readonly IReadOnlyList<Keyframe> _frames;
    private readonly PointCloud _model;
    private readonly FaceTracks _tracks;
    private readonly OptimizeOptions _options;
    private readonly ParameterLayout _layout;
    private readonly SharedModes _modes;
    private readonly PriorTerm _prior;
    private readonly List<string> _warnings = [];

    /// <param name="face">The face.</param>
    /// <param name="tracks">Its keypoints.</param>
    /// <param name="options">How; whether the focal length changes too is said apart from them.</param>
    /// <param name="refineFocal">Whether it does.</param>
    /// <param name="start">Where an estimate with other splines ended, to go on from there.</param>
    public JointEstimate(FaceCloud face, FaceTracks tracks, OptimizeOptions options, bool refineFocal = false, JointState? start = null)
    {
        (_frames, _model, _tracks, _options) = (face.Keyframes, face.Model, tracks, options);
        var camera = _frames[0].Camera;
        var shared = Spline(new ImageBox(0, 0, camera.Width, camera.Height), options.SharedSpans, camera.Width, camera.Height);
        // All frames have splines of as many controls, whatever the shape of their heads.
        var (width, height) = (_frames.Average(frame => frame.Width), _frames.Average(frame => frame.Height));
        var own = options.OwnSpans == 0 ? null
            : _frames.Select(frame => Spline(new ImageBox(frame.Left, frame.Top, frame.Width, frame.Height), options.OwnSpans, width, height)).ToArray();
        _layout = new ParameterLayout(_frames, face.HeadCenter, shared, own, refineFocal);
        _modes = new SharedModes(_layout, _frames);
        _prior = new PriorTerm(_layout, _modes, options.Prior, options.CorrectDepth && CanShowDepth(), refineFocal);
        State = start?.In(_layout) ?? new JointState(_layout, [.. _frames.Select(frame => frame.Pose)]);
        if (options.StructuralWeight > options.SemanticWeight && options.SemanticWeight > 0)
            _warnings.Add(FormattableString.Invariant($"The structural weight {options.StructuralWeight} is larger than the semantic weight {options.SemanticWeight}; places without a name can be mistaken for each other, names cannot."));
    }

    /// <summary>Poses and depth, in the end those that fit best.</summary>
    public JointState State { get; private set; }

    /// <summary>Whether depth is left as measured.</summary>
    public bool HoldsDepth => _prior.HoldsDepth;

    /// <summary>Optimises.</summary>
    public OptimizationReport Run(CancellationToken cancellation)
    {
        if (_tracks.IsEmpty && _options.SemanticWeight + _options.StructuralWeight > 0)
            _warnings.Add("The frames carry no keypoints that several of them see; only their surfaces were compared.");
        double[] before = [];
        LevenbergMarquardtResult result = default;
        List<ICostTerm> terms = [];
        var iterations = 0;
        for (var round = 0; round < _options.Rounds; round++)
        {
            terms = Terms(cancellation);
            var problem = new JointProblem(_layout, terms, _prior, _options.MaxThreads);
            if (round == 0)
                before = problem.Costs(State, cancellation);
            result = LevenbergMarquardt.Minimize(problem, State, _options.Iterations, _options.Convergence, _options.MaxThreads, cancellation);
            State = result.State;
            iterations += result.Iterations;
        }
        if (!result.Converged)
            _warnings.Add($"Not converged after {iterations} steps: the loss still fell by more than {_options.Convergence} a step; allow more iterations or rounds.");
        return Report(terms, before, result, iterations);
    }

    // Spans along the longer side; the shorter one of width and height has spans of about the same size.
    private static SplineGrid Spline(ImageBox area, int spans, double width, double height)
    {
        var span = Math.Max(width, height) / spans;
        return new SplineGrid(area, Math.Max(1, (int)Math.Round(width / span)), Math.Max(1, (int)Math.Round(height / span)));
    }

    private bool CanShowDepth()
    {
        var turn = 0.0;
        foreach (var frame in _frames)
            turn = Math.Max(turn, (_frames[0].Pose.Inverse() * frame.Pose).RotationAngle);
        if (_frames.Count >= LeastFrames && turn >= LeastTurn)
            return true;
        if (_options.CorrectDepth)
            _warnings.Add(FormattableString.Invariant($"The depth was left as measured: {_frames.Count} keyframes with {turn * 180 / Math.PI:0} degrees of turn cannot tell a wrong depth from another shape (at least {LeastFrames} and {LeastTurn * 180 / Math.PI:0} degrees are needed)."));
        return false;
    }

    private List<ICostTerm> Terms(CancellationToken cancellation)
    {
        var terms = new List<ICostTerm>();
        var kernel = new RobustKernel(_options.RobustWidth);
        if (_tracks.Semantic.Count > 0)
            terms.Add(new KeypointTerm("semantic", Group(_tracks.Semantic), kernel, _options.SemanticWeight));
        if (_tracks.Structural.Count > 0)
            terms.Add(new KeypointTerm("structural", Group(_tracks.Structural), kernel, _options.StructuralWeight));
        if (_options.DenseWeight > 0)
        {
            var patches = SurfacePatches.Find(_model, _frames, State, _options.Patches, _options.Gate, _options.RemainingDetail, _options.MaxThreads, cancellation);
            // However many pieces are compared, what they say together stays the same.
            terms.Add(new SurfaceTerm(patches, kernel, _options.DenseWeight * 2000 / Math.Max(patches.Length, 1)));
        }
        return terms;
    }

    // A point that is eliminated leaves the differences of every two of its views; so which views share a point says which differences count.
    private TrackedPoint[] Group(List<TrackView[]> tracks)
    {
        var points = new List<TrackedPoint>();
        foreach (var track in tracks)
        {
            var views = Array.ConvertAll(track, ToView);
            // Errors that are alike in n views: given to each n times their variance, they average to just that.
            var alike = Square(_options.RemainingCommonDepth) * views.Length;
            for (var i = 0; i < views.Length; i++)
                views[i] = views[i] with { DepthSigma = Math.Sqrt(Square(views[i].DepthSigma) + alike) };
            var length = _options.Pairing switch { KeypointPairing.Adjacent => 2, KeypointPairing.Window => WindowLength, _ => views.Length };
            if (length >= views.Length)
                points.Add(new TrackedPoint(views));
            else
                for (var start = 0; start + length <= views.Length; start += Math.Max(1, length / 2))
                    points.Add(new TrackedPoint(views[start..(start + length)]));
        }
        return [.. points];
    }

    private KeypointView ToView(TrackView view)
    {
        var frame = _frames[view.Frame];
        var z = frame.DepthAt((float)view.Pixel.U, (float)view.Pixel.V, out var nearest);
        var noise = frame.Sigma[nearest] / 2;
        return new KeypointView(
            _layout.Sample(view.Frame, frame, view.Pixel.U, view.Pixel.V, z), frame.Camera.Fx, frame.Camera.Fy,
            view.Pixel.InformationFactor(), Math.Sqrt(noise * noise + _options.RemainingDepth * _options.RemainingDepth));
    }

    private OptimizationReport Report(List<ICostTerm> terms, double[] before, LevenbergMarquardtResult result, int iterations)
    {
        var reports = terms.Select((term, t) => new TermReport(term.Name, term.GroupCount, term.ResidualCount, before[t], result.Costs[t])).ToList();
        reports.Add(new TermReport("prior", 0, 0, before[^1], result.Costs[^1]));
        var (total, shared) = DepthError();
        var moved = 0.0;
        for (var k = 0; k < _frames.Count; k++)
        {
            var head = _frames[k].HeadCenter;
            moved += (State.Poses[k].TransformPoint(head) - _frames[k].Pose.TransformPoint(head)).LengthSquared / _frames.Count;
        }
        return new OptimizationReport
        {
            Terms = reports,
            Iterations = iterations,
            Converged = result.Converged,
            DepthErrorMillimetre = 1000 * total,
            SharedDepthErrorMillimetre = 1000 * shared,
            PoseChangeMillimetre = 1000 * Math.Sqrt(moved),
            Observability = _prior.HoldsDepth ? [] : Observability(result.Factor),
            Warnings = _warnings,
        };
    }

    private (double Total, double Shared) DepthError()
    {
        double total = 0, shared = 0;
        var count = 0;
        for (var k = 0; k < _frames.Count; k++)
            for (var row = 4; row < _frames[k].Height; row += 8)
            for (var column = 4; column < _frames[k].Width; column += 8)
            {
                var frame = _frames[k];
                var z = frame.Z[row * frame.Width + column];
                if (z <= 0)
                    continue;
                var pixel = _layout.Sample(k, frame, frame.Left + column, frame.Top + row, z);
                total += Square(State.Depth(pixel) - z);
                shared += Square(_layout.SharedGrid.Evaluate(State.Shared, pixel.SharedFirst, pixel.SharedBasis));
                count++;
            }
        return (Math.Sqrt(total / Math.Max(count, 1)), Math.Sqrt(shared / Math.Max(count, 1)));
    }

    private List<ObservabilityReport> Observability(CholeskyFactor? factor)
    {
        var reports = new List<ObservabilityReport>();
        if (factor is null)
            return reports;
        var solution = new double[_layout.Size];
        for (var mode = 0; mode < SharedModes.Count; mode++)
        {
            // Variance of a linear function r.x of the unknowns: r' H^-1 r.
            _modes.Row(mode).CopyTo(solution);
            factor.Solve(solution);
            var variance = 0.0;
            for (var i = 0; i < solution.Length; i++)
                variance += solution[i] * _modes.Row(mode)[i];
            reports.Add(new ObservabilityReport(SharedModes.Names[mode], _modes.Amplitude(mode, State), Math.Sqrt(variance), _prior.SigmaOf(mode)));
        }
        return reports;
    }

    private static double Square(double x) => x * x;
}
