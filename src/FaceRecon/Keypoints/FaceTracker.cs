namespace FaceRecon;

/// <summary>
/// Follows one face through a video: found by detection once, then looked for where it last was, detected again
/// when lost. Which way is up is found with the first face and kept.
/// </summary>
internal sealed class FaceTracker(FaceDetector detector, LandmarkModel model, double leastScore)
{
    // What is certainly no face is not looked at again.
    private const double HopelessScore = 0.1;

    private OrientedSquare? _last;

    /// <summary>Where the top of the head points; null until a face was found.</summary>
    public ImageDirection? Up { get; private set; }

    /// <summary>Forgets the face and the turn of the image: another video begins.</summary>
    public void StartAnew() => (_last, Up) = (null, null);

    /// <summary>Finds the face in the next frame.</summary>
    /// <param name="image">The frame.</param>
    /// <param name="landmarks">Where its landmarks go.</param>
    /// <returns>The model's score, 0 where there is no face.</returns>
    public double Find(ColorImage image, ImageLandmarks landmarks)
    {
        // A model that cannot tell a face from a wall needs the detector's word in every frame.
        var score = _last is { } square && model.HasScore ? model.Find(image, square, landmarks) : 0;
        if (score < leastScore)
            score = Detect(image, landmarks);
        _last = score >= leastScore ? model.Locate(landmarks) : null;
        return score >= leastScore ? score : 0;
    }

    private double Detect(ColorImage image, ImageLandmarks landmarks)
    {
        if (Up is { } known)
            return FindAmong(detector.Detect(image, known), known, image, landmarks);
        // The detector answers to faces that lie on their side too, only less: the direction with the best score is up.
        var (up, faces, best) = (ImageDirection.Up, new List<DetectedFace>(), 0.0);
        foreach (var direction in Enum.GetValues<ImageDirection>())
            if (detector.Detect(image, direction) is { Count: > 0 } found && found[0].Score > best)
                (up, faces, best) = (direction, found, found[0].Score);
        var score = FindAmong(faces, up, image, landmarks);
        if (score >= leastScore)
            Up = up;
        return score;
    }

    /// <summary>
    /// The landmarks of the first of the faces in which the model sees one too: that nearest to where the face was, or
    /// to the centre of the image.
    /// </summary>
    private double FindAmong(List<DetectedFace> faces, ImageDirection up, ColorImage image, ImageLandmarks landmarks)
    {
        var (u, v) = _last is { } last ? (last.CenterU, last.CenterV) : (0.5 * (image.Width - 1), 0.5 * (image.Height - 1));
        double Distance(DetectedFace face) => Math.Pow(face.Square.CenterU - u, 2) + Math.Pow(face.Square.CenterV - v, 2);
        faces.Sort((a, b) => Distance(a).CompareTo(Distance(b)));
        foreach (var face in faces)
        {
            // In profile the detector's eyes do not tell the turn of the head; its direction then does better.
            foreach (var angle in (double[])[face.Square.Angle, up.Angle()])
            {
                var score = model.Find(image, model.FromDetection(face.Square with { Angle = angle }), landmarks);
                if (!model.HasScore)
                    return face.Score;
                // Looked at again through the square of its own landmarks a face gets surer, anything else does not.
                if (score > HopelessScore)
                    score = model.Find(image, model.Locate(landmarks), landmarks);
                if (score >= leastScore)
                    return score;
            }
        }
        return 0;
    }
}
