using System.Numerics;

namespace FaceRecon;

/// <summary>
/// A brush stroke on the front of the face, as a sculptor's tool leaves it: a smooth curve through joints
/// (x, y, amplitude, 0) of the frontal plane, millimetres. Subtracted from a distance it raises a ridge,
/// added it presses a fold; as a mask it paints a line.
/// </summary>
internal sealed class Stroke
{
    private readonly Vector4[] _joints;
    private readonly float _width;
    private readonly Vector2 _low, _high;

    /// <summary>A stroke whose touch ends at <paramref name="width"/> from its curve.</summary>
    public Stroke(float width, params ReadOnlySpan<Vector3> joints)
    {
        _width = width;
        var spatial = new Vector4[joints.Length];
        for (var i = 0; i < joints.Length; i++)
            spatial[i] = new Vector4(joints[i], 0);
        _joints = CatmullRom.Refine(spatial);
        (_low, _high) = (new Vector2(float.MaxValue), new Vector2(float.MinValue));
        foreach (var joint in _joints)
        {
            _low = Vector2.Min(_low, new Vector2(joint.X - width, joint.Y - width));
            _high = Vector2.Max(_high, new Vector2(joint.X + width, joint.Y + width));
        }
    }

    /// <summary>The amplitude at the nearest joint times (1 - (distance/width)^2)^2; 0 beyond the width.</summary>
    public float At(float x, float y)
    {
        if (x < _low.X || y < _low.Y || x > _high.X || y > _high.Y)
            return 0;
        var (_, across, amplitude) = Coordinates(x, y);
        var bump = MathF.Max(0, 1 - across * across / (_width * _width));
        return amplitude * bump * bump;
    }

    /// <summary>
    /// How far along the curve its nearest point lies, how far to the left of the curve's direction (x, y) is,
    /// and the amplitude there. Before the start, along is negative.
    /// </summary>
    public (float Along, float Across, float Amplitude) Coordinates(float x, float y)
    {
        var p = new Vector2(x, y);
        var bestSquared = float.MaxValue;
        var passed = 0f;
        (float, float, float) best = default;
        for (var i = 0; i + 1 < _joints.Length; i++)
        {
            var a = new Vector2(_joints[i].X, _joints[i].Y);
            var ab = new Vector2(_joints[i + 1].X, _joints[i + 1].Y) - a;
            var length = ab.Length();
            var raw = Vector2.Dot(p - a, ab) / (length * length);
            var t = Math.Clamp(raw, 0, 1);
            var squared = Vector2.DistanceSquared(p, a + t * ab);
            if (squared < bestSquared)
            {
                bestSquared = squared;
                var left = ab.X * (p.Y - a.Y) - ab.Y * (p.X - a.X);
                var along = passed + length * (i == 0 ? MathF.Min(raw, 1) : t);
                best = (along, MathF.CopySign(MathF.Sqrt(squared), left), float.Lerp(_joints[i].Z, _joints[i + 1].Z, t));
            }
            passed += length;
        }
        return best;
    }
}
