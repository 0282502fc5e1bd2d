using System.Globalization;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Reads and writes image files, through libvips. Any thread may call it. A file is hostile until decoded:
/// its size is capped, its signature decides what decoder sees it, and what is cut short or damaged is refused
/// and not padded.
/// </summary>
public static class ImageFile
{
    /// <summary>Largest side of an image that is read, pixels.</summary>
    public const int MaxSide = 16384;
    /// <summary>Largest area of an image that is read, pixels.</summary>
    public const int MaxPixels = 100_000_000;
    /// <summary>Largest image file that is read, bytes.</summary>
    public const int MaxFileBytes = 256 * 1024 * 1024;

    /// <summary>
    /// Reads a PNG, JPEG, TIFF or WebP as 8-bit colour: grey is repeated, alpha dropped, 16 bit rounded to 8.
    /// An orientation tag is not obeyed, as the depth that belongs to the image has none.
    /// </summary>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.FrameMissing"/>, <see cref="ErrorId.ImageCorrupt"/> or <see cref="ErrorId.ImageTooLarge"/>.
    /// </exception>
    public static ColorImage ReadColor(string path)
    {
        using var image = Decode(path);
        return ToColor(image);
    }

    /// <summary>As <see cref="ReadColor"/>, from the bytes of a file that lies in another.</summary>
    /// <param name="path">The other file, for errors.</param>
    /// <param name="file">The bytes.</param>
    /// <exception cref="FaceReconException">As <see cref="ReadColor"/>.</exception>
    internal static ColorImage DecodeColor(string path, ReadOnlySpan<byte> file)
    {
        using var image = Decode(path, file);
        return ToColor(image);
    }

    private static ColorImage ToColor(DecodedImage image)
    {
        var pixels = GC.AllocateUninitializedArray<byte>(3 * image.Width * image.Height);
        if (image.BitsPerSample == 16)
            ToColor(image.Words, image.Bands, pixels);
        else if (image.Bands == 3)
            image.Bytes.CopyTo(pixels);
        else
            ToColor(image.Bytes, image.Bands, pixels);
        return new ColorImage(image.Width, image.Height, pixels);
    }

    /// <summary>Reads the numbers of a 16-bit single-channel image (PNG or TIFF) exactly as they are stored, row-major.</summary>
    /// <exception cref="FaceReconException">
    /// <see cref="ErrorId.DepthFormatUnsupported"/> for 8 bit or colour, and as <see cref="ReadColor"/>.
    /// </exception>
    public static ushort[] ReadDepth16(string path, out int width, out int height)
    {
        using var image = DecodeDepth(path);
        (width, height) = (image.Width, image.Height);
        return image.Words.ToArray();
    }

    /// <summary>Reads a 16-bit depth image as metres: stored number / <paramref name="unitsPerMetre"/>; 0 stays 0.</summary>
    /// <exception cref="FaceReconException">As <see cref="ReadDepth16"/>.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static DepthImage ReadDepth(string path, double unitsPerMetre)
    {
        using var image = DecodeDepth(path);
        var words = image.Words;
        var depths = GC.AllocateUninitializedArray<float>(words.Length);
        var metresPerUnit = 1 / unitsPerMetre;
        for (var i = 0; i < words.Length; i++)
            depths[i] = (float)(words[i] * metresPerUnit);
        return new DepthImage(image.Width, image.Height, depths);
    }

    /// <summary>The image as the bytes of a PNG file, 8 bit RGB.</summary>
    public static byte[] EncodePng(ColorImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Encode<byte>(image.Width, image.Height, 3, image.Pixels, Vips.FormatUChar, "srgb", "pngsave_buffer");
    }

    /// <summary>The image as the bytes of a JPEG file.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">1 to 100; from 90 on, colour has the same resolution as brightness.</param>
    public static byte[] EncodeJpeg(ColorImage image, int quality)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (quality is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(quality), quality, "The quality of a JPEG is 1 to 100.");
        return Encode<byte>(image.Width, image.Height, 3, image.Pixels, Vips.FormatUChar, "srgb", "jpegsave_buffer",
            ("Q", quality.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Numbers as the bytes of a 16-bit greyscale PNG file.</summary>
    /// <exception cref="ArgumentException">There are not width * height samples.</exception>
    public static byte[] EncodePng16(int width, int height, ReadOnlySpan<ushort> samples)
    {
        if (width <= 0 || height <= 0 || samples.Length != (long)width * height)
            throw new ArgumentException($"A {width}x{height} image needs {(long)width * height} samples, not {samples.Length}.");
        return Encode(width, height, 1, samples, Vips.FormatUShort, "grey16", "pngsave_buffer");
    }

    private static DecodedImage DecodeDepth(string path)
    {
        var image = Decode(path);
        if (image.BitsPerSample == 16 && image.Bands == 1)
            return image;
        image.Dispose();
        throw new FaceReconException(ErrorId.DepthFormatUnsupported,
            $"{path} holds {image.Bands} channel(s) of {image.BitsPerSample} bit; depth must be one channel of 16 bit, as PNG.", path);
    }

    private static DecodedImage Decode(string path)
    {
        using var file = BoundedFile.Read(path, MaxFileBytes, ErrorId.FrameMissing, ErrorId.ImageCorrupt, ErrorId.ImageTooLarge);
        return Decode(path, file.Bytes.Span);
    }

    private static unsafe DecodedImage Decode(string path, ReadOnlySpan<byte> file)
    {
        var header = ImageHeader.Read(file) ?? throw new FaceReconException(ErrorId.ImageCorrupt,
            $"{path} is not a PNG, JPEG, TIFF or WebP image, whatever its name says.", path);
        RefuseTooLarge(path, header.Width, header.Height);
        fixed (byte* data = file)
        {
            var source = Vips.NewSource(data, (nuint)file.Length);
            nint image = 0;
            try
            {
                image = Load(header.Loader, source);
                if (image == 0)
                    throw Corrupt(path);
                return ReadPixels(path, image);
            }
            finally
            {
                if (image != 0)
                    Vips.Release(image);
                Vips.Release(source);
            }
        }
    }

    private static nint Load(string loader, nint source)
    {
        using var load = new VipsOperation(loader);
        load.Set("source", Vips.SourceType(), source);
        load.Set("access", "sequential");
        // libjpeg calls damaged data a warning; libpng's warnings are about colour profiles.
        load.Set("fail_on", loader == "jpegload_source" ? "warning" : "error");
        return load.Run() ? load.TakeImage("out") : 0;
    }

    private static DecodedImage ReadPixels(string path, nint image)
    {
        // Opening has read no more than the header: nothing of the image's size is allocated yet.
        int width = Vips.ImageWidth(image), height = Vips.ImageHeight(image), bands = Vips.ImageBands(image);
        RefuseTooLarge(path, width, height);
        var bits = Vips.ImageFormat(image) switch { Vips.FormatUChar => 8, Vips.FormatUShort => 16, _ => 0 };
        if (bits == 0 || bands is < 1 or > 4 || Vips.ImageInterpretation(image) == Vips.InterpretationCmyk)
            throw new FaceReconException(ErrorId.ImageCorrupt, $"{path} is neither grey nor RGB of 8 or 16 bit; save it as PNG.", path);
        var pixels = Vips.WriteImage(image, out var size);
        if (pixels == 0)
            throw Corrupt(path);
        if (size == (nuint)((long)width * height * bands * bits / 8))
            return new DecodedImage(pixels, width, height, bands, bits);
        Vips.Free(pixels);
        throw Corrupt(path);
    }

    private static void RefuseTooLarge(string path, long width, long height)
    {
        if (width > MaxSide || height > MaxSide || width * height > MaxPixels)
            throw new FaceReconException(ErrorId.ImageTooLarge,
                $"{path} says it is {width}x{height}; images over {MaxSide} pixels a side or {MaxPixels / 1_000_000} megapixels are not read.", path);
    }

    private static FaceReconException Corrupt(string path) => new(ErrorId.ImageCorrupt,
        $"{path} is damaged or cut short; copy it again from the camera.", path, innerException: new InvalidDataException(Vips.TakeError()));

    private static void ToColor(ReadOnlySpan<byte> samples, int bands, Span<byte> pixels)
    {
        int green = bands < 3 ? 0 : 1, blue = bands < 3 ? 0 : 2;
        for (int from = 0, to = 0; to < pixels.Length; from += bands, to += 3)
        {
            pixels[to] = samples[from];
            pixels[to + 1] = samples[from + green];
            pixels[to + 2] = samples[from + blue];
        }
    }

    private static void ToColor(ReadOnlySpan<ushort> samples, int bands, Span<byte> pixels)
    {
        int green = bands < 3 ? 0 : 1, blue = bands < 3 ? 0 : 2;
        for (int from = 0, to = 0; to < pixels.Length; from += bands, to += 3)
        {
            pixels[to] = To8Bit(samples[from]);
            pixels[to + 1] = To8Bit(samples[from + green]);
            pixels[to + 2] = To8Bit(samples[from + blue]);
        }
    }

    private static byte To8Bit(ushort sample) => (byte)((sample * 255 + 32767) / 65535);

    private static unsafe byte[] Encode<T>(int width, int height, int bands, ReadOnlySpan<T> samples, int format, string interpretation,
        string saver, params ReadOnlySpan<(string Name, string Value)> arguments) where T : unmanaged
    {
        fixed (T* data = samples)
        {
            nint plain = 0, image = 0;
            try
            {
                plain = Vips.NewImage(data, (nuint)(samples.Length * sizeof(T)), width, height, bands, format);
                // Numbers alone say neither grey nor colour, and the encoder would scale them to 8 bit.
                using var interpret = new VipsOperation("copy");
                interpret.Set("in", Vips.ImageType(), plain);
                interpret.Set("interpretation", interpretation);
                image = interpret.Run() ? interpret.TakeImage("out") : 0;
                using var save = new VipsOperation(saver);
                save.Set("in", Vips.ImageType(), image);
                foreach (var (name, value) in arguments)
                    save.Set(name, value);
                return save.Run() ? save.CopyBytes("buffer") : throw new InvalidOperationException("libvips cannot encode: " + Vips.TakeError());
            }
            finally
            {
                if (image != 0)
                    Vips.Release(image);
                if (plain != 0)
                    Vips.Release(plain);
            }
        }
    }
}
