using System.Buffers;
using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Matches the structural keypoints of two frames of one head. Without a known pose: the most alike that are so in both
/// directions and clearly more than the second (ratio test), from which the rigid motion between the frames is found by
/// RANSAC. With that pose, or a known one: the most alike among those that the pose puts in the same place within
/// their uncertainty, which for a pixel is a narrow tube along its ray, the epipolar line and a range of depth in one.
/// </summary>
public static class StructuralMatcher
{
    // Further apart than this after the motion two points are not compared: three times the depth's error.
    private const double Reach = 0.012;

    /// <summary>Matches two frames.</summary>
    /// <param name="first">Keypoints of one frame, with positions and descriptors.</param>
    /// <param name="second">Keypoints of the other, of the same detector.</param>
    /// <param name="secondToFirst">The motion that brings the second frame's points (its camera's frame, metres) to the first's, where it is known approximately.</param>
    /// <param name="options">How.</param>
    /// <returns>Matches in the order of the first set, no keypoint in two of them; none where the frames do not agree.</returns>
    /// <exception cref="FaceReconException"><see cref="ErrorId.InvalidOption"/>: descriptors of different length, of two detectors.</exception>
    public static IReadOnlyList<KeypointMatch> Match(KeypointSet first, KeypointSet second, RigidTransform? secondToFirst = null, StructuralMatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return Match(new MatchableKeypoints(first), new MatchableKeypoints(second), secondToFirst, options ?? new StructuralMatchOptions(), out _);
    }

    /// <summary>Matches two frames and gives the motion that verified them, second to first.</summary>
    internal static KeypointMatch[] Match(
        MatchableKeypoints first, MatchableKeypoints second, RigidTransform? prior, StructuralMatchOptions options, out RigidTransform secondToFirst)
    {
        secondToFirst = prior ?? RigidTransform.Identity;
        if (first.Count == 0 || second.Count == 0)
            return [];
        if (first.DescriptorLength != second.DescriptorLength)
            throw new FaceReconException(ErrorId.InvalidOption,
                $"The structural keypoints of frame {first.FrameIndex} have descriptors of {first.DescriptorLength} numbers and those of frame {second.FrameIndex} of {second.DescriptorLength}; both must come from one detector.", frameIndex: second.FrameIndex);
        var rented = ArrayPool<float>.Shared.Rent(first.Count * second.Count);
        try
        {
            Measure(first, second, rented);
            return Match(rented, first, second, prior, options, ref secondToFirst);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static KeypointMatch[] Match(
        float[] similarities, MatchableKeypoints first, MatchableKeypoints second, RigidTransform? prior, StructuralMatchOptions options, ref RigidTransform secondToFirst)
    {
        var verification = new RigidVerification(first, second, options.Gate);
        if (prior is null)
        {
            var candidates = ByLooks(similarities, first.Count, second.Count, options);
            if (candidates.Length < options.MinimumMatches || !verification.TryEstimate(candidates, options.Seed, out secondToFirst))
                return [];
        }
        var matches = ByPlace(similarities, first, second, verification, secondToFirst, prior is null ? 0 : options.PoseSigma, options);
        // The pose of all that match is better than that of the sample, or than the prior, and finds more and fewer wrong.
        if (matches.Length < options.MinimumMatches || !verification.TryRefine(matches, ref secondToFirst))
            return [];
        matches = ByPlace(similarities, first, second, verification, secondToFirst, 0, options);
        return matches.Length < options.MinimumMatches ? []
            : Array.ConvertAll(matches, match => match with { First = first.Indices[match.First], Second = second.Indices[match.Second] });
    }

    private static unsafe void Measure(MatchableKeypoints first, MatchableKeypoints second, Span<float> similarities)
    {
        var length = first.PaddedLength;
        fixed (float* ones = first.Descriptors, others = second.Descriptors)
        {
            for (var i = 0; i < first.Count; i++)
            {
                var one = ones + i * length;
                var row = similarities.Slice(i * second.Count, second.Count);
                var j = 0;
                // Four at a time: each part of the first descriptor is loaded once for all, and the sums do not wait for each other.
                for (; j <= row.Length - 4; j += 4)
                {
                    var (p, q, r, s) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
                    var other = others + j * length;
                    for (var k = 0; k < length; k += Vector<float>.Count)
                    {
                        var part = Vector.Load(one + k);
                        p = Vector.FusedMultiplyAdd(part, Vector.Load(other + k), p);
                        q = Vector.FusedMultiplyAdd(part, Vector.Load(other + length + k), q);
                        r = Vector.FusedMultiplyAdd(part, Vector.Load(other + 2 * length + k), r);
                        s = Vector.FusedMultiplyAdd(part, Vector.Load(other + 3 * length + k), s);
                    }
                    (row[j], row[j + 1], row[j + 2], row[j + 3]) = (Vector.Sum(p), Vector.Sum(q), Vector.Sum(r), Vector.Sum(s));
                }
                for (; j < row.Length; j++)
                {
                    var sum = Vector<float>.Zero;
                    for (var k = 0; k < length; k += Vector<float>.Count)
                        sum = Vector.FusedMultiplyAdd(Vector.Load(one + k), Vector.Load(others + j * length + k), sum);
                    row[j] = Vector.Sum(sum);
                }
            }
        }
    }

    private static KeypointMatch[] ByLooks(float[] similarities, int firstCount, int secondCount, StructuralMatchOptions options)
    {
        var bestOfSecond = new int[secondCount];
        var similarityOfSecond = new float[secondCount];
        Array.Fill(similarityOfSecond, float.MinValue);
        var candidates = new List<KeypointMatch>();
        var ratio = options.MaximumRatio * options.MaximumRatio;
        for (var i = 0; i < firstCount; i++)
        {
            var (best, similarity, next) = (-1, float.MinValue, float.MinValue);
            var row = similarities.AsSpan(i * secondCount, secondCount);
            for (var j = 0; j < row.Length; j++)
            {
                var s = row[j];
                if (s > next)
                    (best, similarity, next) = s > similarity ? (j, s, similarity) : (best, similarity, s);
                if (s > similarityOfSecond[j])
                    (bestOfSecond[j], similarityOfSecond[j]) = (i, s);
            }
            // Squared distance of unit vectors: 2 - 2 s.
            if (similarity >= options.MinimumSimilarity && 1 - similarity <= ratio * (1 - next))
                candidates.Add(new KeypointMatch(i, best, similarity));
        }
        candidates.RemoveAll(match => bestOfSecond[match.Second] != match.First);
        return [.. candidates];
    }

    private static KeypointMatch[] ByPlace(
        float[] similarities, MatchableKeypoints first, MatchableKeypoints second, RigidVerification verification,
        in RigidTransform secondToFirst, double extraSigma, StructuralMatchOptions options)
    {
        var moved = new Vector3d[second.Count];
        for (var j = 0; j < moved.Length; j++)
            moved[j] = secondToFirst.TransformPoint(second.Positions[j]);
        var bestOfFirst = new int[first.Count];
        var bestOfSecond = new int[second.Count];
        var similarityOfSecond = new float[second.Count];
        Array.Fill(bestOfSecond, -1);
        Array.Fill(similarityOfSecond, (float)options.MinimumSimilarity);
        for (var i = 0; i < first.Count; i++)
        {
            bestOfFirst[i] = -1;
            var best = (float)options.MinimumSimilarity;
            var position = first.Positions[i];
            for (var j = 0; j < moved.Length; j++)
            {
                var similarity = similarities[i * second.Count + j];
                if (similarity <= best && similarity <= similarityOfSecond[j] || (position - moved[j]).LengthSquared > Reach * Reach ||
                    !verification.Agree(i, j, moved[j], secondToFirst, extraSigma))
                    continue;
                if (similarity > best)
                    (best, bestOfFirst[i]) = (similarity, j);
                if (similarity > similarityOfSecond[j])
                    (similarityOfSecond[j], bestOfSecond[j]) = (similarity, i);
            }
        }
        var matches = new List<KeypointMatch>();
        for (var i = 0; i < first.Count; i++)
            if (bestOfFirst[i] is var j and >= 0 && bestOfSecond[j] == i)
                matches.Add(new KeypointMatch(i, j, similarities[i * second.Count + j]));
        return [.. matches];
    }
}
