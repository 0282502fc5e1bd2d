namespace FaceRecon.Tests;

public sealed class KeypointOverlayTests
{
    [Fact]
    public void Landmarks_are_drawn_where_they_are_in_the_colour_of_their_visibility()
    {
        var image = new ColorImage(320, 240, new byte[3 * 320 * 240]);
        var set = new KeypointSet
        {
            FrameIndex = 0, Scheme = new KeypointScheme("Two", ["Seen", "Hidden"]), FaceBox = new ImageBox(50, 40, 100, 100), Score = 1,
            Semantic =
            [
                new SemanticKeypoint { Name = "Seen", U = 100.5, V = 80 },
                new SemanticKeypoint { Name = "Hidden", U = -5, V = 1e12, IsVisible = false },
            ],
            Structural = [new StructuralKeypoint { U = 200, V = 150 }, new StructuralKeypoint { U = double.NaN, V = -1e12 }],
        };
        var drawing = KeypointOverlay.Draw(image, set);
        Assert.Equal((960, 720), (drawing.Width, drawing.Height));
        // Pixel 100.5 of columns of three: (100.5 + 0.5) 3 - 0.5 = 302.5.
        var mark = drawing.Pixels.AsSpan(3 * (241 * 960 + 302), 3);
        Assert.True(mark[1] > 200 && mark[0] < 100);
        // A cross, blue: its arms are marked, what lies between them is not.
        var cross = drawing.Pixels.AsSpan(3 * (451 * 960 + 603), 3);
        Assert.True(cross[2] > 200 && cross[0] < 100);
        Assert.Equal(0, drawing.Pixels[3 * (453 * 960 + 603) + 2]);
        Assert.All(image.Pixels, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_hidden_landmark_beside_the_head_is_not_drawn()
    {
        var image = new ColorImage(960, 960, new byte[3 * 960 * 960]);
        bool IsDrawn(Vector3d? beside, Vector3d? other)
        {
            var drawing = KeypointOverlay.Draw(image, new KeypointSet
            {
                FrameIndex = 0, Scheme = new KeypointScheme("Two", ["Beside", "Other"]),
                Semantic = [new SemanticKeypoint { Name = "Beside", U = 50, V = 60, IsVisible = false, Position = beside }, new SemanticKeypoint { Name = "Other", U = 90, V = 90, Position = other }],
            });
            return drawing.Pixels[3 * (60 * 960 + 50)] > 200;
        }
        Assert.False(IsDrawn(null, Vector3d.Zero));
        Assert.True(IsDrawn(Vector3d.Zero, Vector3d.Zero));
        // In a frame without depth nobody knows.
        Assert.True(IsDrawn(null, null));
    }
}
