using System.Buffers.Binary;

namespace FaceRecon.ModelConverter;

/// <summary>Operators that the face models are made of, by their number in TensorFlow Lite's schema.</summary>
internal enum TfliteOperatorCode
{
    Add = 0,
    Concatenation = 2,
    Conv2D = 3,
    DepthwiseConv2D = 4,
    Dequantize = 6,
    MaxPool2D = 17,
    Relu = 19,
    Reshape = 22,
    Pad = 34,
    PRelu = 54,
}

/// <summary>A tensor: its shape (images as batch, row, column, channel) and, for a constant, its values.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Shape">Extents.</param>
/// <param name="Floats">Values of a constant of type float or half; null for what is computed.</param>
/// <param name="Integers">Values of a constant of 32-bit integers.</param>
internal sealed record TfliteTensor(string Name, int[] Shape, float[]? Floats, int[]? Integers);

/// <summary>One step of the graph. Fields that an operator does not have keep their defaults.</summary>
internal sealed record TfliteOperator(TfliteOperatorCode Code, int[] Inputs, int[] Outputs)
{
    /// <summary>Whether the output keeps the extent of the input over the stride (SAME), instead of what whole windows fit (VALID).</summary>
    public bool PadsToSame { get; init; }
    public int StrideX { get; init; } = 1;
    public int StrideY { get; init; } = 1;
    public int DilationX { get; init; } = 1;
    public int DilationY { get; init; } = 1;
    public int WindowX { get; init; }
    public int WindowY { get; init; }
    public int Axis { get; init; }
    /// <summary>Whether a rectifier follows the operator inside it.</summary>
    public bool FusedRelu { get; init; }

    /// <summary>
    /// Zeros before and after an extent: TensorFlow's SAME puts the odd one after (tensorflow.org, tf.nn, "Notes on padding").
    /// </summary>
    public (int Before, int After) Padding(int extent, int window, int stride, int dilation)
    {
        if (!PadsToSame)
            return (0, 0);
        var outputs = (extent + stride - 1) / stride;
        var total = Math.Max((outputs - 1) * stride + (window - 1) * dilation + 1 - extent, 0);
        return (total / 2, total - total / 2);
    }
}

/// <summary>A TensorFlow Lite model of one graph (schema version 3), as far as the face models need it.</summary>
internal sealed record TfliteModel(TfliteTensor[] Tensors, TfliteOperator[] Operators, int[] Inputs, int[] Outputs)
{
    private const int TypeFloat = 0, TypeHalf = 1, TypeInt32 = 2;

    public static TfliteModel Parse(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8 || !file.Span.Slice(4, 4).SequenceEqual("TFL3"u8))
            throw new InvalidDataException("Not a TensorFlow Lite model: no TFL3 at its fifth byte.");
        var root = FlatTable.Root(file);
        var buffers = root.Tables(4);
        var graph = root.Tables(2) is [var only] ? only : throw new NotSupportedException("A model of more than one graph.");
        // Old files keep the code in a byte, new ones in an integer, and the other is 0.
        var codes = Array.ConvertAll(root.Tables(1), code => (TfliteOperatorCode)Math.Max(code.Byte(0), code.Int32(3)));
        return new TfliteModel(
            Array.ConvertAll(graph.Tables(0), tensor => ParseTensor(tensor, buffers)),
            Array.ConvertAll(graph.Tables(3), step => ParseOperator(step, codes)),
            graph.Int32s(1), graph.Int32s(2));
    }

    private static TfliteTensor ParseTensor(FlatTable table, FlatTable[] buffers)
    {
        var data = buffers[table.Int32(2)].Bytes(0).Span;
        float[]? floats = null;
        int[]? integers = null;
        if (data.Length > 0)
        {
            switch (table.Byte(1))
            {
                case TypeFloat:
                    floats = new float[data.Length / 4];
                    for (var i = 0; i < floats.Length; i++)
                        floats[i] = BinaryPrimitives.ReadSingleLittleEndian(data[(4 * i)..]);
                    break;
                case TypeHalf:
                    floats = new float[data.Length / 2];
                    for (var i = 0; i < floats.Length; i++)
                        floats[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(data[(2 * i)..]);
                    break;
                case TypeInt32:
                    integers = new int[data.Length / 4];
                    for (var i = 0; i < integers.Length; i++)
                        integers[i] = BinaryPrimitives.ReadInt32LittleEndian(data[(4 * i)..]);
                    break;
                case var type:
                    throw new NotSupportedException($"A constant of tensor type {type}.");
            }
        }
        return new TfliteTensor(table.Text(3), table.Int32s(0), floats, integers);
    }

    private static TfliteOperator ParseOperator(FlatTable table, TfliteOperatorCode[] codes)
    {
        var step = new TfliteOperator(codes[table.Int32(0)], table.Int32s(1), table.Int32s(2));
        if (table.Table(4) is not { } options)
            return step;
        // Field numbers of Conv2DOptions, DepthwiseConv2DOptions, Pool2DOptions, ConcatenationOptions and AddOptions.
        return step.Code switch
        {
            TfliteOperatorCode.Conv2D => step with
            {
                PadsToSame = options.Byte(0) == 0, StrideX = options.Int32(1), StrideY = options.Int32(2),
                FusedRelu = IsRelu(options.Byte(3)), DilationX = options.Int32(4, 1), DilationY = options.Int32(5, 1),
            },
            TfliteOperatorCode.DepthwiseConv2D => step with
            {
                PadsToSame = options.Byte(0) == 0, StrideX = options.Int32(1), StrideY = options.Int32(2),
                FusedRelu = IsRelu(options.Byte(4)), DilationX = options.Int32(5, 1), DilationY = options.Int32(6, 1),
            },
            TfliteOperatorCode.MaxPool2D => step with
            {
                PadsToSame = options.Byte(0) == 0, StrideX = options.Int32(1), StrideY = options.Int32(2),
                WindowX = options.Int32(3), WindowY = options.Int32(4), FusedRelu = IsRelu(options.Byte(5)),
            },
            TfliteOperatorCode.Concatenation => step with { Axis = options.Int32(0), FusedRelu = IsRelu(options.Byte(1)) },
            TfliteOperatorCode.Add => step with { FusedRelu = IsRelu(options.Byte(0)) },
            _ => step,
        };
    }

    private static bool IsRelu(byte activation) => activation switch
    {
        0 => false,
        1 => true,
        _ => throw new NotSupportedException($"Fused activation {activation}."),
    };
}
