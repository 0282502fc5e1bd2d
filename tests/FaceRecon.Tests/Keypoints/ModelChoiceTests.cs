namespace FaceRecon.Tests;

public sealed class ModelChoiceTests
{
    [Theory]
    [InlineData("Default", true, null)]
    [InlineData("default", true, null)]
    [InlineData("NONE", false, null)]
    [InlineData("./None", true, "./None")]
    [InlineData("models/face.onnx", true, "models/face.onnx")]
    public void A_word_or_a_path(string text, bool wanted, string? path) =>
        Assert.Equal(new ModelChoice(wanted, path), ModelChoice.Parse(text));
}
