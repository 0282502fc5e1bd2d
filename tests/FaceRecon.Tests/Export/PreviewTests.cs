using System.Numerics;

namespace FaceRecon.Tests;

public class PreviewTests
{
    private static readonly CameraIntrinsics Camera = new(200, 160, 400, 400, 99.5, 79.5);

    [Fact]
    public void A_sphere_covers_the_pixels_that_it_projects_to()
    {
        var image = MeshRenderer.Render(TestMeshes.Sphere(new Vector3(0, 0, 0.5f), 0.05f, (200, 60, 60)), Camera, RigidTransform.Identity);

        // The outline of a sphere of radius r at distance d lies at tan(asin(r/d)).
        var radius = 400 * Math.Tan(Math.Asin(0.05 / 0.5));
        for (var x = 0; x < image.Width; x++)
        {
            var fromOutline = Math.Abs(x - 99.5) - radius;
            if (fromOutline < -1.5)
                Assert.True(Pixel(image, x, 79).R > Pixel(image, x, 79).B, $"clay, which is warm, at {x}");
            if (fromOutline > 1.5)
                Assert.True(Pixel(image, x, 79).R == Pixel(image, x, 79).B, $"background, which is grey, at {x}");
        }
        // Anti-aliased: some pixels of the outline lie between.
        Assert.NotEqual(Pixel(image, 0, 79), Pixel(image, 99, 79));
    }

    [Fact]
    public void Colours_show_and_the_nearer_surface_hides_the_farther()
    {
        var green = TestMeshes.Sphere(new Vector3(0, 0, 0.5f), 0.05f, (30, 200, 30));
        var blue = TestMeshes.Sphere(new Vector3(0, 0, 0.35f), 0.01f, (30, 30, 200));

        var image = MeshRenderer.Render(Join(green, blue), Camera, RigidTransform.Identity, new RenderOptions { Style = RenderStyle.Color });

        var (middle, side) = (Pixel(image, 99, 79), Pixel(image, 75, 79));
        Assert.True(middle.B > 2 * middle.G, $"{middle}");
        Assert.True(side.G > 2 * side.B, $"{side}");
    }

    [Fact]
    public void The_camera_pose_is_camera_to_world()
    {
        var pose = RigidTransform.FromRotationVector(new Vector3d(0, Math.PI / 2, 0), new Vector3d(-0.5, 0, 0));
        var image = MeshRenderer.Render(TestMeshes.Sphere(Vector3.Zero, 0.02f, (200, 60, 60)), Camera, pose);
        Assert.True(Pixel(image, 99, 79).R > Pixel(image, 99, 79).B);
        Assert.Equal(Pixel(image, 30, 79).R, Pixel(image, 30, 79).B);
    }

    [Fact]
    public void What_lies_under_cover_gets_less_light()
    {
        var floor = TestMeshes.Sphere(new Vector3(0, 0, 0), 0.05f, (1, 1, 1));
        var lid = TestMeshes.Sphere(new Vector3(0, 0.09f, 0), 0.035f, (1, 1, 1));
        var loop = new PartitionedLoop(2, default);

        var alone = SoftLight.Irradiance(floor, UprightFrame.Face, loop);
        var covered = SoftLight.Irradiance(Join(floor, lid), UprightFrame.Face, loop);

        var top = Enumerable.Range(0, floor.VertexCount).MaxBy(i => floor.Vertices[i].Y);
        var front = Enumerable.Range(0, floor.VertexCount).MaxBy(i => floor.Vertices[i].Z);
        Assert.True(covered[top] / covered[front] < 0.7 * alone[top] / alone[front]);
    }

    [Fact]
    public void The_preview_stands_upright_however_the_camera_was_held()
    {
        // Red at the top of the head, which is at -x for a phone on its side.
        var mesh = TestMeshes.Sphere(new Vector3(0, 0, 0.4f), 0.1f, (40, 40, 200), v => v.X < -0.02f ? (200, 40, 40) : (40, 40, 200));

        var image = PreviewImage.Render(mesh, new UprightFrame(new Vector3d(-1, 0, 0), new Vector3d(0, 0, 1)));

        // Five views of a mesh without sigma, above in colour and below in clay.
        Assert.Equal((1800, 900), (image.Width, image.Height));
        for (var x = 180; x < 1800; x += 360)
        {
            var (top, bottom) = (Pixel(image, x, 105), Pixel(image, x, 345));
            Assert.True(top.R > 2 * top.B, $"{top}");
            Assert.True(bottom.B > 2 * bottom.R, $"{bottom}");
        }
    }

    [Fact]
    public void The_left_view_shows_the_side_that_is_left_in_the_front_view()
    {
        var mesh = TestMeshes.Sphere(new Vector3(0, 0, 0.4f), 0.1f, default, v => v.X < 0 ? (200, 40, 40) : (40, 40, 200));

        var image = PreviewImage.Render(mesh);

        var (front, left, right) = (Pixel(image, 900 - 75, 225), Pixel(image, 180, 225), Pixel(image, 1620, 225));
        Assert.True(front.R > 2 * front.B && left.R > 2 * left.B && right.B > 2 * right.R, $"{front} {left} {right}");
    }

    [Fact]
    public void The_third_row_shows_how_sure_each_part_is_and_a_legend_says_in_what_colours()
    {
        var ball = TestMeshes.Sphere(new Vector3(0, 0, 0.4f), 0.1f, (200, 150, 120));
        // The subject's right side is sure, the left is not, the very top is unknown.
        var sigma = Array.ConvertAll(ball.Vertices, v => v.Y < -0.08f ? float.NaN : v.X < 0 ? 0.00001f : 0.0006f);
        var mesh = new TriangleMesh(ball.Vertices, ball.Normals, ball.Triangles, ball.Colors, sigma);

        var image = PreviewImage.Render(mesh);

        Assert.Equal((1800, 3 * 450 + 56), (image.Width, image.Height));
        var (sure, unsure, unknown) = (Pixel(image, 900 - 75, 900 + 225), Pixel(image, 900 + 75, 900 + 225), Pixel(image, 900, 900 + 70));
        Assert.True(sure.B > sure.R + 40, $"blue where it is sure: {sure}");
        Assert.True(unsure.R > unsure.B + 80, $"red where it is not: {unsure}");
        Assert.True(Math.Abs(unknown.R - unknown.B) < 6, $"grey where nothing is known: {unknown}");
        // The bar runs from the first colour to the last.
        var scale = HeatScale.Sequential(mesh.Sigma);
        Assert.Equal(0.0006, scale.High, 9);
        Assert.Equal(scale.ColorOf(0), ToBytes(Pixel(image, 690, 1362)));
        Assert.Equal(scale.ColorOf(scale.High), ToBytes(Pixel(image, 690 + 419, 1362)));
    }

    [Theory]
    [InlineData(0.00052, 0.0006, new[] { 0, 0.2, 0.4, 0.6 })]
    [InlineData(0.0009, 0.001, new[] { 0, 0.25, 0.5, 0.75, 1 })]
    [InlineData(0.0031, 0.004, new[] { 0.0, 1, 2, 3, 4 })]
    [InlineData(0.011, 0.015, new[] { 0.0, 5, 10, 15 })]
    public void A_scale_ends_at_a_round_number_and_its_ticks_are_round(double most, double limit, double[] ticks)
    {
        var scale = HeatScale.Sequential([.. Enumerable.Range(0, 1001).Select(i => (float)(most * i / 900))]);

        Assert.Equal(limit, scale.High, 9);
        Assert.Equal(ticks, scale.Ticks().Select(tick => Math.Round(1000 * tick, 6)));
    }

    [Fact]
    public void A_diverging_scale_is_white_at_nothing_and_grey_where_nothing_is_known()
    {
        var scale = HeatScale.Diverging([-0.0008f, 0.0001f, float.NaN]);

        Assert.Equal((-0.0008, 0.0008), (Math.Round(scale.Low, 9), Math.Round(scale.High, 9)));
        Assert.Equal([-0.8, -0.4, 0, 0.4, 0.8], scale.Ticks().Select(tick => Math.Round(1000 * tick, 6)));
        var (zero, behind, before) = (scale.ColorOf(0), scale.ColorOf(-1), scale.ColorOf(1));
        Assert.True(zero is { Red: > 230, Green: > 230, Blue: > 230 });
        Assert.True(behind.Blue > behind.Red + 80 && before.Red > before.Blue + 80);
        Assert.Equal(scale.ColorOf(double.NaN), scale.ColorOf(float.PositiveInfinity));
    }

    [Fact]
    public void A_legend_says_its_numbers_and_what_they_are()
    {
        byte[] Draw(double limit, string caption)
        {
            var image = new ColorImage(600, HeatLegend.Height, new byte[3 * 600 * HeatLegend.Height]);
            HeatLegend.Draw(image, 0, new HeatMap([], HeatScale.Sequential(limit), caption));
            return image.Pixels;
        }
        Assert.NotEqual(Draw(0.001, "sigma"), Draw(0.002, "sigma"));
        Assert.NotEqual(Draw(0.001, "sigma"), Draw(0.001, "error"));
        Assert.Equal(Draw(0.001, "sigma"), Draw(0.001, "Sigma"));
        // Every letter and figure leaves some ink of its own.
        var shapes = "0123456789abcdefghijklmnopqrstuvwxyz.-+%/".Select(letter =>
        {
            var image = new ColorImage(20, 24, new byte[3 * 20 * 24]);
            StrokeFont.Draw(image, $"{letter}", 4, 4, 12, (255, 255, 255));
            return Convert.ToBase64String(image.Pixels);
        }).ToArray();
        Assert.Equal(shapes.Length, shapes.Distinct().Count());
        Assert.DoesNotContain(Convert.ToBase64String(new byte[3 * 20 * 24]), shapes);
    }

    [Fact]
    public void The_number_of_threads_changes_no_pixel()
    {
        var mesh = TestMeshes.Sphere(new Vector3(0, 0, 0.4f), 0.1f, (200, 150, 120));
        Assert.Equal(PreviewImage.Render(mesh, maxThreads: 1).Pixels, PreviewImage.Render(mesh, maxThreads: 3).Pixels);
    }

    private static (int R, int G, int B) Pixel(ColorImage image, int x, int y)
    {
        var i = 3 * (y * image.Width + x);
        return (image.Pixels[i], image.Pixels[i + 1], image.Pixels[i + 2]);
    }

    private static (byte, byte, byte) ToBytes((int R, int G, int B) pixel) => ((byte)pixel.R, (byte)pixel.G, (byte)pixel.B);

    private static TriangleMesh Join(TriangleMesh a, TriangleMesh b) => new(
        [.. a.Vertices, .. b.Vertices], [.. a.Normals, .. b.Normals],
        [.. a.Triangles, .. b.Triangles.Select(i => i + a.VertexCount)], [.. a.Colors, .. b.Colors]);
}
