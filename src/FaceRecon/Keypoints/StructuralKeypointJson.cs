using System.Buffers.Binary;
using System.Text.Json;

namespace FaceRecon;

/// <summary>The structural keypoints of a <see cref="KeypointFile"/>; one instance for each file, whose descriptors are all of one length.</summary>
internal sealed class StructuralKeypointJson
{
    // SuperPoint has 256; the rest is room.
    private const int LongestDescriptor = 4096;

    private int _descriptorLength = -1;

    /// <summary>Writes a keypoint as an object.</summary>
    public static void Write(Utf8JsonWriter json, StructuralKeypoint keypoint)
    {
        json.WriteStartObject();
        json.WriteNumber("u", Math.Round(keypoint.U, 4));
        json.WriteNumber("v", Math.Round(keypoint.V, 4));
        json.WriteNumber("sigma", Math.Round(keypoint.Sigma, 4));
        json.WriteNumber("strength", Math.Round(keypoint.Strength, 6));
        json.WriteNumber("turn", Math.Round(keypoint.Turn, 5));
        KeypointFile.WritePosition(json, keypoint.Position, keypoint.Covariance);
        var descriptor = keypoint.Descriptor.Span;
        if (!descriptor.IsEmpty)
        {
            // Ten bits a number change a dot product by less than a thousandth.
            var bytes = new byte[2 * descriptor.Length];
            for (var i = 0; i < descriptor.Length; i++)
                BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)descriptor[i]);
            json.WriteBase64String("descriptor", bytes);
        }
        json.WriteEndObject();
    }

    /// <summary>Reads the structural keypoints of a frame; none where it does not speak of them.</summary>
    /// <exception cref="FormatException">A value that is not as it must be.</exception>
    public StructuralKeypoint[] Read(JsonElement frame, int index) =>
        KeypointFile.Optional(frame, "structural") is { } entries ? [.. entries.EnumerateArray().Select(entry => ReadKeypoint(entry, index))] : [];

    private StructuralKeypoint ReadKeypoint(JsonElement entry, int frame)
    {
        var (position, covariance) = KeypointFile.ReadPosition(entry);
        return new StructuralKeypoint
        {
            U = Finite(entry.GetProperty("u"), "u", frame), V = Finite(entry.GetProperty("v"), "v", frame),
            Sigma = KeypointFile.Optional(entry, "sigma") is { } sigma && Finite(sigma, "sigma", frame) is var s
                ? s > 0 ? s : throw new FormatException($"'sigma' is {s} in frame {frame} and must be above 0") : 0.5,
            Strength = KeypointFile.Optional(entry, "strength") is { } strength ? Finite(strength, "strength", frame) : 0,
            Turn = KeypointFile.Optional(entry, "turn") is { } turn ? Finite(turn, "turn", frame) : 0,
            Position = position, Covariance = covariance,
            Descriptor = KeypointFile.Optional(entry, "descriptor") is { } descriptor ? ReadDescriptor(descriptor, frame) : default,
        };
    }

    private float[] ReadDescriptor(JsonElement element, int frame)
    {
        var bytes = element.GetBytesFromBase64();
        var length = bytes.Length / 2;
        if (bytes.Length % 2 != 0 || length is 0 or > LongestDescriptor)
            throw new FormatException($"a descriptor of frame {frame} has {bytes.Length} bytes; it must have 2 to {2 * LongestDescriptor}, two a number");
        if (_descriptorLength >= 0 && length != _descriptorLength)
            throw new FormatException($"the descriptors of frame {frame} have {length} numbers and those before {_descriptorLength}");
        _descriptorLength = length;
        var descriptor = new float[length];
        var squares = 0.0;
        for (var i = 0; i < length; i++)
        {
            descriptor[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(bytes.AsSpan(2 * i));
            squares += (double)descriptor[i] * descriptor[i];
        }
        if (!(squares > 0 && double.IsFinite(squares)))
            throw new FormatException($"a descriptor of frame {frame} has no direction");
        var scale = (float)(1 / Math.Sqrt(squares));
        foreach (ref var value in descriptor.AsSpan())
            value *= scale;
        return descriptor;
    }

    private static double Finite(JsonElement element, string name, int frame) =>
        element.GetDouble() is var value && double.IsFinite(value) ? value : throw new FormatException($"'{name}' of frame {frame} is not finite");
}
