using System.Diagnostics;

namespace FaceRecon.Tests;

/// <summary>Tests that watch the process's memory, and so run when no other test does.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public sealed class MemoryTestsRunAlone;

[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    [Fact]
    public void Decoding_again_and_again_keeps_no_memory()
    {
        using var folder = new ScratchFolder();
        var good = folder.Write("good.png", ImageFile.EncodePng16(640, 480, new ushort[640 * 480]));
        var bad = folder.Write("bad.png", File.ReadAllBytes(good).AsSpan(0, 400));
        void Decode(int times)
        {
            for (var i = 0; i < times; i++)
            {
                ImageFile.ReadDepth16(good, out _, out _);
                Assert.Throws<FaceReconException>(() => ImageFile.ReadDepth16(bad, out _, out _));
            }
        }
        Decode(20);
        GC.Collect();
        var before = Process.GetCurrentProcess().WorkingSet64;
        Decode(200);
        GC.Collect();
        // One image kept of each would be 200 * 0.6 MB.
        Assert.InRange((Process.GetCurrentProcess().WorkingSet64 - before) / 1e6, -1000, 40);
    }

    [Fact]
    public void Memory_does_not_grow_with_the_video()
    {
        const int width = 320, height = 240;
        using var capture = new TinyCapture();
        capture.Write("intrinsic.json", """{"fx": 300, "fy": 300, "cx": 160, "cy": 120, "width": 320, "height": 240, "depth_scale": 8000}""");
        var color = capture.Write("color/000000.png", ImageFile.EncodePng(TinyCapture.Color(0, width, height)));
        var depth = capture.Write("depth/000000.png", ImageFile.EncodePng16(width, height, TinyCapture.Depth(0, width, height)));
        for (var i = 1; i < 200; i++)
        {
            File.CreateSymbolicLink(capture.At($"color/{i:000000}.png"), color);
            File.CreateSymbolicLink(capture.At($"depth/{i:000000}.png"), depth);
        }
        // What is held for good is there at every moment; what is held for a moment, by the readers ahead, is not.
        long Retained(int frames)
        {
            var least = long.MaxValue;
            foreach (var frame in RgbdVideo.Open(capture.Path, new RgbdVideoOptions(2)).ReadFrames(new FrameSelection(First: frames)))
                if (frame.Index >= frames - 8)
                    least = Math.Min(least, GC.GetTotalMemory(forceFullCollection: true));
            return least;
        }
        Retained(20);
        // A frame is 0.5 MB; 180 more of them would be 97 MB. A few that are read ahead count for 3 MB at most.
        Assert.InRange((Retained(200) - Retained(20)) / 1e6, -100, 12);
    }
}
