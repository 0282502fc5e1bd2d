namespace FaceRecon;

/// <summary>Any landmark network with a description: the names of its landmarks and how it wants its image.</summary>
internal sealed class OnnxLandmarkModel : LandmarkModel
{
    private readonly OnnxModel _model;
    private readonly LandmarkModelDescription _description;
    private readonly float[] _planes;
    private readonly float[] _input;
    private readonly long[] _shape;
    private readonly float[] _scale = new float[3];
    private readonly float[] _offset = new float[3];
    private readonly int _output;
    private readonly int _scoreOutput;

    /// <summary>Loads a model and the description beside it.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public OnnxLandmarkModel(string path, int threads)
    {
        _model = new OnnxModel(path, threads);
        try
        {
            _description = LandmarkModelDescription.Read(path);
            Scheme = new KeypointScheme(_description.Name, _description.Landmarks);
            var side = _description.Size;
            var channels = _description.Channels == LandmarkModelDescription.ChannelOrder.Gray ? 1 : 3;
            _shape = _description.Layout == LandmarkModelDescription.InputLayout.NCHW ? [1, channels, side, side] : [1, side, side, channels];
            if (_model.Input.Shape.Length != 4 || _model.Input.Shape.Where((extent, i) => extent >= 0 && extent != _shape[i]).Any())
                throw _model.Invalid($"takes {_model.Input}, and its scheme says [{string.Join(", ", _shape)}]");
            _output = FindOutput(_description.Output, Scheme.Count * _description.Components)
                ?? throw _model.Invalid($"has no output{(_description.Output is null ? "" : $" '{_description.Output}'")} of {Scheme.Count} landmarks times {_description.Components}");
            _scoreOutput = _description.ScoreOutput is null ? -1
                : FindOutput(_description.ScoreOutput, 1) ?? throw _model.Invalid($"has no output '{_description.ScoreOutput}' of one value");
        }
        catch
        {
            _model.Dispose();
            throw;
        }
        _planes = new float[3 * _description.Size * _description.Size];
        _input = new float[_shape[1] * _shape[2] * _shape[3]];
        for (var c = 0; c < 3; c++)
        {
            var from = _input.Length == _planes.Length ? ChannelOf(c) : 0;
            (_scale[c], _offset[c]) = ((float)(_description.Scale / _description.Std[from]), (float)(-_description.Mean[from] / _description.Std[from]));
        }
    }

    /// <inheritdoc/>
    public override KeypointScheme Scheme { get; }

    /// <inheritdoc/>
    public override bool HasScore => _scoreOutput >= 0;

    /// <inheritdoc/>
    public override double Find(ColorImage image, OrientedSquare face, ImageLandmarks landmarks)
    {
        var side = _description.Size;
        var square = face with { Size = _description.Margin * face.Size };
        ImageSampler.Sample(image, square, side, _scale, _offset, _planes);
        Arrange(side * side);
        using var result = _model.Run(_input, _shape);
        var values = result.Values(_output);
        if (values.Length != Scheme.Count * _description.Components)
            throw _model.Invalid($"gave {values.Length} values for {Scheme.Count} landmarks");
        var (scale, origin) = _description.Range switch
        {
            LandmarkModelDescription.CoordinateRange.Signed => (0.5, 0.5),
            LandmarkModelDescription.CoordinateRange.Pixel => (1.0 / side, 0.0),
            _ => (1.0, 0.0),
        };
        for (var i = 0; i < Scheme.Count; i++)
        {
            var k = i * _description.Components;
            (landmarks.U[i], landmarks.V[i]) = square.ToImage(values[k] * scale + origin, values[k + 1] * scale + origin);
            landmarks.Relief[i] = _description.Components == 3 ? values[k + 2] * scale * square.Size : 0;
        }
        return HasScore ? 1 / (1 + Math.Exp(-result.Values(_scoreOutput)[0])) : 1;
    }

    /// <summary>The last landmarks' square, turned as before where the eyes' corners are not named.</summary>
    public override OrientedSquare Locate(ImageLandmarks landmarks)
    {
        var (right, left) = (Scheme.IndexOf("RightEyeOuterCorner"), Scheme.IndexOf("LeftEyeOuterCorner"));
        var angle = right >= 0 && left >= 0 ? Math.Atan2(landmarks.V[left] - landmarks.V[right], landmarks.U[left] - landmarks.U[right]) : 0;
        return OrientedSquare.Around(landmarks.U, landmarks.V, angle, 1);
    }

    /// <inheritdoc/>
    public override void Dispose() => _model.Dispose();

    // Which of the network's channels the image's channel c is.
    private int ChannelOf(int c) => _description.Channels == LandmarkModelDescription.ChannelOrder.BGR ? 2 - c : c;

    private int? FindOutput(string? name, int values)
    {
        for (var i = 0; i < _model.Outputs.Length; i++)
        {
            var output = _model.Outputs[i];
            // Open extents (-1) are settled when the network runs.
            var known = output.Shape.Where(extent => extent >= 0).Aggregate(1L, (product, extent) => product * extent);
            if ((name is null || output.Name == name) && (known == values || output.Shape.Any(extent => extent < 0) && name is not null))
                return i;
        }
        return null;
    }

    private void Arrange(int area)
    {
        if (_input.Length == area)
        {
            // Scale and offset went with the planes and pass through the weighted mean.
            for (var i = 0; i < area; i++)
                _input[i] = ChannelWeights.Luminance.Of(_planes[i], _planes[area + i], _planes[2 * area + i]);
            return;
        }
        var interleaved = _description.Layout == LandmarkModelDescription.InputLayout.NHWC;
        for (var c = 0; c < 3; c++)
        {
            var to = ChannelOf(c);
            var plane = _planes.AsSpan(c * area, area);
            if (!interleaved)
                plane.CopyTo(_input.AsSpan(to * area, area));
            else
                for (var i = 0; i < area; i++)
                    _input[3 * i + to] = plane[i];
        }
    }
}
