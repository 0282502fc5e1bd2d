namespace FaceRecon.Tests;

public sealed class KeypointSetTests
{
    private static readonly StructuralKeypoint[] Three = [new() { U = 1, V = 2 }, new() { U = 3, V = 4 }, new() { U = 5, V = 6 }];
    private static readonly KeypointScheme Two = new("Two", ["A", "B"]);

    [Fact]
    public void It_says_what_was_found_of_what_was_looked_for()
    {
        var face = new KeypointSet
        {
            FrameIndex = 4, Scheme = Two, Score = 0.975,
            Semantic = [new SemanticKeypoint { Name = "A", U = 1, V = 1 }, new SemanticKeypoint { Name = "B", U = 1, V = 1, IsVisible = false }],
        };
        Assert.Equal("frame 4: 1 of 2 landmarks visible, score 0.98", face.ToString());
        Assert.Equal("frame 4: 1 of 2 landmarks visible, score 0.98, 3 structural", (face with { Structural = Three }).ToString());
        Assert.Equal("frame 4: no face", (face with { Semantic = [] }).ToString());
        Assert.Equal("frame 4: no face, 3 structural", (face with { Semantic = [], Structural = Three }).ToString());
    }

    [Fact]
    public void No_face_is_said_only_where_one_was_looked_for()
    {
        var set = new KeypointSet { FrameIndex = 4, Scheme = KeypointScheme.None, Structural = Three };
        Assert.Equal("frame 4: 3 structural", set.ToString());
        Assert.Equal("frame 4: 0 structural", (set with { Structural = [] }).ToString());
    }
}
