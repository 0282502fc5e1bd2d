namespace FaceRecon;

/// <summary>
/// Reads dlib's serialisation out of memory. An integer is a control byte (count of bytes, 0x80 for negative) and that
/// many bytes, least significant first; a real is two integers, mantissa and power of two; a sequence is its length and
/// its items; a matrix is its negated extents and its items row by row.
/// </summary>
internal ref struct DlibReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Bytes that are left.</summary>
    public readonly int Remaining => _bytes.Length - _at;

    public long ReadInteger()
    {
        var control = Next();
        var count = control & 0x0F;
        if ((control & 0x70) != 0 || count > 8)
            throw new InvalidDataException("an integer with an impossible control byte");
        long value = 0;
        for (var i = 0; i < count; i++)
            value |= (long)Next() << (8 * i);
        return (control & 0x80) != 0 ? -value : value;
    }

    public float ReadReal()
    {
        // Exponents of 32000 and above stand for infinities and not-a-number, which no model has.
        var mantissa = ReadInteger();
        var exponent = ReadInteger();
        if (Math.Abs(exponent) > 1100)
            throw new InvalidDataException("a number that is not finite");
        return (float)Math.ScaleB(mantissa, (int)exponent);
    }

    /// <summary>A length, which cannot be more than there are bytes for.</summary>
    /// <param name="leastBytes">What an item takes at least.</param>
    public int ReadLength(int leastBytes)
    {
        var length = ReadInteger();
        if (length < 0 || length > Remaining / leastBytes)
            throw new InvalidDataException("a sequence longer than the file");
        return (int)length;
    }

    /// <summary>A column vector into <paramref name="values"/>, which it must fill.</summary>
    public void ReadColumn(Span<float> values)
    {
        if (ReadColumnLength() != values.Length)
            throw new InvalidDataException("a vector of another length than the shape's");
        foreach (ref var value in values)
            value = ReadReal();
    }

    /// <summary>The extents of a column vector; its items follow.</summary>
    public int ReadColumnLength()
    {
        var (rows, columns) = (-ReadInteger(), -ReadInteger());
        if (columns != 1 || rows <= 0 || rows > Remaining / 2)
            throw new InvalidDataException("a matrix that is no column vector");
        return (int)rows;
    }

    private byte Next() => _at < _bytes.Length ? _bytes[_at++] : throw new InvalidDataException("an early end");
}
