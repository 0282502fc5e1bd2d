using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FaceRecon;

/// <summary>One number for the contents of a capture: the same for a copy under another name, another for any changed byte.</summary>
internal static class CaptureHash
{
    private static readonly byte[] Missing = new byte[SHA256.HashSizeInBytes];

    /// <summary>The hash of the hashes of all files of all frames in order, with the camera and the times.</summary>
    public static string Of(FrameSource source, int threads, CancellationToken cancellation)
    {
        var files = Enumerable.Range(0, source.Count).SelectMany(source.FilesOf).Append(source.Camera.Source).ToArray();
        var hashes = new byte[files.Length][];
        Parallel.For(0, files.Length, Threads.Options(threads, cancellation), i => hashes[i] = OfFile(files[i]));
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var hash in hashes)
            all.AppendData(hash);
        all.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{source.Layout} {source.Camera.Intrinsics} {source.DepthScale:R}")));
        for (var i = 0; i < source.Count && source.TimestampOf(i) is { } seconds; i++)
            all.AppendData(BitConverter.GetBytes(seconds));
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    /// <summary>The SHA-256 of a file; zeros of one that is no plain file or cannot be read, as the frame then is.</summary>
    public static byte[] OfFile(string path)
    {
        try
        {
            if (!File.Exists(path))
                return Missing;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 17);
            return SHA256.HashData(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Missing;
        }
    }
}
