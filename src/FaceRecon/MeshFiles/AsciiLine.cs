using System.Globalization;

namespace FaceRecon;

/// <summary>One line of words and numbers in ASCII; floats with as many digits as give the same float back.</summary>
internal ref struct AsciiLine(Span<byte> target)
{
    private readonly Span<byte> _target = target;
    private int _used;

    /// <summary>Appends a word after a space.</summary>
    public void Add(ReadOnlySpan<byte> word)
    {
        Separate();
        Append(word);
    }

    /// <summary>Appends a number after a space.</summary>
    public void Add(float value)
    {
        Separate();
        Format(value);
    }

    /// <summary>Appends a number after a space.</summary>
    public void Add(int value)
    {
        Separate();
        Format(value);
    }

    /// <summary>Appends characters to the last word.</summary>
    public void Append(ReadOnlySpan<byte> characters)
    {
        characters.CopyTo(_target[_used..]);
        _used += characters.Length;
    }

    /// <summary>Appends a number to the last word.</summary>
    public void Append(int value) => Format(value);

    /// <summary>Ends the line and returns its length in bytes.</summary>
    public int End()
    {
        _target[_used++] = (byte)'\n';
        return _used;
    }

    private void Format<T>(T value) where T : IUtf8SpanFormattable
    {
        if (!value.TryFormat(_target[_used..], out var written, default, CultureInfo.InvariantCulture))
            throw new InvalidOperationException("A line of numbers is longer than its buffer.");
        _used += written;
    }

    private void Separate()
    {
        if (_used > 0)
            _target[_used++] = (byte)' ';
    }
}
