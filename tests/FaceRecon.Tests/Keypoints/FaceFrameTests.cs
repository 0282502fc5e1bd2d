namespace FaceRecon.Tests;

public class FaceFrameTests
{
    private static readonly string[] EyeCorners = ["RightEyeOuterCorner", "RightEyeInnerCorner", "LeftEyeInnerCorner", "LeftEyeOuterCorner"];
    private static readonly RigidTransform FaceToCamera = RigidTransform.FromRotationVector(new Vector3d(2.9, 0.4, -0.3), new Vector3d(0.02, -0.05, 0.45));

    [Fact]
    public void A_face_of_another_size_has_its_origin_between_its_eyes_and_its_axes()
    {
        var frame = FaceFrame.Locate(Canonical(1.07))!.Value;

        Assert.True((frame * FaceToCamera).RotationAngle < 1e-6);
        var eyes = EyeCorners.Select(name => frame.TransformPoint(Canonical(1.07).Single(landmark => landmark.Name == name).Position)).ToArray();
        Assert.True(eyes.Aggregate(Vector3d.Zero, (sum, eye) => sum + eye).Length < 1e-9);
        // The subject's left is x.
        Assert.True(eyes[0].X < eyes[1].X && eyes[1].X < eyes[2].X && eyes[2].X < eyes[3].X);
        var nose = frame.TransformPoint(Canonical(1.07).Single(landmark => landmark.Name == "NoseTip").Position);
        Assert.True(nose.Z > 0.02 && nose.Y < -0.02, $"{nose}");
    }

    [Fact]
    public void What_was_seen_from_one_side_has_the_same_frame()
    {
        var whole = FaceFrame.Locate(Canonical(0.95))!.Value;
        var half = FaceFrame.Locate(Canonical(0.95).Where(landmark => !landmark.Name.StartsWith("Left", StringComparison.Ordinal)))!.Value;

        var difference = half * whole.Inverse();
        Assert.True(difference.RotationAngle < 1e-6 && difference.Translation.Length < 1e-6, $"{difference}");
    }

    [Fact]
    public void Few_landmarks_and_those_of_another_scheme_give_none()
    {
        Assert.Null(FaceFrame.Locate([]));
        Assert.Null(FaceFrame.Locate(Canonical(1).Take(11)));
        Assert.Null(FaceFrame.Locate(Canonical(1).Select(landmark => landmark with { Name = "x" + landmark.Name })));
    }

    [Fact]
    public void A_merged_face_stands_upright_within_a_few_degrees_of_its_truth()
    {
        using var folder = new ScratchFolder();
        SyntheticRgbdVideo.Write(folder.Path, new SyntheticCaptureOptions { Frames = 8, Width = 320, Height = 240, Seed = 7 }, force: true);
        using var detector = new FaceKeypointDetector();
        var merger = new CloudMerger();
        foreach (var frame in RgbdVideo.Open(folder.Path).ReadFrames(FrameSelection.All, _ => { }))
            merger.Add(detector.Detect(FramePointCloud.FromFrame(frame)));
        var face = merger.Complete();

        var truth = GroundTruth.Load(folder.Path);
        var cameraToHead = truth.Trajectory[0].CameraToWorld;
        Assert.InRange(face.Landmarks.Count, 300, 468);
        // An average face and this person's lie a few degrees apart whichever way they are laid over each other.
        var tilt = (face.WorldToFace!.Value * cameraToHead.Inverse()).RotationAngle * 180 / Math.PI;
        Assert.True(tilt < 6, $"{tilt:0.0} degrees");
        var tip = truth.Landmarks["nose_tip"];
        var nose = cameraToHead.TransformPoint(face.Landmarks.Single(landmark => landmark.Name == "NoseTip").Position);
        Assert.True((nose - new Vector3d(tip.X, tip.Y, tip.Z)).Length < 0.008, $"{nose} and {tip}");
        var up = face.Upright.Up;
        Assert.True(Vector3d.Dot(up, cameraToHead.Inverse().Rotate(new Vector3d(0, 1, 0))) > Math.Cos(6 * Math.PI / 180));
    }

    private static IEnumerable<FaceLandmark> Canonical(double size) => CanonicalFace.Instance.Vertices.Select((vertex, i) =>
        new FaceLandmark(KeypointScheme.FaceMesh468.Names[i], FaceToCamera.TransformPoint(size * vertex), 5));
}
