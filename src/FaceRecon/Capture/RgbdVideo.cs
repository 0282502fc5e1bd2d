namespace FaceRecon;

/// <summary>
/// An RGB-D video on disk: a capture folder, an Open3D or TUM folder, or a folder of StandardCyborg BPLY
/// files. Frames are decoded as they are asked for, a few ahead on other threads, and the lens's distortion is removed;
/// the whole video is never in memory. Any thread may read, and more than one at a time.
/// </summary>
public sealed class RgbdVideo
{
    private readonly FrameSource _source;
    private readonly Lazy<RectificationMap?> _map;
    private readonly int _threads;
    private readonly LensCorrection _correction;

    private RgbdVideo(string path, FrameSource source, RgbdVideoOptions options)
    {
        Path = path;
        _source = source;
        _correction = options.LensCorrection;
        _threads = options.MaxThreads > 0 ? options.MaxThreads : Math.Min(Environment.ProcessorCount, 4);
        RemovesDistortion = source.Camera.Lens(_correction) is not null;
        _map = new(() => Map(source.Camera));
    }

    /// <summary>The folder, as it was given.</summary>
    public string Path { get; }
    /// <summary>How the capture lies on disk.</summary>
    public CaptureLayout Layout => _source.Layout;
    /// <summary>The camera of every frame that is read. Removing the lens's distortion keeps the stated focal length and principal point.</summary>
    public CameraIntrinsics Intrinsics => _source.Camera.Intrinsics;
    /// <summary>Number of frames in the capture, whether they can be read or not.</summary>
    public int FrameCount => _source.Count;
    /// <summary>Whether frames are resampled to remove the lens's distortion.</summary>
    public bool RemovesDistortion { get; }

    /// <summary>Finds out what the folder is, lists its frames and reads its intrinsics. No image is read yet.</summary>
    /// <param name="path">The capture's folder.</param>
    /// <param name="options">How to read it; null for the defaults.</param>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.CaptureNotFound"/>, <see cref="ErrorId.CaptureEmpty"/>, <see cref="ErrorId.IntrinsicsMissing"/>,
    /// <see cref="ErrorId.IntrinsicsInvalid"/>, <see cref="ErrorId.DepthScaleInvalid"/>, <see cref="ErrorId.TimestampsInvalid"/>,
    /// <see cref="ErrorId.FrameMissing"/>, <see cref="ErrorId.ContainerCorrupt"/> or <see cref="ErrorId.InvalidOption"/>.
    /// </exception>
    public static RgbdVideo Open(string path, RgbdVideoOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new RgbdVideoOptions();
        if (options.MaxThreads < 0)
            throw new FaceReconException(ErrorId.InvalidOption, $"{options.MaxThreads} threads cannot decode anything; give 1 or more, or 0 to leave it to the program.");
        if (!Directory.Exists(path))
            throw new FaceReconException(ErrorId.CaptureNotFound, $"{path} {(File.Exists(path) ? "is a file; give the folder of a capture" : "does not exist")}.", path);
        try
        {
            return new RgbdVideo(path, OpenSource(path), options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaceReconException(ErrorId.CaptureNotFound, $"{path} cannot be read: {e.Message}", path, innerException: e);
        }
    }

    /// <summary>
    /// SHA-256 of everything that is read from the capture: images, intrinsics, times. It does not depend on how folders and files
    /// are named, nor on what else lies beside them. Both cores read and hash.
    /// </summary>
    /// <returns>64 hexadecimal digits.</returns>
    public string ContentHash(CancellationToken cancellation = default) => CaptureHash.Of(_source, _threads, cancellation);

    /// <summary>The frames of which a file is not there.</summary>
    internal IEnumerable<int> FramesWithMissingFiles => Enumerable.Range(0, FrameCount).Where(index => !_source.FilesOf(index).All(File.Exists));

    /// <summary>When each frame was taken, seconds; null where that takes reading them.</summary>
    internal IReadOnlyList<double>? Timestamps => FrameCount > 0 && _source.TimestampOf(0) is null
        ? null
        : [.. Enumerable.Range(0, FrameCount).Select(index => _source.TimestampOf(index)!.Value)];

    private static FrameSource OpenSource(string path)
    {
        if (TumFolder.Recognises(path))
            return TumFolder.Open(path);
        if (ImageFolders.Recognises(path))
            return ImageFolders.Open(path);
        if (BplyFolder.Recognises(path))
            return BplyFolder.Open(path);
        throw new FaceReconException(ErrorId.CaptureEmpty,
            $"{path} holds no capture: neither color and depth folders, nor rgb.txt and depth.txt, nor StandardCyborg .ply frames.", path);
    }

    /// <summary>
    /// Reads frames in order, decoding ahead. A frame that cannot be read goes to <paramref name="onBadFrame"/>, and the rest follow.
    /// Stopping the enumeration stops the decoding.
    /// </summary>
    /// <param name="selection">Which frames; null for all.</param>
    /// <param name="onBadFrame">Told, on the enumerating thread, of each frame that cannot be read; null to end with its error instead.</param>
    /// <param name="cancellation">Ends the enumeration with <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.InvalidOption"/>: the selection leaves nothing. <see cref="ErrorId.DepthScaleInvalid"/>: the depth is none of a face video.
    /// The error of the first bad frame where there is no <paramref name="onBadFrame"/>, or where every frame is bad:
    /// <see cref="ErrorId.FrameMissing"/>, <see cref="ErrorId.ImageCorrupt"/>, <see cref="ErrorId.ImageTooLarge"/>, <see cref="ErrorId.ImageSizeMismatch"/>,
    /// <see cref="ErrorId.DepthFormatUnsupported"/>, <see cref="ErrorId.ContainerCorrupt"/> or <see cref="ErrorId.TimestampsInvalid"/>.
    /// </exception>
    public IEnumerable<RgbdFrame> ReadFrames(FrameSelection? selection = null, Action<FaceReconException>? onBadFrame = null, CancellationToken cancellation = default)
    {
        var indices = (selection ?? FrameSelection.All).Indices(FrameCount);
        return Read(indices, onBadFrame, cancellation);
    }

    private IEnumerable<RgbdFrame> Read(int[] indices, Action<FaceReconException>? onBadFrame, CancellationToken cancellation)
    {
        FaceReconException? firstError = null;
        var anyGood = false;
        var scaleChecked = false;
        var previous = double.NegativeInfinity;
        foreach (var (decoded, decodeError) in ReadAhead.InOrder(indices, _threads, Decode, cancellation))
        {
            var error = decodeError ?? (decoded!.Timestamp > previous ? null : OutOfOrder(decoded, previous));
            if (error is not null)
            {
                if (onBadFrame is null)
                    throw error;
                firstError ??= error;
                onBadFrame(error);
                continue;
            }
            scaleChecked = scaleChecked || DepthPlausibility.Check(decoded!, _source.DepthScale, _source.Camera.Source);
            anyGood = true;
            previous = decoded!.Timestamp;
            yield return decoded;
        }
        if (!anyGood)
            throw new FaceReconException(firstError!.ErrorId,
                $"{Path}: none of the {indices.Length} frames can be read. {firstError.Message}", firstError.Path, firstError.FrameIndex, firstError);
    }

    private (RgbdFrame? Frame, FaceReconException? Error) Decode(int index, CancellationToken cancellation)
    {
        try
        {
            var raw = _source.Read(index, cancellation);
            RefuseOtherSize(raw);
            cancellation.ThrowIfCancellationRequested();
            var map = ReferenceEquals(raw.Camera, _source.Camera) ? _map.Value : Map(raw.Camera);
            return (new RgbdFrame(index, raw.Timestamp, Intrinsics,
                map?.Apply(raw.Color) ?? raw.Color, map?.Apply(raw.Depth) ?? raw.Depth, raw.ColorPath, raw.DepthPath), null);
        }
        catch (FaceReconException e)
        {
            return (null, new FaceReconException(e.ErrorId, $"Frame {index}: {e.Message}", e.Path, index, e));
        }
    }

    private void RefuseOtherSize(RawFrame frame)
    {
        var (color, depth) = (frame.Color, frame.Depth);
        if (color.Width != depth.Width || color.Height != depth.Height)
            throw new FaceReconException(ErrorId.ImageSizeMismatch,
                $"{frame.ColorPath} is {color.Width}x{color.Height} but {frame.DepthPath} is {depth.Width}x{depth.Height}; " +
                $"register colour and depth to one camera first.", frame.ColorPath);
        if (depth.Width != Intrinsics.Width || depth.Height != Intrinsics.Height)
            throw new FaceReconException(ErrorId.ImageSizeMismatch,
                $"{frame.DepthPath} is {depth.Width}x{depth.Height} but {_source.Camera.Source} is for {Intrinsics.Width}x{Intrinsics.Height}.", frame.DepthPath);
    }

    /// <summary>What turns an image of <paramref name="camera"/> into one of <see cref="Intrinsics"/>; null where it is one already.</summary>
    private RectificationMap? Map(StatedCamera camera)
    {
        // A surface steeper than this to the image plane, atan 5 = 79 degrees, is taken for an edge.
        const double steepest = 5;
        var (lens, from, to) = (camera.Lens(_correction), camera.Intrinsics, Intrinsics);
        if (lens is null && from == to)
            return null;
        return new RectificationMap(to.Width, to.Height, (u, v) =>
        {
            var ideal = (U: (u - to.Cx) / to.Fx * from.Fx + from.Cx, V: (v - to.Cy) / to.Fy * from.Fy + from.Cy);
            return lens?.Distort(ideal.U, ideal.V) ?? ideal;
        }, steepest / Math.Min(to.Fx, to.Fy));
    }

    private static FaceReconException OutOfOrder(RgbdFrame frame, double previous) => new(ErrorId.TimestampsInvalid, FormattableString.Invariant(
        $"Frame {frame.Index}: {frame.DepthPath} was taken at {frame.Timestamp} s, which does not come after the frame before it at {previous} s."), frame.DepthPath, frame.Index);
}
