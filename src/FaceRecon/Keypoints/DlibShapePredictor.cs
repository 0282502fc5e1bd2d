namespace FaceRecon;

/// <summary>
/// dlib's shape predictor: a cascade of forests of regression trees, each of which compares the brightness of two
/// pixels at a node and moves all landmarks at a leaf (Kazemi and Sullivan, "One millisecond face alignment with an
/// ensemble of regression trees", CVPR 2014).
/// </summary>
internal sealed class DlibShapePredictor : LandmarkModel
{
    private const long MaxFileBytes = 1L << 30;
    private const int FormatVersion = 1;
    private const int IbugCount = 68;
    // BlazeFace's box against the one that dlib's mean shape sits in, measured on both synthetic captures.
    private const double BoxScale = 0.94, BoxShift = -0.03;

    private readonly float[] _meanShape;
    private readonly Cascade[] _cascades;
    private readonly float[] _shape;
    private readonly int[] _brightness;

    /// <summary>Reads a .dat file.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public DlibShapePredictor(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FaceReconException(ErrorId.ModelNotFound, $"The model {path} does not exist.", path);
        if (file.Length > MaxFileBytes)
            throw Invalid(path, "is too large");
        try
        {
            (_meanShape, _cascades) = Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Invalid(path, e.Message, e);
        }
        if (_meanShape.Length != 2 * IbugCount)
            throw Invalid(path, $"it has {_meanShape.Length / 2} landmarks; only models of {IbugCount} are known");
        _shape = new float[_meanShape.Length];
        _brightness = new int[_cascades.Max(cascade => cascade.Anchors.Length)];
    }

    /// <inheritdoc/>
    public override KeypointScheme Scheme => KeypointScheme.Ibug68;

    /// <inheritdoc/>
    public override bool HasScore => false;

    /// <inheritdoc/>
    public override OrientedSquare FromDetection(OrientedSquare box)
    {
        var (u, v) = box.ToImage(0.5, 0.5 + BoxShift);
        return new OrientedSquare(u, v, BoxScale * box.Size, box.Angle);
    }

    /// <inheritdoc/>
    public override double Find(ColorImage image, OrientedSquare face, ImageLandmarks landmarks)
    {
        _meanShape.CopyTo(_shape, 0);
        foreach (var cascade in _cascades)
        {
            SampleBrightness(image, face, cascade);
            foreach (var tree in cascade.Trees)
                tree.MoveBy(_brightness, _shape);
        }
        for (var i = 0; i < landmarks.Count; i++)
        {
            (landmarks.U[i], landmarks.V[i]) = face.ToImage(_shape[2 * i], _shape[2 * i + 1]);
            landmarks.Relief[i] = 0;
        }
        return 1;
    }

    /// <summary>The square in which the mean shape lies closest to the landmarks, by the least-squares similarity.</summary>
    public override OrientedSquare Locate(ImageLandmarks landmarks)
    {
        var count = landmarks.Count;
        double meanX = 0, meanY = 0, meanU = 0, meanV = 0;
        for (var i = 0; i < count; i++)
        {
            (meanX, meanY) = (meanX + _meanShape[2 * i] / count, meanY + _meanShape[2 * i + 1] / count);
            (meanU, meanV) = (meanU + landmarks.U[i] / count, meanV + landmarks.V[i] / count);
        }
        double along = 0, across = 0, squares = 0;
        for (var i = 0; i < count; i++)
        {
            var (x, y) = (_meanShape[2 * i] - meanX, _meanShape[2 * i + 1] - meanY);
            var (u, v) = (landmarks.U[i] - meanU, landmarks.V[i] - meanV);
            (along, across, squares) = (along + x * u + y * v, across + x * v - y * u, squares + x * x + y * y);
        }
        var turned = new OrientedSquare(meanU, meanV, Math.Sqrt(along * along + across * across) / squares, Math.Atan2(across, along));
        // That square has the shape's mean at its centre; the shape's own square has it at (meanX, meanY).
        var (centerU, centerV) = turned.ToImage(1 - meanX, 1 - meanY);
        return turned with { CenterU = centerU, CenterV = centerV };
    }

    /// <inheritdoc/>
    public override void Dispose() { }

    // Pixels are tied to the nearest landmark of the mean shape and turn and grow with the shape as a whole.
    private void SampleBrightness(ColorImage image, OrientedSquare face, Cascade cascade)
    {
        var (cos, sin) = Similarity();
        for (var i = 0; i < cascade.Anchors.Length; i++)
        {
            var (dx, dy) = (cascade.OffsetsX[i], cascade.OffsetsY[i]);
            var anchor = 2 * cascade.Anchors[i];
            var (u, v) = face.ToImage(_shape[anchor] + cos * dx - sin * dy, _shape[anchor + 1] + sin * dx + cos * dy);
            var (column, row) = ((int)Math.Floor(u + 0.5), (int)Math.Floor(v + 0.5));
            if ((uint)column >= (uint)image.Width || (uint)row >= (uint)image.Height)
            {
                _brightness[i] = 0;
                continue;
            }
            var pixel = 3 * (row * image.Width + column);
            _brightness[i] = (image.Pixels[pixel] + image.Pixels[pixel + 1] + image.Pixels[pixel + 2]) / 3;
        }
    }

    /// <summary>Scale and turn from the mean shape to the present one.</summary>
    private (double Cos, double Sin) Similarity()
    {
        double meanX = 0, meanY = 0, meanU = 0, meanV = 0;
        var count = _shape.Length / 2;
        for (var i = 0; i < _shape.Length; i += 2)
        {
            (meanX, meanY) = (meanX + _meanShape[i], meanY + _meanShape[i + 1]);
            (meanU, meanV) = (meanU + _shape[i], meanV + _shape[i + 1]);
        }
        (meanX, meanY, meanU, meanV) = (meanX / count, meanY / count, meanU / count, meanV / count);
        double along = 0, across = 0, squares = 0;
        for (var i = 0; i < _shape.Length; i += 2)
        {
            var (x, y) = (_meanShape[i] - meanX, _meanShape[i + 1] - meanY);
            var (u, v) = (_shape[i] - meanU, _shape[i + 1] - meanV);
            (along, across, squares) = (along + x * u + y * v, across + x * v - y * u, squares + x * x + y * y);
        }
        return (along / squares, across / squares);
    }

    private static (float[] MeanShape, Cascade[] Cascades) Read(byte[] bytes)
    {
        var reader = new DlibReader(bytes);
        if (reader.ReadInteger() != FormatVersion)
            throw new InvalidDataException("it is not a shape predictor of version 1");
        var mean = new float[reader.ReadColumnLength()];
        foreach (ref var value in mean.AsSpan())
            value = reader.ReadReal();
        var forests = new Tree[reader.ReadLength(1)][];
        for (var c = 0; c < forests.Length; c++)
        {
            forests[c] = new Tree[reader.ReadLength(1)];
            for (var t = 0; t < forests[c].Length; t++)
                forests[c][t] = ReadTree(ref reader, mean.Length);
        }
        var cascades = new Cascade[forests.Length];
        if (cascades.Length == 0 || reader.ReadLength(1) != forests.Length)
            throw new InvalidDataException("no pixels for its forests");
        for (var c = 0; c < cascades.Length; c++)
        {
            var anchors = new int[reader.ReadLength(1)];
            for (var i = 0; i < anchors.Length; i++)
                if ((uint)(anchors[i] = (int)reader.ReadInteger()) >= (uint)(mean.Length / 2))
                    throw new InvalidDataException("a pixel at a landmark that there is not");
            cascades[c] = new Cascade(forests[c], anchors, new float[anchors.Length], new float[anchors.Length]);
        }
        if (reader.ReadLength(1) != cascades.Length)
            throw new InvalidDataException("no offsets for its pixels");
        foreach (var cascade in cascades)
        {
            if (reader.ReadLength(4) != cascade.Anchors.Length)
                throw new InvalidDataException("another number of offsets than of pixels");
            for (var i = 0; i < cascade.Anchors.Length; i++)
                (cascade.OffsetsX[i], cascade.OffsetsY[i]) = (reader.ReadReal(), reader.ReadReal());
            if (Array.Exists(cascade.Trees, tree => tree.MaxPixel >= cascade.Anchors.Length))
                throw new InvalidDataException("a tree that asks for a pixel that there is not");
        }
        return (mean, cascades);
    }

    private static Tree ReadTree(ref DlibReader reader, int shapeLength)
    {
        var splits = new Split[reader.ReadLength(4)];
        for (var i = 0; i < splits.Length; i++)
            splits[i] = new Split((int)reader.ReadInteger(), (int)reader.ReadInteger(), reader.ReadReal());
        var leaves = reader.ReadLength(2 * shapeLength);
        if (leaves != splits.Length + 1)
            throw new InvalidDataException("a tree with another number of leaves than its nodes need");
        var moves = new float[leaves * shapeLength];
        for (var i = 0; i < leaves; i++)
            reader.ReadColumn(moves.AsSpan(i * shapeLength, shapeLength));
        if (Array.Exists(splits, split => split.First < 0 || split.Second < 0))
            throw new InvalidDataException("a tree with a negative pixel");
        return new Tree(splits, moves);
    }

    private static FaceReconException Invalid(string path, string what, Exception? cause = null) =>
        new(ErrorId.ModelInvalid, $"{path} is not a shape predictor of dlib for 68 landmarks: {what.TrimEnd('.')}.", path, innerException: cause);

    private sealed record Cascade(Tree[] Trees, int[] Anchors, float[] OffsetsX, float[] OffsetsY);

    private readonly record struct Split(int First, int Second, float Threshold);

    /// <summary>A full binary tree; the children of node i are 2i+1, where the first pixel is brighter by the threshold, and 2i+2.</summary>
    private sealed class Tree(Split[] splits, float[] moves)
    {
        public int MaxPixel { get; } = splits.Length == 0 ? -1 : splits.Max(split => Math.Max(split.First, split.Second));

        public void MoveBy(int[] brightness, float[] shape)
        {
            var node = 0;
            while (node < splits.Length)
            {
                ref readonly var split = ref splits[node];
                node = 2 * node + (brightness[split.First] - brightness[split.Second] > split.Threshold ? 1 : 2);
            }
            var move = moves.AsSpan((node - splits.Length) * shape.Length, shape.Length);
            for (var i = 0; i < move.Length; i++)
                shape[i] += move[i];
        }
    }
}
