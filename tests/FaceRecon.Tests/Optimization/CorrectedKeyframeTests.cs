namespace FaceRecon.Tests;

/// <summary>What a keyframe becomes when its depth is corrected.</summary>
public class CorrectedKeyframeTests
{
    [Fact]
    public void Corrected_depth_counts_more_and_depth_as_measured_as_before()
    {
        var scene = new JointScene(points: 12);
        var layout = scene.Layout();
        var measured = new JointState(layout, [.. scene.Frames.Select(frame => frame.Pose)]);
        var step = new double[layout.Size];
        step[layout.FrameStart(1) + 6] = 0.002;
        var corrected = measured.Moved(step);

        var (before, after) = (CorrectedKeyframe.MakeAll(scene.Frames, measured, 1, default)[1], CorrectedKeyframe.MakeAll(scene.Frames, corrected, 1, default)[1]);

        Assert.False(measured.CorrectsDepth);
        Assert.True(corrected.CorrectsDepth && !corrected.WithoutDepth().CorrectsDepth);
        var seen = Enumerable.Range(0, before.Z.Length).Where(i => scene.Frames[1].Weight[i] > 0).ToArray();
        Assert.True(seen.Length > 1000);
        foreach (var i in seen)
        {
            Assert.Equal(scene.Frames[1].Weight[i], before.Weight[i], 0.001 * before.Weight[i]);
            Assert.Equal(before.Z[i] + 0.002, after.Z[i], 1e-6);
            // Inverse variance: the pixel's own noise stays, of the smooth part less than half is left.
            double Variance(double systematic) => before.Sigma[i] * before.Sigma[i] + systematic * systematic;
            Assert.Equal(Variance(0.0015) / Variance(0.0007), after.Weight[i] / before.Weight[i], 0.05);
        }
    }
}
