using System.Globalization;
using System.Text;

namespace FaceRecon;

/// <summary>Reads the text files that index a capture.</summary>
internal static class CaptureText
{
    /// <summary>Hours of video.</summary>
    private const int MaxIndexBytes = 16 << 20;

    /// <summary>The words of each line that is neither empty nor a # comment, with the line's number from 1.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.TimestampsInvalid"/>: the file is too large or cannot be read.</exception>
    internal static IEnumerable<(int Line, string[] Words)> ReadIndex(string path)
    {
        string text;
        using (var file = BoundedFile.Read(path, MaxIndexBytes, ErrorId.TimestampsInvalid, ErrorId.TimestampsInvalid, ErrorId.TimestampsInvalid))
            text = Encoding.UTF8.GetString(file.Bytes.Span);
        var line = 0;
        foreach (var content in text.Split('\n'))
        {
            line++;
            var words = content.Split((char[])[' ', '\t', ',', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 0 && !words[0].StartsWith('#'))
                yield return (line, words);
        }
    }

    /// <summary>A time in seconds.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.TimestampsInvalid"/>: it is no finite number.</exception>
    internal static double ParseSeconds(string word, string path, int line) =>
        double.TryParse(word, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
            ? seconds
            : throw new FaceReconException(ErrorId.TimestampsInvalid, $"{path}, line {line}: \"{word}\" is not a time in seconds.", path);
}
