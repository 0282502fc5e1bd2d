using FaceRecon.ModelConverter;

namespace FaceRecon.Tests;

/// <summary>
/// Evaluates a TensorFlow Lite graph as its operators are defined, in its own layout (batch, row, column, channel),
/// in double precision and with plain loops: what the converted model is held against.
/// </summary>
internal static class TfliteReference
{
    /// <summary>Every tensor of the graph, by its number.</summary>
    internal static double[]?[] Evaluate(TfliteModel model, double[] input)
    {
        var values = Array.ConvertAll(model.Tensors, tensor => tensor.Floats is { } floats ? Array.ConvertAll(floats, value => (double)value) : null);
        values[model.Inputs[0]] = input;
        foreach (var step in model.Operators)
        {
            var inputs = Array.ConvertAll(step.Inputs, i => values[i] ?? []);
            var shapes = Array.ConvertAll(step.Inputs, i => model.Tensors[i].Shape);
            var shape = model.Tensors[step.Outputs[0]].Shape;
            values[step.Outputs[0]] = step.Code switch
            {
                TfliteOperatorCode.Dequantize or TfliteOperatorCode.Reshape => inputs[0],
                TfliteOperatorCode.Relu => Array.ConvertAll(inputs[0], value => Math.Max(value, 0)),
                TfliteOperatorCode.PRelu => [.. inputs[0].Select((value, i) => value < 0 ? value * inputs[1][i % inputs[1].Length] : value)],
                TfliteOperatorCode.Add => [.. inputs[0].Zip(inputs[1], (a, b) => a + b)],
                TfliteOperatorCode.Concatenation => [.. inputs.SelectMany(values => values)],
                TfliteOperatorCode.Pad => Pad(inputs[0], shapes[0], model.Tensors[step.Inputs[1]].Integers!, shape),
                TfliteOperatorCode.Conv2D or TfliteOperatorCode.DepthwiseConv2D or TfliteOperatorCode.MaxPool2D => Window(step, inputs, shapes, shape),
                _ => throw new NotSupportedException($"{step.Code}"),
            };
        }
        return values;
    }

    private static double[] Pad(double[] from, int[] shape, int[] pads, int[] padded)
    {
        var result = new double[padded.Aggregate(1, (a, b) => a * b)];
        for (var y = 0; y < shape[1]; y++)
        for (var x = 0; x < shape[2]; x++)
            Array.Copy(from, (y * shape[2] + x) * shape[3], result, ((y + pads[2]) * padded[2] + x + pads[4]) * padded[3] + pads[6], shape[3]);
        return result;
    }

    private static double[] Window(TfliteOperator step, double[][] inputs, int[][] shapes, int[] output)
    {
        var (height, width, channels) = (shapes[0][1], shapes[0][2], shapes[0][3]);
        var (windowY, windowX) = step.Code == TfliteOperatorCode.MaxPool2D ? (step.WindowY, step.WindowX) : (shapes[1][1], shapes[1][2]);
        // tf.nn, "Notes on padding": SAME adds as much as the last window lacks, the smaller half before.
        int Before(int extent, int outputs, int window, int stride) => step.PadsToSame ? Math.Max((outputs - 1) * stride + window - extent, 0) / 2 : 0;
        var (top, left) = (Before(height, output[1], windowY, step.StrideY), Before(width, output[2], windowX, step.StrideX));
        var result = new double[output[1] * output[2] * output[3]];
        for (var y = 0; y < output[1]; y++)
        for (var x = 0; x < output[2]; x++)
        for (var o = 0; o < output[3]; o++)
        {
            var value = step.Code == TfliteOperatorCode.MaxPool2D ? double.NegativeInfinity : inputs[2][o];
            for (var dy = 0; dy < windowY; dy++)
            for (var dx = 0; dx < windowX; dx++)
            {
                var (row, column) = (y * step.StrideY + dy - top, x * step.StrideX + dx - left);
                if (row < 0 || column < 0 || row >= height || column >= width)
                    continue;
                var pixel = (row * width + column) * channels;
                switch (step.Code)
                {
                    case TfliteOperatorCode.MaxPool2D:
                        value = Math.Max(value, inputs[0][pixel + o]);
                        break;
                    case TfliteOperatorCode.DepthwiseConv2D:
                        value += inputs[0][pixel + o] * inputs[1][(dy * windowX + dx) * channels + o];
                        break;
                    default:
                        var weights = ((o * windowY + dy) * windowX + dx) * channels;
                        for (var i = 0; i < channels; i++)
                            value += inputs[0][pixel + i] * inputs[1][weights + i];
                        break;
                }
            }
            result[(y * output[2] + x) * output[3] + o] = step.FusedRelu ? Math.Max(value, 0) : value;
        }
        return result;
    }
}
