namespace FaceRecon;

/// <summary>
/// A network that finds and describes points: of the shape of SuperPoint (DeTone et al., 2018), XFeat (Potje et al., 2024)
/// or ALIKE (Zhao et al., 2022), recognised by what it gives for an empty image.
/// </summary>
internal sealed class NetworkFeatures : StructuralFeatures
{
    // All three halve the image five times at most.
    private const int Multiple = 32;
    private const int ProbeSide = 64;
    // The side of the cells that SuperPoint and XFeat answer for.
    private const int CellSide = 8;
    // Every head in 640x480 fits; in finer images nothing is lost that the next frame would show again.
    private const int MaxPixels = 1 << 20;
    // SuperPoint's own threshold is 0.015; what is weaker yet is not a point to any of them.
    private const float LeastScore = 0.005f;
    // A network's peak on a pixel grid, refined, is good to half a pixel.
    private const double PositionSigma = 0.6;

    private readonly OnnxModel _model;
    private readonly Outputs _outputs;
    private readonly int _channels;
    private readonly (int Width, int Height)? _fixedSize;
    private readonly bool _isProbability;
    private float[] _input = [];
    private float[] _map = [];
    private OnnxResult? _result;
    private InputCrop _crop;

    /// <summary>Loads a network and finds out what it is.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public NetworkFeatures(string path, int threads)
    {
        _model = new OnnxModel(path, threads);
        try
        {
            if (_model.Input.Shape is not [_, 1 or 3 or -1, var height, var width])
                throw _model.Invalid($"takes {_model.Input}; a detector of points takes an image [1, 1 or 3, height, width]");
            _channels = _model.Input.Shape[1] == 3 ? 3 : 1;
            if (height > 0 && width > 0)
                _fixedSize = (long)height * width <= MaxPixels ? (width, height) : throw _model.Invalid($"takes {_model.Input}; images of more than {MaxPixels} pixels are not given to a network");
            (height, width) = _fixedSize is null ? (ProbeSide, ProbeSide) : (height, width);
            using var probe = _model.Run(new float[_channels * width * height], 1, _channels, height, width);
            _outputs = Recognise(probe, width, height);
            DescriptorLength = (int)probe.Shape(_outputs.Descriptor)[1];
            _isProbability = !_outputs.HasCells || SumsToOne(probe.Values(_outputs.Score), width / CellSide * (height / CellSide));
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override int DescriptorLength { get; }

    /// <inheritdoc/>
    public override double Sigma(in ResponsePeak peak) => PositionSigma / _crop.Scale;

    /// <inheritdoc/>
    public override void Find(FramePointCloud cloud, List<ResponsePeak> peaks)
    {
        _crop = Crop(cloud);
        var (width, height) = (_crop.Width, _crop.Height);
        if (_input.Length != _channels * width * height)
            (_input, _map) = (new float[_channels * width * height], new float[width * height]);
        Fill(cloud.Frame.Color);
        _result?.Dispose();
        _result = _model.Run(_input, 1, _channels, height, width);
        if (Recognise(_result, width, height) != _outputs || _result.Shape(_outputs.Descriptor)[1] != DescriptorLength)
            throw _model.Invalid("gives other outputs for one image than for another");
        if (_outputs.HasCells)
            UnfoldCells(width, height);
        else
            _result.Values(_outputs.Score).CopyTo(_map);
        ResponsePeak.Find(_map, width, height, LeastScore, peaks);
        // What was padded is no image.
        peaks.RemoveAll(peak => !(peak.X < _crop.UsedWidth - 1 && peak.Y < _crop.UsedHeight - 1 && float.IsFinite(peak.X + peak.Y)));
        for (var i = 0; i < peaks.Count; i++)
            peaks[i] = peaks[i] with { X = (float)(_crop.Left + (peaks[i].X + 0.5) / _crop.Scale - 0.5), Y = (float)(_crop.Top + (peaks[i].Y + 0.5) / _crop.Scale - 0.5) };
    }

    /// <inheritdoc/>
    public override bool TryDescribe(double u, double v, in TangentFrame tangent, Span<float> descriptor)
    {
        var stride = _outputs.DescriptorStride;
        var (columns, rows) = (_crop.Width / stride, _crop.Height / stride);
        // The value of a cell belongs to the cell's centre.
        var x = Math.Clamp((u - _crop.Left + 0.5) * _crop.Scale / stride - 0.5, 0, columns - 1);
        var y = Math.Clamp((v - _crop.Top + 0.5) * _crop.Scale / stride - 0.5, 0, rows - 1);
        var (left, top) = (Math.Min((int)x, columns - 2), Math.Min((int)y, rows - 2));
        var (s, t) = ((float)(x - left), (float)(y - top));
        var values = _result!.Values(_outputs.Descriptor);
        for (var c = 0; c < descriptor.Length; c++)
        {
            var k = (c * rows + top) * columns + left;
            var upper = values[k] + s * (values[k + 1] - values[k]);
            var lower = values[k + columns] + s * (values[k + columns + 1] - values[k + columns]);
            descriptor[c] = upper + t * (lower - upper);
        }
        return Normalize(descriptor);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _result?.Dispose();
        _model.Dispose();
    }

    // The cloud's window, shrunk where it is too large, and what is left of the last 32 pixels padded.
    private InputCrop Crop(FramePointCloud cloud)
    {
        var (width, height) = _fixedSize ?? default;
        var scale = _fixedSize is null
            ? Math.Min(1, Math.Sqrt((double)MaxPixels / cloud.Width / cloud.Height))
            : Math.Min(1, Math.Min((double)width / cloud.Width, (double)height / cloud.Height));
        var (usedWidth, usedHeight) = (Math.Max((int)(cloud.Width * scale), 1), Math.Max((int)(cloud.Height * scale), 1));
        return _fixedSize is null
            ? new InputCrop(cloud.Left, cloud.Top, scale, usedWidth, usedHeight, RoundUp(usedWidth), RoundUp(usedHeight))
            : new InputCrop(cloud.Left, cloud.Top, scale, usedWidth, usedHeight, width, height);

        static int RoundUp(int length) => Math.Max((length + Multiple - 1) / Multiple, 2) * Multiple;
    }

    private void Fill(ColorImage image)
    {
        var area = _crop.Width * _crop.Height;
        var samples = Math.Max(1, (int)Math.Round(1 / _crop.Scale));
        var share = 1f / (255 * samples * samples);
        for (int y = 0, i = 0; y < _crop.Height; y++)
        for (var x = 0; x < _crop.Width; x++, i++)
        {
            float red = 0, green = 0, blue = 0;
            for (var dy = 0; dy < samples; dy++)
            for (var dx = 0; dx < samples; dx++)
            {
                var column = _crop.Left + (int)((Math.Min(x, _crop.UsedWidth - 1) + (dx + 0.5) / samples) / _crop.Scale);
                var row = _crop.Top + (int)((Math.Min(y, _crop.UsedHeight - 1) + (dy + 0.5) / samples) / _crop.Scale);
                var p = 3 * (Math.Min(row, image.Height - 1) * image.Width + Math.Min(column, image.Width - 1));
                (red, green, blue) = (red + image.Pixels[p], green + image.Pixels[p + 1], blue + image.Pixels[p + 2]);
            }
            if (_channels == 3)
                (_input[i], _input[area + i], _input[2 * area + i]) = (share * red, share * green, share * blue);
            else
                _input[i] = share * ChannelWeights.Luminance.Of(red, green, blue);
        }
    }

    // 64 channels are the pixels of a cell, row by row; the 65th is "none of them".
    private void UnfoldCells(int width, int height)
    {
        var (columns, rows) = (width / CellSide, height / CellSide);
        var cells = columns * rows;
        var scores = _result!.Values(_outputs.Score);
        var reliability = _outputs.Reliability < 0 ? [] : _result.Values(_outputs.Reliability);
        for (var cell = 0; cell < cells; cell++)
        {
            var scale = reliability.IsEmpty ? 1 : reliability[cell];
            var largest = 0f;
            if (!_isProbability)
            {
                largest = float.MinValue;
                for (var k = 0; k <= CellSide * CellSide; k++)
                    largest = Math.Max(largest, scores[k * cells + cell]);
                var sum = 0f;
                for (var k = 0; k <= CellSide * CellSide; k++)
                    sum += MathF.Exp(scores[k * cells + cell] - largest);
                scale /= sum;
            }
            var corner = cell / columns * CellSide * width + cell % columns * CellSide;
            for (var k = 0; k < CellSide * CellSide; k++)
            {
                var score = scores[k * cells + cell];
                _map[corner + k / CellSide * width + k % CellSide] = scale * (_isProbability ? score : MathF.Exp(score - largest));
            }
        }
    }

    private Outputs Recognise(OnnxResult result, int width, int height)
    {
        int score = -1, descriptor = -1, reliability = -1, stride = 0;
        var hasCells = false;
        for (var i = 0; i < _model.Outputs.Length; i++)
        {
            if (result.Shape(i) is not [1, var channels, var rows, var columns])
                continue;
            var isCell = columns == width / CellSide && rows == height / CellSide;
            var isPixel = columns == width && rows == height;
            if (isCell && channels == CellSide * CellSide + 1)
                (score, hasCells) = (i, true);
            else if (isPixel && channels == 1)
                score = i;
            else if (isCell && channels == 1)
                reliability = i;
            else if ((isCell || isPixel) && channels is >= 8 and <= 4096)
                (descriptor, stride) = (i, isCell ? CellSide : 1);
        }
        return score >= 0 && descriptor >= 0
            ? new Outputs(score, descriptor, reliability, hasCells, stride)
            : throw _model.Invalid($"gives [{string.Join("], [", Enumerable.Range(0, _model.Outputs.Length).Select(i => string.Join(", ", result.Shape(i))))}] for an image of {height} x {width}; a detector of points gives scores (65 an 8x8 cell as SuperPoint and XFeat, or one a pixel as ALIKE) and descriptors");
    }

    private static bool SumsToOne(ReadOnlySpan<float> scores, int cells)
    {
        var sum = 0f;
        for (var k = 0; k <= CellSide * CellSide; k++)
        {
            if (!(scores[k * cells] >= 0))
                return false;
            sum += scores[k * cells];
        }
        return Math.Abs(sum - 1) < 1e-3f;
    }

    /// <summary>Which output is what.</summary>
    private readonly record struct Outputs(int Score, int Descriptor, int Reliability, bool HasCells, int DescriptorStride);

    /// <summary>Which part of the image the network sees: input pixel (x + 0.5) = scale (u - left + 0.5); beyond the used part it is padding.</summary>
    private readonly record struct InputCrop(int Left, int Top, double Scale, int UsedWidth, int UsedHeight, int Width, int Height);
}
