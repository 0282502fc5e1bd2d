namespace FaceRecon;

/// <summary>
/// What the elimination of one unknown coordinate takes from the normal equations (Schur complement): the sum of the
/// weighted derivatives of all that hangs on it.
/// </summary>
internal sealed class EliminatedCoordinate
{
    private readonly ParameterLayout _layout;
    private readonly double[] _sum;
    private readonly bool[] _touched;
    private readonly List<Run> _runs = [];

    public EliminatedCoordinate(ParameterLayout layout)
    {
        _layout = layout;
        _sum = new double[layout.Size];
        _touched = new bool[layout.FrameCount];
    }

    /// <summary>The sum.</summary>
    public Span<double> Sum => _sum;

    /// <summary>Where it may not be zero, ascending.</summary>
    public ReadOnlySpan<Run> Runs()
    {
        _runs.Clear();
        for (var k = 0; k < _touched.Length; k++)
            if (_touched[k])
                _runs.Add(new Run(_layout.FrameStart(k), _layout.FrameStart(k) + _layout.FrameSize));
        _runs.Add(new Run(_layout.SharedStart, _layout.Size));
        return System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_runs);
    }

    /// <summary>Adds a weighted derivative.</summary>
    public void Add(PointJacobian jacobian, int frame, double weight)
    {
        _touched[frame] = true;
        foreach (var run in jacobian.Runs)
            NormalSystem.AddScaled(jacobian.Row[run.Start..run.End], weight, _sum.AsSpan(run.Start, run.End - run.Start));
    }

    /// <summary>Back to nothing.</summary>
    public void Clear()
    {
        foreach (var run in Runs())
            _sum.AsSpan(run.Start, run.End - run.Start).Clear();
        Array.Clear(_touched);
    }
}
