using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace FaceRecon;

/// <summary>Writes what is known exactly about a synthetic capture beside its frames.</summary>
internal static class GroundTruthFiles
{
    public const string Folder = "groundtruth", Surface = "mesh.ply", Trajectory = "trajectory.txt", Landmarks = "landmarks.txt",
        Visibility = "visibility.npy", Bias = "sensor_bias.json", Parameters = "params.json";

    // The formulas' plus signs stay readable; nothing of a user's text is written.
    private static readonly JsonWriterOptions JsonOptions = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes all files into <paramref name="folder"/>, which exists.</summary>
    /// <param name="folder">The capture's folder groundtruth.</param>
    /// <param name="scene">The scene.</param>
    /// <param name="seen">For every vertex of the truth the number of frames that saw it.</param>
    /// <param name="faceBiasRms">Rms of the smooth depth error over the face, metres.</param>
    /// <param name="faceMissing">Share of the face's pixels without depth.</param>
    public static void Write(string folder, SyntheticScene scene, byte[] seen, double faceBiasRms, double faceMissing)
    {
        using (var stream = File.Create(Path.Combine(folder, Surface)))
            PlyWriter.WriteMesh(stream, scene.Truth);
        using (var stream = File.Create(Path.Combine(folder, Trajectory)))
            TrajectoryWriter.Write(stream, scene.Trajectory());
        File.WriteAllText(Path.Combine(folder, Landmarks), LandmarkText(scene.Landmarks));
        File.WriteAllBytes(Path.Combine(folder, Visibility), NumpyFile.Encode(seen));
        using (var stream = File.Create(Path.Combine(folder, Bias)))
            WriteBias(stream, scene);
        using (var stream = File.Create(Path.Combine(folder, Parameters)))
            WriteParameters(stream, scene, faceBiasRms, faceMissing);
    }

    private static string LandmarkText(IReadOnlyDictionary<string, Vector3> landmarks)
    {
        var text = new StringBuilder("# name x y z (metres, head frame: y up, z out of the face, x to the subject's left)\n");
        foreach (var (name, p) in landmarks)
            text.Append(CultureInfo.InvariantCulture, $"{name} {p.X:0.000000} {p.Y:0.000000} {p.Z:0.000000}\n");
        return text.ToString();
    }

    private static void WriteBias(Stream stream, SyntheticScene scene)
    {
        using var json = new Utf8JsonWriter(stream, JsonOptions);
        json.WriteStartObject();
        json.WriteString("model", "depth = z * (1 + common.scale) * (1 + frame.scale) + frame.offset + common.field(u, v) + frame.field(u, v), metres; "
            + "field: uniform cubic B-spline, sum over i, j of controls[j * columns + i] * b(x - i) * b(y - j), "
            + "x = 1 + (columns - 3) * u / (width - 1), y = 1 + (rows - 3) * v / (height - 1), b the cubic B-spline centred on 0");
        json.WriteStartObject("common");
        json.WriteNumber("scale", scene.DepthSensor.CommonScale);
        WriteField(json, scene.DepthSensor.CommonField);
        json.WriteEndObject();
        json.WriteStartArray("frames");
        for (var frame = 0; frame < scene.Options.Frames; frame++)
        {
            var (scale, offset, field) = scene.DepthSensor.BiasOf(frame);
            json.WriteStartObject();
            json.WriteNumber("scale", scale);
            json.WriteNumber("offset", offset);
            WriteField(json, field);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, BiasField field)
    {
        json.WriteStartObject("field");
        json.WriteNumber("columns", field.Columns);
        json.WriteNumber("rows", field.Rows);
        json.WriteStartArray("controls");
        foreach (var control in field.Controls)
            json.WriteNumberValue(Math.Round(control, 9));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteParameters(Stream stream, SyntheticScene scene, double faceBiasRms, double faceMissing)
    {
        using var json = new Utf8JsonWriter(stream, JsonOptions);
        var (options, error) = (scene.Options, scene.Error);
        json.WriteStartObject();
        json.WriteString("generator", "FaceRecon synthetic capture");
        json.WriteNumber("seed", options.Seed);
        json.WriteNumber("frames", options.Frames);
        json.WriteNumber("frame_rate", MotionPath.FrameRate);
        json.WriteString("motion", options.Motion.ToString());
        json.WriteString("noise", options.Noise.ToString());
        json.WriteNumber("noise_scale", options.NoiseScale);
        json.WriteStartObject("sensor_error");
        json.WriteNumber("noise_m_at_0.5_m", error.Noise);
        json.WriteNumber("noise_at_incidence", error.NoiseAtIncidence);
        json.WriteNumber("noise_correlation", error.NoiseCorrelation);
        json.WriteNumber("lateral_px", error.LateralPixels);
        json.WriteNumber("common_bias_rms_m", error.CommonBias);
        json.WriteNumber("frame_bias_rms_m", error.FrameBias);
        json.WriteNumber("common_scale", error.CommonScale);
        json.WriteNumber("frame_scale", error.FrameScale);
        json.WriteNumber("frame_offset_m", error.FrameOffset);
        json.WriteNumber("flying_share", error.FlyingShare);
        json.WriteNumber("edge_hole_share", error.EdgeHoleShare);
        json.WriteNumber("grazing_deg", error.GrazingDegrees);
        json.WriteNumber("dark_hole_share", error.DarkHoleShare);
        json.WriteNumber("baseline_m", error.Baseline);
        json.WriteNumber("disparity_step_px", error.DisparityStep);
        json.WriteNumber("color_noise", error.ColorNoise);
        json.WriteNumber("exposure_drift", error.ExposureDrift);
        json.WriteNumber("white_balance_drift", error.WhiteBalanceDrift);
        json.WriteNumber("shutter", error.Shutter);
        json.WriteEndObject();
        json.WriteNumber("face_depth_rms_mm", Math.Round(1000 * faceBiasRms, 4));
        json.WriteNumber("face_missing", Math.Round(faceMissing, 5));
        json.WriteEndObject();
    }
}
