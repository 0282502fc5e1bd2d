using System.Runtime.InteropServices;

namespace FaceRecon.ModelConverter;

/// <summary>An ONNX model in the making: onnx.proto3's ModelProto with one graph of float tensors.</summary>
internal sealed class OnnxGraph(string name)
{
    // Opset 13 is the first in which every operator used here has the form it has today.
    private const int OperatorSet = 13;
    private const int FormatVersion = 8;
    private const int TypeFloat = 1, TypeInt64 = 7;
    private const int AttributeInteger = 2, AttributeIntegers = 7;

    private readonly List<Action<ProtobufWriter>> _nodes = [], _constants = [], _inputs = [], _outputs = [];

    public void Node(string type, string[] inputs, string output, params (string Name, object Value)[] attributes) => _nodes.Add(node =>
    {
        foreach (var input in inputs)
            node.Text(1, input);
        node.Text(2, output);
        node.Text(4, type);
        foreach (var (attributeName, value) in attributes)
            node.Message(5, attribute => Attribute(attribute, attributeName, value));
    });

    public void Constant(string constantName, ReadOnlySpan<int> shape, float[] values) =>
        Constant(constantName, shape.ToArray(), TypeFloat, MemoryMarshal.AsBytes<float>(values).ToArray());

    public void Constant(string constantName, long[] values) =>
        Constant(constantName, [values.Length], TypeInt64, MemoryMarshal.AsBytes<long>(values).ToArray());

    public void Input(string inputName, int[] shape) => _inputs.Add(input => Value(input, inputName, shape));

    public void Output(string outputName, int[] shape) => _outputs.Add(output => Value(output, outputName, shape));

    public byte[] ToBytes()
    {
        var model = new ProtobufWriter();
        model.Integer(1, FormatVersion);
        model.Text(2, "FaceRecon.ModelConverter");
        model.Message(7, graph =>
        {
            _nodes.ForEach(node => graph.Message(1, node));
            graph.Text(2, name);
            _constants.ForEach(constant => graph.Message(5, constant));
            _inputs.ForEach(input => graph.Message(11, input));
            _outputs.ForEach(output => graph.Message(12, output));
        });
        model.Message(8, operators => operators.Integer(2, OperatorSet));
        return model.ToArray();
    }

    private void Constant(string constantName, int[] shape, int type, byte[] littleEndian) => _constants.Add(tensor =>
    {
        foreach (var extent in shape)
            tensor.Integer(1, extent);
        tensor.Integer(2, type);
        tensor.Text(8, constantName);
        tensor.Bytes(9, littleEndian);
    });

    private static void Attribute(ProtobufWriter attribute, string attributeName, object value)
    {
        attribute.Text(1, attributeName);
        if (value is int number)
        {
            attribute.Integer(3, number);
            attribute.Integer(20, AttributeInteger);
            return;
        }
        foreach (var entry in (int[])value)
            attribute.Integer(8, entry);
        attribute.Integer(20, AttributeIntegers);
    }

    private static void Value(ProtobufWriter value, string valueName, int[] shape)
    {
        value.Text(1, valueName);
        value.Message(2, type => type.Message(1, tensor =>
        {
            tensor.Integer(1, TypeFloat);
            tensor.Message(2, extents =>
            {
                foreach (var extent in shape)
                    extents.Message(1, dimension => dimension.Integer(1, extent));
            });
        }));
    }
}
