namespace FaceRecon;

/// <summary>Two structural keypoints of different frames that are the same place of the face.</summary>
/// <param name="First">Index into the first set's <see cref="KeypointSet.Structural"/>.</param>
/// <param name="Second">Index into the second set's.</param>
/// <param name="Similarity">Dot product of their descriptors, 1 for the same looks.</param>
public readonly record struct KeypointMatch(int First, int Second, float Similarity);
