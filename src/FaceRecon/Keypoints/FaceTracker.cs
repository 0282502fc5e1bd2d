namespace FaceRecon;

/// <summary>
/// Follows one face through a video: found by detection once, then looked for where it last was, detected again
/// when lost. Which way is up is found with the first face and kept.
/// </summary>
internal sealed class FaceTracker(FaceDetector detector, LandmarkModel model, double leastScore)
{
    private OrientedSquare? _last;

    /// <summary>Where the top of the head points; null until a face was found.</summary>
    public ImageDirection? Up { get; private set; }

    /// <summary>Finds the face in the next frame.</summary>
    /// <param name="image">The frame.</param>
    /// <param name="landmarks">Where its landmarks go.</param>
    /// <returns>The model's score, 0 where there is no face.</returns>
    public double Find(ColorImage image, ImageLandmarks landmarks)
    {
        var score = _last is { } square ? model.Find(image, square, landmarks) : 0;
        if (score < leastScore)
            score = Detect(image, landmarks);
        _last = score >= leastScore ? model.Locate(landmarks) : null;
        return score >= leastScore ? score : 0;
    }

    private double Detect(ColorImage image, ImageLandmarks landmarks)
    {
        if (Up is { } known)
            return FindAmong(Candidates(image, known), known, image, landmarks);
        // The detector answers to faces that lie on their side too, only less: the direction with the best score is up.
        var directions = Enum.GetValues<ImageDirection>();
        var faces = Array.ConvertAll(directions, direction => Candidates(image, direction));
        var order = Enumerable.Range(0, directions.Length).Where(i => faces[i].Count > 0).OrderByDescending(i => faces[i].Max(face => face.Score));
        foreach (var i in order.Take(1))
        {
            var score = FindAmong(faces[i], directions[i], image, landmarks);
            if (score < leastScore)
                continue;
            Up = directions[i];
            return score;
        }
        return 0;
    }

    private List<DetectedFace> Candidates(ColorImage image, ImageDirection up)
    {
        var faces = detector.Detect(image, up);
        double DistanceFromCenter(DetectedFace face) =>
            Math.Pow(face.Square.CenterU - 0.5 * (image.Width - 1), 2) + Math.Pow(face.Square.CenterV - 0.5 * (image.Height - 1), 2);
        faces.Sort((a, b) => DistanceFromCenter(a).CompareTo(DistanceFromCenter(b)));
        return faces;
    }

    /// <summary>The landmarks of the first candidate, nearest to the centre first, in which the model sees a face.</summary>
    private double FindAmong(List<DetectedFace> faces, ImageDirection up, ColorImage image, ImageLandmarks landmarks)
    {
        foreach (var face in faces)
        {
            // In profile the detector's eyes do not tell the turn of the head; its direction then does better.
            foreach (var angle in (double[])[face.Square.Angle, up.Angle()])
            {
                var score = model.Find(image, face.Square with { Angle = angle }, landmarks);
                // Looked at again through the square of its own landmarks a face gets surer, anything else does not.
                if (score > 0.1)
                    score = model.Find(image, model.Locate(landmarks), landmarks);
                if (score >= leastScore)
                    return score;
            }
        }
        return 0;
    }
}
