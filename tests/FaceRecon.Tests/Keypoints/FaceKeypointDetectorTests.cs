namespace FaceRecon.Tests;

/// <summary>On real and rendered captures, which lie beside the repository.</summary>
public sealed class FaceKeypointDetectorTests
{
    [SkippableFact]
    public void A_sideways_phone_video_from_ear_to_ear_is_followed_and_nothing_visible_is_off_the_head()
    {
        var capture = KeypointTestData.Capture("truedepth-mannequin");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        using var detector = new FaceKeypointDetector();
        var (found, seen) = (0, 0);
        for (var i = 0; i < 90; i++)
        {
            var cloud = FramePointCloud.FromFrame(KeypointTestData.Frame(capture, i));
            var keypoints = detector.Detect(cloud).Keypoints!;
            if (!keypoints.HasFace)
                continue;
            found++;
            seen += keypoints.VisibleCount > 120 ? 1 : 0;
            Assert.Equal(ImageDirection.Left, keypoints.Up);
            // Full profiles in which the network has nose and mouth a centimetre off.
            if (i is 0 or 4 or 5)
                Assert.Equal(0, keypoints.VisibleCount);
            foreach (var keypoint in keypoints.Semantic.Where(keypoint => keypoint.IsVisible))
                Assert.True((keypoint.Position!.Value - cloud.Head!.Value.Center).Length < 0.15, $"frame {i}: {keypoint}");
        }
        Assert.InRange(found, 80, 90);
        Assert.InRange(seen, 70, 90);
    }

    [SkippableTheory]
    [InlineData("synthetic-a", 0.0020, 6)]
    [InlineData("synthetic-b", 0.0035, 6)]
    public void Visible_landmarks_stay_where_they_are_in_the_world_and_hidden_ones_are_known_to_be(string name, double bound, double noseTip)
    {
        var capture = KeypointTestData.Capture(name);
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        var truth = GroundTruth.Load(capture);
        var clouds = Enumerable.Range(0, truth.Trajectory.Count).Select(i => FramePointCloud.FromFrame(KeypointTestData.Frame(capture, i))).ToArray();
        var surface = new KeypointTruth(truth.Surface, clouds[0].Intrinsics, [.. truth.Trajectory.Select(pose => pose.CameraToWorld)]);
        var score = LandmarkScore.Of(clouds, surface, truth.Landmarks, new FaceKeypointOptions());
        Assert.Equal(clouds.Length, score.Faces);
        // Every one of them; the first scatters most.
        Assert.InRange(score.Worst[0].Scatter, 0, bound);
        Assert.InRange(score.Worst.Count, 400, 468);
        Assert.InRange(score.HiddenCases, 1000, 20000);
        Assert.InRange(score.HiddenFound, 0.95, 1);
        // Hiding everything would be no art.
        Assert.InRange(score.SeenFound, 0.6, 1);
        Assert.Equal(0, score.OnBackground);
        Assert.InRange(1000 * score.Named.Single(point => point.Name == "nose_tip").Distance, 0, noseTip);
    }

    [Theory]
    [InlineData(0, "", 1.0)]
    [InlineData(9, "elsewhere", 1.0)]
    [InlineData(9, "", 1.01)]
    public void Another_video_through_the_same_detector_starts_anew(int firstIndex, string folder, double zoom)
    {
        static RgbdFrame[] Frames(int seed) =>
            [.. new[] { 28, 29, 30 }.Select(SyntheticScene.Create(new SyntheticCaptureOptions { Seed = seed, Width = 320, Height = 240 }).RenderFrame)];
        // Turned upside down: with the first video's direction no face would be found.
        var second = Frames(2).Select((frame, i) =>
        {
            var (camera, w, h) = (frame.Intrinsics, frame.Color.Width, frame.Color.Height);
            var depths = new float[w * h];
            for (var k = 0; k < depths.Length; k++)
                depths[k] = frame.Depth.Depths[depths.Length - 1 - k];
            return FramePointCloud.FromFrame(new RgbdFrame(firstIndex + i, 0, camera with { Fx = zoom * camera.Fx },
                KeypointTestData.Remap(frame.Color, w, h, (u, v) => (w - 1 - u, h - 1 - v)), new DepthImage(w, h, depths), "", Path.Combine(folder, "000000.png")));
        }).ToArray();
        using var alone = new FaceKeypointDetector();
        using var after = new FaceKeypointDetector();
        foreach (var frame in Frames(1))
            Assert.Equal(ImageDirection.Up, after.Detect(FramePointCloud.FromFrame(frame)).Keypoints!.Up);
        foreach (var cloud in second)
        {
            var (expected, found) = (alone.Detect(cloud).Keypoints!, after.Detect(cloud).Keypoints!);
            Assert.Equal(ImageDirection.Down, found.Up);
            Assert.Equal(expected.Semantic, found.Semantic);
        }
    }

    [SkippableTheory]
    [InlineData(ImageDirection.Up)]
    [InlineData(ImageDirection.Right)]
    [InlineData(ImageDirection.Down)]
    [InlineData(ImageDirection.Left)]
    public void The_turn_of_the_image_is_found(ImageDirection up)
    {
        var image = FrontalFace();
        var (w, h) = (image.Width, image.Height);
        var turned = up switch
        {
            ImageDirection.Right => KeypointTestData.Remap(image, h, w, (u, v) => (v, h - 1 - u)),
            ImageDirection.Down => KeypointTestData.Remap(image, w, h, (u, v) => (w - 1 - u, h - 1 - v)),
            ImageDirection.Left => KeypointTestData.Remap(image, h, w, (u, v) => (w - 1 - v, u)),
            _ => image,
        };
        using var detector = new FaceKeypointDetector();
        var keypoints = detector.Detect(KeypointTestData.WithoutDepth(turned));
        Assert.Equal(up, keypoints.Up);
        var (brow, chin) = (keypoints["ForeheadMiddle"]!, keypoints["Menton"]!);
        Assert.Equal(up.Angle(), Math.Atan2(brow.U - chin.U, chin.V - brow.V), 0.3);
    }

    [SkippableFact]
    public void A_lost_face_is_no_face_until_it_is_found_again_elsewhere()
    {
        var image = FrontalFace();
        var black = new ColorImage(image.Width, image.Height, new byte[image.Pixels.Length]);
        var moved = KeypointTestData.Remap(image, image.Width, image.Height, (u, v) => (u + 150, v - 20));
        using var detector = new FaceKeypointDetector();
        var before = detector.Detect(KeypointTestData.WithoutDepth(image, 0));
        var lost = detector.Detect(KeypointTestData.WithoutDepth(black, 1));
        var after = detector.Detect(KeypointTestData.WithoutDepth(moved, 2));
        Assert.False(lost.HasFace);
        Assert.Equal(0, lost.Score);
        Assert.Equal(before["NoseTip"]!.U - 150, after["NoseTip"]!.U, 3.0);
        Assert.Equal(before["NoseTip"]!.V + 20, after["NoseTip"]!.V, 3.0);
    }

    [SkippableTheory]
    [InlineData(0, 400)]
    [InlineData(-400, 0)]
    public void Of_two_faces_the_nearer_to_the_centre_is_taken(int first, int second)
    {
        var image = FrontalFace();
        var both = KeypointTestData.Remap(image, 2 * image.Width, image.Height, (u, v) =>
            u - image.Width / 2 - first is var x && x >= 140 && x < 500 ? (x, v) : (u - image.Width / 2 - second is var y && y >= 140 && y < 500 ? y : -1, v));
        using var detector = new FaceKeypointDetector();
        var keypoints = detector.Detect(KeypointTestData.WithoutDepth(both));
        Assert.InRange(keypoints["NoseTip"]!.U, image.Width - 100, image.Width + 100);
    }

    [SkippableFact]
    public void A_gray_face_is_a_face()
    {
        var image = FrontalFace();
        var gray = image.Pixels.ToArray();
        for (var i = 0; i < gray.Length; i += 3)
            gray.AsSpan(i, 3).Fill((byte)((gray[i] + gray[i + 1] + gray[i + 2]) / 3));
        using var detector = new FaceKeypointDetector();
        Assert.True(detector.Detect(KeypointTestData.WithoutDepth(new ColorImage(image.Width, image.Height, gray))).Score > 0.9);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 3)]
    [InlineData(4000, 3000)]
    public void Noise_of_any_size_is_no_face(int width, int height)
    {
        var pixels = new byte[3 * width * height];
        new Random(3).NextBytes(pixels);
        using var detector = new FaceKeypointDetector();
        var keypoints = detector.Detect(KeypointTestData.WithoutDepth(new ColorImage(width, height, pixels)));
        Assert.False(keypoints.HasFace);
        Assert.Null(keypoints["NoseTip"]);
    }

    [SkippableFact]
    public void A_huge_image_gives_the_same_face_larger()
    {
        var image = FrontalFace();
        var huge = KeypointTestData.Remap(image, 6 * image.Width, 6 * image.Height, (u, v) => (u / 6, v / 6));
        using var one = new FaceKeypointDetector();
        using var other = new FaceKeypointDetector();
        var expected = one.Detect(KeypointTestData.WithoutDepth(image))["NoseTip"]!;
        var found = other.Detect(KeypointTestData.WithoutDepth(huge))["NoseTip"]!;
        Assert.Equal(6 * expected.U + 2.5, found.U, 18.0);
        Assert.Equal(6 * expected.V + 2.5, found.V, 18.0);
    }

    [SkippableFact]
    public void A_face_as_small_as_a_thumbnail_is_found()
    {
        var image = FrontalFace();
        // Means of ten by ten pixels: 64x48, the face 18 pixels wide.
        var small = new byte[3 * 64 * 48];
        for (var i = 0; i < small.Length; i++)
        {
            var (u, v, sum) = (i / 3 % 64 * 10, i / 3 / 64 * 10, 0);
            for (var k = 0; k < 100; k++)
                sum += image.Pixels[3 * ((v + k / 10) * 640 + u + k % 10) + i % 3];
            small[i] = (byte)(sum / 100);
        }
        using var one = new FaceKeypointDetector();
        using var other = new FaceKeypointDetector();
        var expected = one.Detect(KeypointTestData.WithoutDepth(image))["NoseTip"]!;
        var found = other.Detect(KeypointTestData.WithoutDepth(new ColorImage(64, 48, small)))["NoseTip"]!;
        Assert.Equal((expected.U - 4.5) / 10, found.U, 1.0);
        Assert.Equal((expected.V - 4.5) / 10, found.V, 1.0);
    }

    [SkippableFact]
    public void A_frame_of_2048_by_1536_gives_the_same_face_in_the_image_and_in_space()
    {
        var capture = KeypointTestData.Capture("synthetic-a");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        var frame = KeypointTestData.Frame(capture, 28);
        const double scale = 3.2;
        const int width = 2048, height = 1536;
        int Source(int position) => (int)((position + 0.5) / scale);
        var depths = new float[width * height];
        for (var v = 0; v < height; v++)
        for (var u = 0; u < width; u++)
            depths[v * width + u] = frame.Depth.Depths[Source(v) * 640 + Source(u)];
        var camera = frame.Intrinsics;
        var large = new RgbdFrame(0, 0, new CameraIntrinsics(width, height, scale * camera.Fx, scale * camera.Fy, scale * (camera.Cx + 0.5) - 0.5, scale * (camera.Cy + 0.5) - 0.5),
            KeypointTestData.Remap(frame.Color, width, height, (u, v) => (Source(u), Source(v))), new DepthImage(width, height, depths));
        using var one = new FaceKeypointDetector();
        using var other = new FaceKeypointDetector();
        var expected = one.Detect(FramePointCloud.FromFrame(frame)).Keypoints!["NoseTip"]!;
        var found = other.Detect(FramePointCloud.FromFrame(large)).Keypoints!["NoseTip"]!;
        Assert.Equal(scale * (expected.U + 0.5) - 0.5, found.U, 8.0);
        Assert.InRange((expected.Position!.Value - found.Position!.Value).Length, 0, 0.003);
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.dat")]
    public void A_hostile_model_is_one_clear_error(string name)
    {
        using var folder = new ScratchFolder();
        var bytes = new byte[100_000];
        new Random(7).NextBytes(bytes);
        var path = folder.Write(name, bytes);
        folder.Write("model.json", """{ "name": "Two", "landmarks": ["A", "B"], "size": 64 }""");
        var error = Assert.Throws<FaceReconException>(() => new FaceKeypointDetector(new FaceKeypointOptions { SemanticModel = path }));
        Assert.Equal(ErrorId.ModelInvalid, error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_same_frames_give_the_same_keypoints_whatever_the_threads()
    {
        var capture = KeypointTestData.Capture("synthetic-b");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        var clouds = Enumerable.Range(26, 4).Select(i => FramePointCloud.FromFrame(KeypointTestData.Frame(capture, i))).ToArray();
        KeypointSet[] Run(int threads)
        {
            using var detector = new FaceKeypointDetector(new FaceKeypointOptions { Threads = threads });
            return Array.ConvertAll(clouds, cloud => detector.Detect(cloud).Keypoints!);
        }
        var (one, two) = (Run(1), Run(2));
        for (var i = 0; i < clouds.Length; i++)
            Assert.Equal(one[i].Semantic, two[i].Semantic);
    }

    [SkippableFact]
    public void The_far_side_of_a_turned_head_is_hidden()
    {
        var capture = KeypointTestData.Capture("synthetic-a");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        using var detector = new FaceKeypointDetector();
        // The camera stands 43 degrees to the subject's right.
        var keypoints = detector.Detect(FramePointCloud.FromFrame(KeypointTestData.Frame(capture, 0))).Keypoints!;
        foreach (var side in (string[])["Tragion", "Gonion", "Outline8", "Outline9"])
            Assert.False(keypoints["Left" + side]!.IsVisible, side);
        foreach (var part in (string[])["RightCheekbone", "RightMouthCorner", "NoseTip", "RightEyeOuterCorner"])
            Assert.True(keypoints[part]!.IsVisible, part);
    }

    private static ColorImage FrontalFace()
    {
        var capture = KeypointTestData.Capture("synthetic-a");
        Skip.If(capture is null, KeypointTestData.NoCaptures);
        return KeypointTestData.Frame(capture, 28).Color;
    }
}
