namespace FaceRecon.Tests;

public sealed class KeypointSchemeTests
{
    [Fact]
    public void Every_landmark_has_a_name_of_its_own()
    {
        Assert.Equal(468, KeypointScheme.FaceMesh468.Names.Distinct().Count());
        Assert.Equal(68, KeypointScheme.Ibug68.Names.Distinct().Count());
        Assert.All(KeypointScheme.FaceMesh468.Names, name => Assert.Matches("^[A-Z][A-Za-z]+[0-9]*$", name));
    }

    [Fact]
    public void Right_is_the_subjects_right_and_every_right_has_its_left()
    {
        var scheme = KeypointScheme.FaceMesh468;
        var face = CanonicalFace.Instance;
        foreach (var name in scheme.Names.Where(name => name.StartsWith("Right", StringComparison.Ordinal)))
        {
            var right = face.Vertices[scheme.IndexOf(name)];
            Assert.True(right.X < 0, name);
            // Regions carry the number of the vertex, which differs from side to side.
            var left = scheme.IndexOf("Left" + name[5..]);
            if (left >= 0)
                Assert.True((face.Vertices[left] - right with { X = -right.X }).Length < 0.0005, name);
        }
        Assert.Equal(scheme.Names.Count(name => name.StartsWith("Right", StringComparison.Ordinal)), scheme.Names.Count(name => name.StartsWith("Left", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("RightEyeOuterCorner", 36)]
    [InlineData("RightEyeInnerCorner", 39)]
    [InlineData("LeftEyeInnerCorner", 42)]
    [InlineData("LeftEyeOuterCorner", 45)]
    [InlineData("NoseTip", 30)]
    [InlineData("Menton", 8)]
    [InlineData("RightMouthCorner", 48)]
    [InlineData("LeftMouthCorner", 54)]
    public void Numbers_of_the_68_are_ibugs(string name, int number) => Assert.Equal(number, KeypointScheme.Ibug68.IndexOf(name));

    [Fact]
    public void The_68_of_the_canonical_face_lie_as_ibug_numbers_them()
    {
        var x = KeypointScheme.FaceMeshVertexOfIbug.ToArray().Select(i => CanonicalFace.Instance.Vertices[i]).ToArray();
        // The jaw runs from the right ear over the chin to the left one, brows and eyes from right to left, the bridge downwards.
        Assert.All(Enumerable.Range(0, 16), i => Assert.True(x[i].X < x[i + 1].X, $"jaw {i}"));
        Assert.All(Enumerable.Range(17, 9), i => Assert.True(x[i].X < x[i + 1].X, $"brow {i}"));
        Assert.All(Enumerable.Range(27, 3), i => Assert.True(x[i].Y > x[i + 1].Y, $"bridge {i}"));
        Assert.All(Enumerable.Range(31, 4), i => Assert.True(x[i].X < x[i + 1].X, $"nostril {i}"));
        Assert.All(Enumerable.Range(48, 6), i => Assert.True(x[i].X < x[i + 1].X, $"upper lip {i}"));
        Assert.All(Enumerable.Range(54, 5), i => Assert.True(x[i].X > x[i + 1].X, $"lower lip {i}"));
    }

    [Fact]
    public void A_scheme_refuses_a_name_twice() => Assert.Throws<ArgumentException>(() => new KeypointScheme("odd", ["Nose", "nose"]));
}
