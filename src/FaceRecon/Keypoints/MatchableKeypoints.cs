using System.Numerics;

namespace FaceRecon;

/// <summary>Those structural keypoints of a frame that have a position and a descriptor, as a struct of arrays.</summary>
internal sealed class MatchableKeypoints
{
    // Two frames of these compare in 400 MB; a detector gives hundreds, but a user's file may hold anything.
    private const int Most = 10_000;

    /// <summary>Takes them from a set.</summary>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: too many, or descriptors of different length.</exception>
    public MatchableKeypoints(KeypointSet set)
    {
        FrameIndex = set.FrameIndex;
        Indices = [.. Enumerable.Range(0, set.Structural.Count).Where(i => set.Structural[i] is { Position: not null, Descriptor.Length: > 0 })];
        if (Indices.Length > Most)
            throw new FaceReconException(ErrorId.InvalidOption, $"Frame {FrameIndex} has {Indices.Length} structural keypoints; frames of more than {Most} are not matched.", frameIndex: FrameIndex);
        Positions = Array.ConvertAll(Indices, i => set.Structural[i].Position!.Value);
        Covariances = Array.ConvertAll(Indices, i => set.Structural[i].Covariance);
        if (Indices.Length == 0)
            return;
        DescriptorLength = set.Structural[Indices[0]].Descriptor.Length;
        PaddedLength = (DescriptorLength + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        Descriptors = new float[PaddedLength * Indices.Length];
        for (var i = 0; i < Indices.Length; i++)
        {
            var descriptor = set.Structural[Indices[i]].Descriptor.Span;
            if (descriptor.Length != DescriptorLength)
                throw new FaceReconException(ErrorId.InvalidOption, $"The structural keypoints of frame {FrameIndex} have descriptors of different length; all must come from one detector.", frameIndex: FrameIndex);
            descriptor.CopyTo(Descriptors.AsSpan(i * PaddedLength));
        }
    }

    /// <summary>Number of the frame in its capture.</summary>
    public int FrameIndex { get; }
    /// <summary>Number of keypoints.</summary>
    public int Count => Indices.Length;
    /// <summary>Where each stands in the set.</summary>
    public int[] Indices { get; }
    /// <summary>Metres, camera frame.</summary>
    public Vector3d[] Positions { get; }
    /// <summary>Uncertainty of the positions.</summary>
    public Covariance3d[] Covariances { get; }
    /// <summary>Numbers in a descriptor.</summary>
    public int DescriptorLength { get; }
    /// <summary>Distance from one descriptor to the next in <see cref="Descriptors"/>; zeros fill it up.</summary>
    public int PaddedLength { get; }
    /// <summary>All descriptors, one after the other.</summary>
    public float[] Descriptors { get; } = [];
}
