using System.Numerics;

namespace FaceRecon;

/// <summary>What a perfect camera would have seen: the scene before the sensor's error.</summary>
/// <param name="Depths">z at every pixel's centre, metres; 0 where there is nothing.</param>
/// <param name="Light">Linear red, green, blue of every pixel.</param>
/// <param name="IsHead">Whether the pixel shows the head.</param>
internal sealed record ExactFrame(float[] Depths, Vector3[] Light, bool[] IsHead);
