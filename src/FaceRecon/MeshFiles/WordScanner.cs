using System.Buffers.Text;

namespace FaceRecon;

/// <summary>The lines, words and numbers of a text in ASCII, one after the other and without copies.</summary>
internal ref struct WordScanner(ReadOnlySpan<byte> text)
{
    private static ReadOnlySpan<byte> Space => " \t\r\n"u8;

    private ReadOnlySpan<byte> _rest = text;

    /// <summary>The text up to the next line feed.</summary>
    public bool TryReadLine(out WordScanner line)
    {
        var end = _rest.IndexOf((byte)'\n');
        line = new WordScanner(end < 0 ? _rest : _rest[..end]);
        var found = !_rest.IsEmpty;
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return found;
    }

    /// <summary>The next word, of this line or a later one; empty at the end.</summary>
    public ReadOnlySpan<byte> ReadWord()
    {
        var start = _rest.IndexOfAnyExcept(Space);
        if (start < 0)
            return _rest = default;
        _rest = _rest[start..];
        var length = _rest.IndexOfAny(Space);
        var word = length < 0 ? _rest : _rest[..length];
        _rest = _rest[word.Length..];
        return word;
    }

    /// <summary>The next word as a number; false at the end and for other words.</summary>
    public bool TryReadNumber(out double value)
    {
        var word = ReadWord();
        return Utf8Parser.TryParse(word, out value, out var used) && used == word.Length;
    }
}
