using System.Numerics;
using System.Runtime.CompilerServices;

namespace FaceRecon;

/// <summary>
/// Distances along a triangle mesh by fast marching (R. Kimmel, J. A. Sethian: Computing geodesic paths on manifolds,
/// PNAS 95, 1998): each triangle carries a plane front from two of its corners to the third.
/// </summary>
internal static class GeodesicDistance
{
    /// <summary>
    /// Distance of each vertex from the region in which a function on the vertices is positive; its border runs between
    /// the vertices, where the function is zero.
    /// </summary>
    /// <param name="vertices">Positions, metres.</param>
    /// <param name="topology">The triangles.</param>
    /// <param name="function">Positive inside the region.</param>
    /// <param name="limit">Distances beyond this are not needed, metres.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>Metres: 0 inside the region, infinite beyond the limit.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float[] FromRegion(Vector3[] vertices, MeshTopology topology, float[] function, float limit, CancellationToken cancellation)
    {
        var distances = new float[vertices.Length];
        for (var v = 0; v < distances.Length; v++)
            distances[v] = function[v] > 0 ? 0 : float.PositiveInfinity;
        var front = new PriorityQueue<int, (float Distance, int Vertex)>();
        var triangles = topology.Triangles;
        for (var h = 0; h < triangles.Length; h++)
        {
            // An edge is met from each of its triangles; on a border from one only.
            StartAlong(triangles[h], triangles[MeshTopology.Next(h)]);
            StartAlong(triangles[MeshTopology.Next(h)], triangles[h]);
        }
        for (var v = 0; v < distances.Length; v++)
        {
            if (distances[v] > 0 && distances[v] <= limit)
                front.Enqueue(v, (distances[v], v));
        }
        var settled = 0;
        while (front.TryDequeue(out var v, out var priority))
        {
            if (priority.Distance > distances[v])
                continue;
            if ((++settled & 0xFFF) == 0)
                cancellation.ThrowIfCancellationRequested();
            foreach (var h in topology.Leaving(v))
            {
                var next = MeshTopology.Next(h);
                var (b, c) = (triangles[next], triangles[MeshTopology.Next(next)]);
                Reach(c, v, b);
                Reach(b, v, c);
            }
        }
        for (var v = 0; v < distances.Length; v++)
        {
            if (distances[v] > limit)
                distances[v] = float.PositiveInfinity;
        }
        return distances;

        void StartAlong(int inside, int outside)
        {
            if (!(function[inside] > 0) || function[outside] > 0)
                return;
            var share = function[outside] / (function[outside] - function[inside]);
            distances[outside] = Math.Min(distances[outside], share * Vector3.Distance(vertices[inside], vertices[outside]));
        }

        void Reach(int target, int from, int beside)
        {
            if (distances[target] <= distances[from])
                return;
            var distance = Math.Min(
                Across(vertices[from] - vertices[target], vertices[beside] - vertices[target], distances[from], distances[beside]),
                distances[from] + Vector3.Distance(vertices[from], vertices[target]));
            if (distance >= distances[target] || distance > limit)
                return;
            distances[target] = distance;
            front.Enqueue(target, (distance, target));
        }
    }

    /// <summary>
    /// The time at which a plane front that passes <paramref name="a"/> and <paramref name="b"/> at times ta and tb comes to
    /// the origin, infinite unless it comes from between them.
    /// </summary>
    private static float Across(Vector3 a, Vector3 b, float ta, float tb)
    {
        if (!float.IsFinite(tb))
            return float.PositiveInfinity;
        // With X = (a b) and Q the inverse of X'X, the front's normal is X Q (t - p 1), and p solves |normal| = 1.
        var (aa, ab, bb) = (a.LengthSquared(), Vector3.Dot(a, b), b.LengthSquared());
        var determinant = aa * bb - ab * ab;
        if (!(determinant > 1e-6f * aa * bb))
            return float.PositiveInfinity;
        var (qaa, qab, qbb) = (bb / determinant, -ab / determinant, aa / determinant);
        var ones = qaa + 2 * qab + qbb;
        var mixed = (qaa + qab) * ta + (qab + qbb) * tb;
        var times = qaa * ta * ta + 2 * qab * ta * tb + qbb * tb * tb;
        var discriminant = mixed * mixed - ones * (times - 1);
        if (discriminant < 0)
            return float.PositiveInfinity;
        var p = (mixed + MathF.Sqrt(discriminant)) / ones;
        var (da, db) = (ta - p, tb - p);
        // Both weights negative: the front comes through the edge between a and b.
        return qaa * da + qab * db < 0 && qab * da + qbb * db < 0 ? p : float.PositiveInfinity;
    }
}
