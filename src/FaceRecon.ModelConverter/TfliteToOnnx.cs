namespace FaceRecon.ModelConverter;

/// <summary>
/// Rewrites a TensorFlow Lite graph as ONNX. Images, which TensorFlow keeps as batch, row, column, channel,
/// become batch, channel, row, column throughout, the model's own input and outputs included; only a
/// reshape, which reads an image in its stored order, puts a transposition before itself.
/// </summary>
internal sealed class TfliteToOnnx
{
    private readonly TfliteModel _model;
    private readonly OnnxGraph _graph;
    // Weights are stored as halves and widened by an operator; here they are constants.
    private readonly Dictionary<int, float[]> _constants = [];
    private readonly HashSet<string> _written = [];

    private TfliteToOnnx(TfliteModel model, string name)
    {
        _model = model;
        _graph = new OnnxGraph(name);
        for (var i = 0; i < model.Tensors.Length; i++)
            if (model.Tensors[i].Floats is { } values)
                _constants[i] = values;
    }

    /// <summary>The ONNX file of a model.</summary>
    /// <param name="model">What to convert.</param>
    /// <param name="name">Name of the graph.</param>
    /// <param name="alsoOutputs">Tensors inside the graph that the file is to give out too, to look into it.</param>
    /// <exception cref="NotSupportedException">The model has an operator that the face models do not.</exception>
    public static byte[] Convert(TfliteModel model, string name, params ReadOnlySpan<int> alsoOutputs)
    {
        var conversion = new TfliteToOnnx(model, name);
        foreach (var input in model.Inputs)
            conversion._graph.Input(Name(input), ChannelsFirst(model.Tensors[input].Shape));
        foreach (var step in model.Operators)
            conversion.Add(step);
        foreach (var output in (int[])[.. model.Outputs, .. alsoOutputs])
            conversion._graph.Output(Name(output), ChannelsFirst(model.Tensors[output].Shape));
        return conversion._graph.ToBytes();
    }

    /// <summary>What a tensor is called in the ONNX file.</summary>
    public static string Name(int tensor) => $"t{tensor}";

    private static int[] ChannelsFirst(int[] shape) => shape is [var n, var h, var w, var c] ? [n, c, h, w] : shape;

    private void Add(TfliteOperator step)
    {
        switch (step.Code)
        {
            case TfliteOperatorCode.Dequantize when _constants.TryGetValue(step.Inputs[0], out var widened):
                _constants[step.Outputs[0]] = widened;
                break;
            case TfliteOperatorCode.Conv2D:
                AddConvolution(step, depthwise: false);
                break;
            case TfliteOperatorCode.DepthwiseConv2D:
                AddConvolution(step, depthwise: true);
                break;
            case TfliteOperatorCode.MaxPool2D:
                var shape = _model.Tensors[step.Inputs[0]].Shape;
                AddNode(step, "MaxPool", [Name(step.Inputs[0])],
                    ("kernel_shape", (int[])[step.WindowY, step.WindowX]), ("strides", (int[])[step.StrideY, step.StrideX]),
                    ("pads", Pads(step, shape, step.WindowY, step.WindowX)));
                break;
            case TfliteOperatorCode.Add:
                AddNode(step, "Add", Array.ConvertAll(step.Inputs, Operand));
                break;
            case TfliteOperatorCode.Relu:
                AddNode(step, "Relu", [Name(step.Inputs[0])]);
                break;
            case TfliteOperatorCode.PRelu:
                AddNode(step, "PRelu", Array.ConvertAll(step.Inputs, Operand));
                break;
            case TfliteOperatorCode.Pad:
                AddPad(step);
                break;
            case TfliteOperatorCode.Reshape:
                AddReshape(step);
                break;
            case TfliteOperatorCode.Concatenation:
                AddNode(step, "Concat", Array.ConvertAll(step.Inputs, Operand), ("axis", Axis(step.Axis, _model.Tensors[step.Outputs[0]].Shape.Length)));
                break;
            default:
                throw new NotSupportedException($"No conversion for operator {step.Code}.");
        }
    }

    private void AddNode(TfliteOperator step, string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var output = Name(step.Outputs[0]);
        if (!step.FusedRelu)
        {
            _graph.Node(type, inputs, output, attributes);
            return;
        }
        _graph.Node(type, inputs, output + "_linear", attributes);
        _graph.Node("Relu", [output + "_linear"], output);
    }

    private void AddConvolution(TfliteOperator step, bool depthwise)
    {
        var image = _model.Tensors[step.Inputs[0]].Shape;
        // Weights: output, row, column, input; or for a depthwise one 1, row, column, output. ONNX: output, input of the group, row, column.
        var weightShape = _model.Tensors[step.Inputs[1]].Shape;
        var (height, width) = (weightShape[1], weightShape[2]);
        var outputs = depthwise ? weightShape[3] : weightShape[0];
        var inputs = depthwise ? 1 : weightShape[3];
        var from = _constants[step.Inputs[1]];
        var weights = new float[from.Length];
        for (var o = 0; o < outputs; o++)
        for (var i = 0; i < inputs; i++)
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
            weights[((o * inputs + i) * height + y) * width + x] = depthwise
                ? from[(y * width + x) * outputs + o]
                : from[((o * height + y) * width + x) * inputs + i];
        var name = Name(step.Outputs[0]) + "_weights";
        _graph.Constant(name, [outputs, inputs, height, width], weights);
        AddNode(step, "Conv", [Name(step.Inputs[0]), name, Operand(step.Inputs[2])],
            ("kernel_shape", (int[])[height, width]), ("strides", (int[])[step.StrideY, step.StrideX]),
            ("dilations", (int[])[step.DilationY, step.DilationX]), ("pads", Pads(step, image, height, width)),
            ("group", depthwise ? image[3] : 1));
    }

    private static int[] Pads(TfliteOperator step, int[] image, int height, int width)
    {
        var (top, bottom) = step.Padding(image[1], height, step.StrideY, step.DilationY);
        var (left, right) = step.Padding(image[2], width, step.StrideX, step.DilationX);
        return [top, left, bottom, right];
    }

    private void AddPad(TfliteOperator step)
    {
        var pads = _model.Tensors[step.Inputs[1]].Integers ?? throw new NotSupportedException("Padding by a computed amount.");
        if (pads.Length != 8)
            throw new NotSupportedException("Padding of something that is not an image.");
        var name = Name(step.Outputs[0]) + "_pads";
        // Pairs (before, after) of batch, row, column, channel; ONNX: all befores, then all afters.
        _graph.Constant(name, [pads[0], pads[6], pads[2], pads[4], pads[1], pads[7], pads[3], pads[5]]);
        AddNode(step, "Pad", [Name(step.Inputs[0]), name]);
    }

    private void AddReshape(TfliteOperator step)
    {
        var (input, output) = (Name(step.Inputs[0]), Name(step.Outputs[0]));
        if (_model.Tensors[step.Outputs[0]].Shape.Length == 4)
            throw new NotSupportedException("A reshape that makes an image.");
        if (_model.Tensors[step.Inputs[0]].Shape.Length == 4)
        {
            _graph.Node("Transpose", [input], output + "_rows", ("perm", (int[])[0, 2, 3, 1]));
            input = output + "_rows";
        }
        _graph.Constant(output + "_shape", Array.ConvertAll(_model.Tensors[step.Outputs[0]].Shape, extent => (long)extent));
        AddNode(step, "Reshape", [input, output + "_shape"]);
    }

    private static int Axis(int axis, int rank)
    {
        axis = axis < 0 ? axis + rank : axis;
        return rank != 4 ? axis : axis switch { 0 => 0, 1 => 2, 2 => 3, _ => 1 };
    }

    /// <summary>The name of an input, written into the file as a constant if it is one: biases, and slopes as [channel, 1, 1].</summary>
    private string Operand(int tensor)
    {
        var name = Name(tensor);
        if (!_constants.TryGetValue(tensor, out var values) || !_written.Add(name))
            return name;
        int[] shape = _model.Tensors[tensor].Shape switch
        {
            [var channels] => [channels],
            [1, 1, var channels] => [channels, 1, 1],
            _ => throw new NotSupportedException("A constant operand that is neither a bias nor a slope."),
        };
        _graph.Constant(name, shape, values);
        return name;
    }
}
