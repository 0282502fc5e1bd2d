using System.Buffers.Binary;

namespace FaceRecon.Tests;

public sealed class ImageFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static ColorImage SmoothColor(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var i = 0; i < width * height; i++)
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) =
                ((byte)(255 * (i % width) / width), (byte)(255 * (i / width) / height), (byte)(127 + 80 * Math.Sin(i % width * 0.1)));
        return new ColorImage(width, height, pixels);
    }

    [Fact]
    public void All_16_bit_values_survive_a_png()
    {
        var samples = new ushort[256 * 256];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = (ushort)(i * 40503);   // odd factor: a permutation of all values
        var path = _folder.Write("depth.png", ImageFile.EncodePng16(256, 256, samples));

        Assert.Equal(samples, ImageFile.ReadDepth16(path, out var width, out var height));
        Assert.Equal((256, 256), (width, height));
    }

    [Fact]
    public void Depth_is_stored_number_over_units_per_metre()
    {
        var path = _folder.Write("depth.png", ImageFile.EncodePng16(3, 1, [0, 8000, 3001]));
        Assert.Equal([0f, 1f, 0.375125f], ImageFile.ReadDepth(path, 8000).Depths);
    }

    [Fact]
    public void Colour_survives_a_png()
    {
        var image = SmoothColor(37, 21);
        var read = ImageFile.ReadColor(_folder.Write("color.png", ImageFile.EncodePng(image)));
        Assert.Equal((37, 21), (read.Width, read.Height));
        Assert.Equal(image.Pixels, read.Pixels);
    }

    [Fact]
    public void Grey_16_bit_becomes_grey_8_bit_colour()
    {
        var path = _folder.Write("grey.png", ImageFile.EncodePng16(4, 1, [0, 128, 32896, 65535]));   // 128 rounds to 0; 32896 = 128 * 257
        Assert.Equal([0, 0, 0, 0, 0, 0, 128, 128, 128, 255, 255, 255], ImageFile.ReadColor(path).Pixels);
    }

    [Theory]
    [InlineData("jpegsave_buffer", "jpg", 4)]
    [InlineData("webpsave_buffer", "webp", 8)]
    [InlineData("tiffsave_buffer", "tif", 0)]
    public void Colour_survives_other_formats_within_their_loss(string save, string extension, int tolerance)
    {
        var image = SmoothColor(64, 48);
        // The name does not matter, what is inside does.
        foreach (var name in (string[])["color." + extension, "color.png"])
        {
            var read = ImageFile.ReadColor(_folder.Write(name, TestImages.Encode(image, save)));
            Assert.Equal((64, 48), (read.Width, read.Height));
            var error = image.Pixels.Zip(read.Pixels, (a, b) => Math.Abs(a - b)).Average();
            Assert.InRange(error, 0, tolerance);
        }
    }

    [Fact]
    public void Colour_depth_is_refused()
    {
        var path = _folder.Write("depth.png", ImageFile.EncodePng(SmoothColor(8, 8)));
        var error = Assert.Throws<FaceReconException>(() => ImageFile.ReadDepth16(path, out _, out _));
        Assert.Equal(ErrorId.DepthFormatUnsupported, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grey_8_bit_depth_is_refused()
    {
        var path = _folder.Write("depth.png", TestImages.EncodeGrey8(8, 8));
        Assert.Equal(ErrorId.DepthFormatUnsupported, Assert.Throws<FaceReconException>(() => ImageFile.ReadDepth16(path, out _, out _)).ErrorId);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.97)]
    public void A_png_cut_short_is_refused_and_not_padded(double share)
    {
        var png = ImageFile.EncodePng16(64, 64, Enumerable.Range(0, 4096).Select(i => (ushort)(i * 16 + i % 7)).ToArray());
        var path = _folder.Write("depth.png", png.AsSpan(0, (int)(png.Length * share)));
        var error = Assert.Throws<FaceReconException>(() => ImageFile.ReadDepth16(path, out _, out _));
        Assert.Equal(ErrorId.ImageCorrupt, error.ErrorId);
        Assert.Equal(path, error.Path);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void A_jpeg_cut_short_is_refused(double share)
    {
        var jpeg = TestImages.Encode(SmoothColor(200, 200), "jpegsave_buffer");
        var path = _folder.Write("color.jpg", jpeg.AsSpan(0, (int)(jpeg.Length * share)));
        Assert.Equal(ErrorId.ImageCorrupt, Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(path)).ErrorId);
    }

    [Fact]
    public void A_png_with_a_flipped_bit_is_refused()
    {
        var png = ImageFile.EncodePng(SmoothColor(64, 64));
        png[png.Length / 2] ^= 0x10;
        var path = _folder.Write("color.png", png);
        Assert.Equal(ErrorId.ImageCorrupt, Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(path)).ErrorId);
    }

    [Theory]
    [InlineData("hello, I am a picture")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'/>")]
    [InlineData("P5 4 4 255 0123456789abcdef")]
    [InlineData("")]
    public void What_is_no_image_of_ours_is_refused(string text)
    {
        var path = _folder.Write("color.png", text);
        Assert.Equal(ErrorId.ImageCorrupt, Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(path)).ErrorId);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(_folder.Path, "color", "000000.png");
        var error = Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(path));
        Assert.Equal(ErrorId.FrameMissing, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60000, 60000)]
    [InlineData(16385, 1)]
    [InlineData(12000, 12000)]
    [InlineData(-1, -1)]
    public void A_huge_png_header_costs_nothing(int width, int height)
    {
        var png = ImageFile.EncodePng16(1, 1, [7]);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        var path = _folder.Write("depth.png", png);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<FaceReconException>(() => ImageFile.ReadDepth16(path, out _, out _));
        Assert.Equal(ErrorId.ImageTooLarge, error.ErrorId);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_huge_jpeg_header_costs_nothing()
    {
        var jpeg = TestImages.Encode(SmoothColor(16, 16), "jpegsave_buffer");
        var frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), 60000);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), 60000);
        var path = _folder.Write("color.jpg", jpeg);
        Assert.Equal(ErrorId.ImageTooLarge, Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(path)).ErrorId);
    }

    [SkippableFact]
    public void A_device_is_no_image()
    {
        Skip.IfNot(File.Exists("/dev/zero"), "this system has no /dev/zero");
        var path = Path.Combine(_folder.Path, "color.png");
        File.CreateSymbolicLink(path, "/dev/zero");
        Assert.Equal(ErrorId.ImageCorrupt, Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(path)).ErrorId);
    }

    [Fact]
    public void Several_threads_decode_at_once()
    {
        var image = SmoothColor(160, 120);
        var good = _folder.Write("good.png", ImageFile.EncodePng(image));
        var bad = _folder.Write("bad.png", File.ReadAllBytes(good).AsSpan(0, 2000));
        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 3 == 0)
                Assert.Throws<FaceReconException>(() => ImageFile.ReadColor(bad));
            else
                Assert.Equal(image.Pixels, ImageFile.ReadColor(good).Pixels);
        });
    }
}
