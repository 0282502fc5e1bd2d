namespace FaceRecon;

/// <summary>
/// One call of a libvips operation by name: set its arguments, run it, take its output. This is the
/// way into libvips that needs no variadic function.
/// </summary>
internal readonly struct VipsOperation : IDisposable
{
    private readonly nint _operation;

    /// <summary>The operation of that name, with no arguments yet.</summary>
    internal VipsOperation(string name)
    {
        _operation = Vips.NewOperation(name);
        if (_operation == 0)
            throw new InvalidOperationException($"libvips has no operation {name}: {Vips.TakeError()}");
    }

    /// <summary>Sets a number, flag or enumeration by its text.</summary>
    internal void Set(string argument, string value)
    {
        if (Vips.SetArgument(_operation, argument, value) != 0)
            throw new InvalidOperationException($"libvips does not take {argument} = {value}: {Vips.TakeError()}");
    }

    /// <summary>Sets an object: an image, a source or a target.</summary>
    internal void Set(string argument, nuint type, nint gobject)
    {
        var value = new Vips.Value();
        Vips.InitializeValue(ref value, type);
        Vips.SetValueObject(ref value, gobject);
        Vips.SetProperty(_operation, argument, ref value);
        Vips.ClearValue(ref value);
    }

    /// <summary>Runs it; false where libvips refuses, with the reason in <see cref="Vips.TakeError"/>.</summary>
    internal bool Run() => Vips.Build(_operation) == 0;

    /// <summary>The image that a finished operation gives; the caller releases it.</summary>
    internal nint TakeImage(string argument)
    {
        var value = new Vips.Value();
        Vips.InitializeValue(ref value, Vips.ImageType());
        Vips.GetProperty(_operation, argument, ref value);
        var image = Vips.DuplicateValueObject(ref value);
        Vips.ClearValue(ref value);
        return image;
    }

    /// <summary>A copy of the bytes that a finished save operation gives.</summary>
    internal unsafe byte[] CopyBytes(string argument)
    {
        var value = new Vips.Value();
        Vips.InitializeValue(ref value, Vips.BlobType());
        Vips.GetProperty(_operation, argument, ref value);
        var data = Vips.BlobData(Vips.ValueBoxed(ref value), out var length);
        var bytes = new ReadOnlySpan<byte>(data, checked((int)length)).ToArray();
        Vips.ClearValue(ref value);
        return bytes;
    }

    /// <summary>Lets go of the operation and of what it still holds.</summary>
    public void Dispose()
    {
        Vips.ReleaseOutputs(_operation);
        Vips.Release(_operation);
    }
}
