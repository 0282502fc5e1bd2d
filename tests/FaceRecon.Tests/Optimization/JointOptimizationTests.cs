namespace FaceRecon.Tests;

public class JointOptimizationTests
{
    private static JointState Disturbed(JointScene scene, ParameterLayout layout, double size, int seed)
    {
        var random = new Random(seed);
        var step = new double[layout.Size];
        for (var k = 1; k < layout.FrameCount; k++)
            for (var i = 0; i < 6; i++)
                step[layout.FrameStart(k) + i] = (i < 3 ? 5 : 1) * size * (random.NextDouble() - 0.5);
        return new JointState(layout, [.. scene.Frames.Select(frame => frame.Pose)]).Moved(step);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void The_gradient_is_that_of_the_loss(int ownSpans)
    {
        var scene = new JointScene(frames: 4, points: 12);
        var layout = scene.Layout(ownSpans, refineFocal: true);
        var state = Disturbed(scene, layout, 0.0003, 1);
        var surface = new SurfaceTerm(SurfacePatches.Find(scene.Model(), scene.Frames, state, 200, 0.01, 0.0005, 1, default), new RobustKernel(3), 0.7);
        var problem = new JointProblem(layout, [scene.Keypoints(layout), surface], scene.Prior(layout, focal: true), 1);
        // Away from where the prior's part is zero.
        var random = new Random(2);
        var start = new double[layout.Size];
        for (var i = 0; i < layout.Size; i++)
            start[i] = i >= layout.FrameSize ? 0.0005 * (random.NextDouble() - 0.5) : 0;
        state = state.Moved(start);
        var gradient = problem.Linearize(state, default).Gradient.ToArray();
        var scale = gradient.Max(Math.Abs);
        // The first frame's pose is held by a prior that costs nothing.
        for (var i = 6; i < layout.Size; i += 1 + i % 3)
        {
            const double Step = 1e-6;
            var there = new double[layout.Size];
            there[i] = Step;
            var forth = problem.Costs(state.Moved(there), default).Sum();
            there[i] = -Step;
            var numeric = (forth - problem.Costs(state.Moved(there), default).Sum()) / (2 * Step);
            Assert.True(Math.Abs(numeric - gradient[i]) < 2e-3 * Math.Abs(numeric) + 2e-5 * scale, $"unknown {i}: {gradient[i]} for {numeric}");
        }
    }

    [Fact]
    public void A_renewed_gradient_is_that_of_the_place_and_the_matrix_that_of_before()
    {
        var scene = new JointScene();
        var layout = scene.Layout();
        var (here, there) = (Disturbed(scene, layout, 0.001, 5), Disturbed(scene, layout, 0.002, 6));
        var problem = new JointProblem(layout, [scene.Keypoints(layout)], scene.Prior(layout), 2);
        var gradient = problem.Linearize(there, default).Gradient.ToArray();
        var matrix = problem.Linearize(here, default).Matrix.ToArray();
        var renewed = problem.RenewGradient(there, default);
        Assert.Equal(gradient, renewed.Gradient.ToArray());
        Assert.Equal(matrix, renewed.Matrix.ToArray());
    }

    [Fact]
    public void Known_poses_are_recovered_from_keypoints()
    {
        var scene = new JointScene();
        var layout = scene.Layout();
        var start = Disturbed(scene, layout, 0.01, 7);
        Assert.True(scene.PoseError(start) > 0.003);
        var problem = new JointProblem(layout, [scene.Keypoints(layout)], scene.Prior(layout, depth: false), 1);
        var result = LevenbergMarquardt.Minimize(problem, start, 30, 1e-9, 1, default);
        Assert.True(result.Converged);
        Assert.True(scene.PoseError(result.State) < 2e-4, $"{1000 * scene.PoseError(result.State)} mm");
    }

    [Fact]
    public void One_wrong_match_in_five_does_little()
    {
        var scene = new JointScene();
        var layout = scene.Layout();
        var random = new Random(11);
        var wrong = scene.Tracks.Select(track => track.Select(view => random.NextDouble() < 0.2
            ? view with { Pixel = view.Pixel with { U = view.Pixel.U + 6 + 10 * random.NextDouble(), V = view.Pixel.V - 5 } } : view)
            .Where(view => scene.Frames[view.Frame].DepthAt((float)view.Pixel.U, (float)view.Pixel.V, out _) > 0).ToArray());
        var problem = new JointProblem(layout, [scene.Keypoints(layout, wrong)], scene.Prior(layout, depth: false), 1);
        var result = LevenbergMarquardt.Minimize(problem, Disturbed(scene, layout, 0.004, 3), 50, 1e-9, 1, default);
        Assert.True(scene.PoseError(result.State) < 1e-3, $"{1000 * scene.PoseError(result.State)} mm");
    }

    [Fact]
    public void A_known_depth_error_is_estimated()
    {
        // Half of it must go: what the mean of all offsets is, hardly shows. A bump of 2 mm that stays in the image, and an offset that changes from frame to frame.
        static double Error(int frame, double u, double v, double z) =>
            0.002 * Math.Exp(-((u - 150) * (u - 150) + (v - 100) * (v - 100)) / (2 * 40 * 40)) + 0.0006 * Math.Sin(3 * frame);
        var scene = new JointScene(frames: 12, Error, points: 150);
        var layout = scene.Layout();
        var state = new JointState(layout, [.. scene.Frames.Select(frame => frame.Pose)]);
        var surface = new SurfaceTerm(SurfacePatches.Find(scene.Model(), scene.Frames, state, 1500, 0.006, 0.0005, 1, default), new RobustKernel(3), 0.5);
        var problem = new JointProblem(layout, [scene.Keypoints(layout), surface], scene.Prior(layout), 2);
        state = LevenbergMarquardt.Minimize(problem, state, 20, 1e-6, 2, default).State;
        double before = 0, after = 0;
        var count = 0;
        for (var k = 0; k < scene.Frames.Count; k++)
            for (var i = 0; i < scene.Frames[k].Z.Length; i += 37)
            {
                var frame = scene.Frames[k];
                if (frame.Facing[i] < 0.3f)
                    continue;
                var (u, v) = (frame.Left + i % frame.Width, frame.Top + i / frame.Width);
                var error = Error(k, u, v, frame.Z[i]);
                var estimate = frame.Z[i] - state.Depth(layout.Sample(k, frame, u, v, frame.Z[i]));
                (before, after, count) = (before + error * error, after + (error - estimate) * (error - estimate), count + 1);
            }
        Assert.True(Math.Sqrt(after) < 0.5 * Math.Sqrt(before), $"{1000 * Math.Sqrt(before / count)} mm before, {1000 * Math.Sqrt(after / count)} after");
        Assert.True(scene.PoseError(state) < 7e-4, $"{1000 * scene.PoseError(state)} mm");
    }

    [Theory]
    [InlineData(0.96)]
    [InlineData(1.03)]
    public void A_wrong_focal_length_is_found(double stated)
    {
        var scene = new JointScene(frames: 12, points: 150);
        // Frames that state another focal length than the one that they were made with.
        for (var k = 0; k < scene.Frames.Count; k++)
        {
            var f = scene.Frames[k];
            scene.Frames[k] = new Keyframe(f, f.Z, f.NormalX, f.NormalY, f.NormalZ, f.Camera with { Fx = f.Camera.Fx * stated, Fy = f.Camera.Fy * stated });
        }
        var layout = scene.Layout(refineFocal: true);
        var views = scene.Tracks.Select(track => new TrackedPoint([.. track.Select(view =>
        {
            var frame = scene.Frames[view.Frame];
            var z = frame.DepthAt((float)view.Pixel.U, (float)view.Pixel.V, out _);
            return new KeypointView(layout.Sample(view.Frame, frame, view.Pixel.U, view.Pixel.V, z), frame.Camera.Fx, frame.Camera.Fy, view.Pixel.InformationFactor(), 0.003);
        })])).ToArray();
        var problem = new JointProblem(
            layout, [new KeypointTerm("structural", views, new RobustKernel(3), 1)], scene.Prior(layout, focal: true, prior: new DepthPrior { Focal = 0.1 }), 1);
        var result = LevenbergMarquardt.Minimize(problem, new JointState(layout, [.. scene.Frames.Select(frame => frame.Pose)]), 50, 1e-8, 1, default);
        Assert.Equal(1, stated * Math.Exp(result.State.LogFocal), 0.01);
    }
}
