namespace FaceRecon;

/// <summary>The whole loss: the terms and the priors that keep what they cannot see where it is.</summary>
internal sealed class JointProblem(ParameterLayout layout, IReadOnlyList<ICostTerm> terms, PriorTerm prior, int threads)
{
    // Fixed, so that sums are the same however many threads there are.
    private const int Parts = 2;

    private readonly NormalSystem[] _systems = [new(layout.Size), new(layout.Size)];
    private readonly LinearizationScratch[] _scratch = [new(layout), new(layout)];

    /// <summary>The loss by term, the priors last.</summary>
    public double[] Costs(JointState state, CancellationToken cancellation)
    {
        var costs = new double[terms.Count + 1];
        for (var t = 0; t < terms.Count; t++)
        {
            var term = terms[t];
            var parts = new double[64];
            Parallel.For(0, parts.Length, Threads.Options(threads, cancellation), part =>
            {
                for (var group = part; group < term.GroupCount; group += parts.Length)
                    parts[part] += term.Cost(state, group);
            });
            foreach (var part in parts)
                costs[t] += part;
        }
        costs[^1] = prior.Cost(state);
        return costs;
    }

    /// <summary>The normal equations there. Valid until the next call.</summary>
    public NormalSystem Linearize(JointState state, CancellationToken cancellation) => Add(state, holdMatrix: false, cancellation);

    /// <summary>The gradient there, with the matrix of the last linearisation. Valid until the next call.</summary>
    public NormalSystem RenewGradient(JointState state, CancellationToken cancellation) => Add(state, holdMatrix: true, cancellation);

    private NormalSystem Add(JointState state, bool holdMatrix, CancellationToken cancellation)
    {
        Parallel.For(0, Parts, Threads.Options(threads, cancellation), part =>
        {
            _systems[part].Clear(holdMatrix);
            foreach (var term in terms)
                for (var group = part; group < term.GroupCount; group += Parts)
                    term.Linearize(state, group, _scratch[part], _systems[part]);
            _scratch[part].Schur.Flush(_systems[part]);
        });
        for (var part = 1; part < Parts; part++)
            _systems[0].Add(_systems[part]);
        prior.AddTo(_systems[0], state);
        return _systems[0];
    }
}
