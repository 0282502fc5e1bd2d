namespace FaceRecon;

/// <summary>The two files and the time of a frame.</summary>
internal readonly record struct ImagePair(string ColorPath, string DepthPath, double Timestamp);

/// <summary>A capture with an image file each for colour and depth of a frame.</summary>
internal sealed class ImagePairSource(CaptureLayout layout, StatedCamera camera, double depthScale, ImagePair[] pairs) : FrameSource
{
    internal override CaptureLayout Layout => layout;
    internal override StatedCamera Camera => camera;
    internal override double DepthScale => depthScale;
    internal override int Count => pairs.Length;

    internal override IEnumerable<string> FilesOf(int index) => [pairs[index].ColorPath, pairs[index].DepthPath];

    internal override double? TimestampOf(int index) => pairs[index].Timestamp;

    internal override RawFrame Read(int index, CancellationToken cancellation)
    {
        var pair = pairs[index];
        var color = ImageFile.ReadColor(pair.ColorPath);
        cancellation.ThrowIfCancellationRequested();
        return new RawFrame(color, ImageFile.ReadDepth(pair.DepthPath, depthScale), pair.Timestamp, camera, pair.ColorPath, pair.DepthPath);
    }
}
