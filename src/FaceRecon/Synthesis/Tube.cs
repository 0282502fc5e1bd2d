using System.Numerics;

namespace FaceRecon;

/// <summary>
/// A smooth tube of changing thickness through a few joints (x, y, z, radius), millimetres: a Catmull-Rom
/// curve of tapered capsules, with a bounding sphere so that far points cost little.
/// </summary>
internal sealed class Tube
{
    /// <summary>Beyond this distance a lower bound is as good as the distance: no blend is wider.</summary>
    private const float Far = 24;

    private readonly Vector4[] _joints;
    private readonly Vector3 _center;
    private readonly float _reach;

    public Tube(params ReadOnlySpan<Vector4> joints)
    {
        _joints = CatmullRom.Refine(joints);
        foreach (var joint in _joints)
            _center += joint.AsVector3() / _joints.Length;
        foreach (var joint in _joints)
            _reach = MathF.Max(_reach, Vector3.Distance(_center, joint.AsVector3()) + joint.W);
    }

    /// <summary>Signed distance from <paramref name="p"/> to the tube, negative inside.</summary>
    public float Distance(Vector3 p)
    {
        var bound = Vector3.Distance(p, _center) - _reach;
        if (bound > Far)
            return bound;
        var best = float.MaxValue;
        for (var i = 0; i + 1 < _joints.Length; i++)
        {
            var a = _joints[i].AsVector3();
            var ab = _joints[i + 1].AsVector3() - a;
            var t = Math.Clamp(Vector3.Dot(p - a, ab) / Vector3.Dot(ab, ab), 0, 1);
            best = MathF.Min(best, Vector3.Distance(p, a + t * ab) - float.Lerp(_joints[i].W, _joints[i + 1].W, t));
        }
        return best;
    }
}
