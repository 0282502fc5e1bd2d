namespace FaceRecon;

/// <summary>What moves in a synthetic capture.</summary>
public enum HeadMotion
{
    /// <summary>The camera goes around a still head, from one ear to the other.</summary>
    CameraOrbit,
    /// <summary>The head turns to both sides in front of a still camera, background and shoulders.</summary>
    HeadTurn,
}
