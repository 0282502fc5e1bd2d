using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace FaceRecon;

/// <summary>A tensor that a model takes or gives.</summary>
/// <param name="Name">Its name in the model.</param>
/// <param name="Shape">Extents; -1 where the model leaves one open.</param>
internal sealed record TensorShape(string Name, int[] Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{string.Join(", ", Array.ConvertAll(Shape, extent => extent < 0 ? "?" : $"{extent}"))}]";
}

/// <summary>
/// A neural network of one float input and float outputs, loaded once and run many times. Not for two threads at once.
/// </summary>
internal sealed class OnnxModel : IDisposable
{
    // Landmark and keypoint networks have 1 to 200 MB.
    private const long MaxFileBytes = 1L << 30;

    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly string[] _inputNames;
    private readonly string[] _outputNames;

    /// <summary>Loads an .onnx file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads within one run, 1 or more.</param>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelNotFound"/> or <see cref="ErrorId.ModelInvalid"/>.</exception>
    public OnnxModel(string path, int threads)
    {
        Path = path;
        CheckFile(path);
        OnnxRuntimeLibrary.EnsureStarted();
        _runOptions = new RunOptions();
        try
        {
            using var options = new SessionOptions
            {
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                IntraOpNumThreads = threads,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            // Waiting threads sleep: the other core has another stage to run.
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException e)
        {
            _runOptions.Dispose();
            throw Invalid($"is not a model that ONNX Runtime can load ({FirstLine(e.Message)})", e);
        }
        try
        {
            _inputNames = [.. _session.InputMetadata.Keys];
            _outputNames = [.. _session.OutputMetadata.Keys];
            Outputs = Array.ConvertAll(_outputNames, name => Describe(name, _session.OutputMetadata[name]));
            Input = _inputNames is [var only] ? Describe(only, _session.InputMetadata[only])
                : throw Invalid($"has {_inputNames.Length} inputs; a model of one image input is needed");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The file.</summary>
    public string Path { get; }
    /// <summary>The one input.</summary>
    public TensorShape Input { get; }
    /// <summary>The outputs, in the model's order.</summary>
    public TensorShape[] Outputs { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="input">Values, row-major.</param>
    /// <param name="shape">Their shape.</param>
    /// <returns>The outputs' values, in the order of <see cref="Outputs"/>; to be disposed.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.ModelInvalid"/>: the network does not take this input, or fails on it.</exception>
    public OnnxResult Run(float[] input, params long[] shape)
    {
        try
        {
            using var value = OrtValue.CreateTensorValueFromMemory(input, shape);
            return new OnnxResult(_session.Run(_runOptions, _inputNames, [value], _outputNames));
        }
        catch (OnnxRuntimeException e)
        {
            throw Invalid($"fails on an input of [{string.Join(", ", shape)}] ({FirstLine(e.Message)})", e);
        }
    }

    /// <summary>The error that this model is not what it should be.</summary>
    /// <param name="what">What follows the file's name in the sentence.</param>
    /// <param name="cause">The cause, where there is one.</param>
    public FaceReconException Invalid(string what, Exception? cause = null) =>
        new(ErrorId.ModelInvalid, $"{Path} {what}.", Path, innerException: cause);

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _runOptions.Dispose();
    }

    private TensorShape Describe(string name, NodeMetadata metadata) =>
        metadata.IsTensor && metadata.ElementDataType == TensorElementType.Float
            ? new TensorShape(name, metadata.Dimensions)
            : throw Invalid($"has '{name}', which is not a tensor of 32-bit floats");

    private static void CheckFile(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FaceReconException(ErrorId.ModelNotFound, $"The model {path} does not exist.", path);
        if (file.Length is 0 or > MaxFileBytes)
            throw new FaceReconException(ErrorId.ModelInvalid, $"{path} has {file.Length} bytes; a model has between 1 and {MaxFileBytes}.", path);
    }

    private static string FirstLine(string message) => message.Trim().Split('\n')[0].TrimEnd('.', '\r');
}

/// <summary>What a run of an <see cref="OnnxModel"/> gave; the values live in the runtime's memory until disposed.</summary>
internal sealed class OnnxResult(IDisposableReadOnlyCollection<OrtValue> values) : IDisposable
{
    /// <summary>Values of an output, row-major.</summary>
    public ReadOnlySpan<float> Values(int output) => values[output].GetTensorDataAsSpan<float>();

    /// <summary>Shape of an output.</summary>
    public long[] Shape(int output) => values[output].GetTensorTypeAndShape().Shape;

    /// <inheritdoc/>
    public void Dispose() => values.Dispose();
}
