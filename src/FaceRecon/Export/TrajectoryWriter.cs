using System.Globalization;
using System.Text;

namespace FaceRecon;

/// <summary>
/// Writes a trajectory as the TUM RGB-D benchmark has it: a line a frame, timestamp tx ty tz qx qy qz qw,
/// camera-to-world, seconds and metres. Frames that were not accepted are left out.
/// </summary>
public static class TrajectoryWriter
{
    /// <summary>Writes the accepted of <paramref name="poses"/> in their order.</summary>
    /// <param name="stream">Where to; left open.</param>
    /// <param name="poses">A pose a frame.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Write(Stream stream, IEnumerable<FramePose> poses)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(poses);
        var text = new StringBuilder("# timestamp tx ty tz qx qy qz qw (camera-to-world, seconds, metres)\n");
        foreach (var pose in poses)
        {
            if (!pose.Accepted)
                continue;
            var t = pose.CameraToWorld.Translation;
            var (x, y, z, w) = pose.CameraToWorld.ToQuaternion();
            // Nanometres and nanoradians: far below any error, and the same digits everywhere.
            text.Append(CultureInfo.InvariantCulture,
                $"{pose.Timestamp:0.000000} {t.X:0.000000000} {t.Y:0.000000000} {t.Z:0.000000000} {x:0.000000000} {y:0.000000000} {z:0.000000000} {w:0.000000000}\n");
        }
        stream.Write(Encoding.ASCII.GetBytes(text.ToString()));
    }
}
