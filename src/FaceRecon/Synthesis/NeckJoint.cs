using System.Numerics;

namespace FaceRecon;

/// <summary>
/// Keeps the lower neck with the shoulders while the head turns: a vertex follows the share of the head's
/// motion that its height gives, all of it above the larynx, nothing at the collar.
/// </summary>
internal sealed class NeckJoint
{
    private const float Still = -0.168f, Rigid = -0.118f;
    private readonly float[] _share;

    public NeckJoint(Vector3[] positions) =>
        _share = Array.ConvertAll(positions, p => SignedDistance.SmoothStep(Still, Rigid, p.Y));

    /// <summary>Whether a vertex moves rigidly with the head.</summary>
    public bool IsRigid(int vertex) => _share[vertex] >= 1;

    /// <summary>Where the vertices are in the head frame once the head has moved: rigid ones where they were.</summary>
    public Vector3[] Place(Vector3[] positions, RigidTransform headToRoom)
    {
        if (headToRoom == RigidTransform.Identity)
            return positions;
        var roomToHead = headToRoom.Inverse();
        var placed = new Vector3[positions.Length];
        for (var i = 0; i < placed.Length; i++)
            placed[i] = _share[i] >= 1 ? positions[i] : Follow(positions[i], _share[i], headToRoom, roomToHead);
        return placed;
    }

    private static Vector3 Follow(Vector3 p, float share, RigidTransform headToRoom, RigidTransform roomToHead)
    {
        var rest = new Vector3d(p.X, p.Y, p.Z);
        var part = RigidTransform.FromRotationVector(share * headToRoom.LogRotation(), share * headToRoom.Translation);
        var placed = roomToHead.TransformPoint(part.TransformPoint(rest));
        return new Vector3((float)placed.X, (float)placed.Y, (float)placed.Z);
    }
}
