namespace FaceRecon.Tests;

public class BackgroundTests
{
    [Fact]
    public void What_is_made_is_there_when_it_is_asked_for_and_disposed_of_at_the_end()
    {
        var made = new MemoryStream();
        using (var background = new Background<MemoryStream>(() => made))
            Assert.Same(made, background.Value);
        Assert.False(made.CanRead);
    }

    [Fact]
    public void An_error_is_thrown_where_the_value_is_asked_for_and_nowhere_else()
    {
        var background = new Background<int>(() => throw new FaceReconException(ErrorId.ModelNotFound, "gone"));
        Assert.Equal(ErrorId.ModelNotFound, Assert.Throws<FaceReconException>(() => background.Value).ErrorId);
        background.Dispose();
    }
}
