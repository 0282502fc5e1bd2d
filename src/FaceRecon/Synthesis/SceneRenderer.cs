using System.Collections.Concurrent;
using System.Numerics;

namespace FaceRecon;

/// <summary>Draws head, shoulders and room as a perfect camera sees them.</summary>
internal sealed class SceneRenderer
{
    private static readonly Vector3 Exposure = new(0.92f);
    /// <summary>What of the light of each colour wanders under the skin before it leaves.</summary>
    private static readonly Vector3 Scatter = new(0.7f, 0.35f, 0);

    private readonly HeadMesh _head;
    private readonly LightTransfer _transfer;
    private readonly TorsoMesh _torso;
    private readonly RoomMesh _room;
    private readonly CameraIntrinsics _camera;
    private readonly NeckJoint _neck;
    private readonly ulong[] _torsoColors, _roomColors;
    private readonly ConcurrentBag<SampleBuffer> _buffers = [];
    /// <summary>The head's matt light at rest, which does not change while only the camera moves.</summary>
    private readonly Lazy<Vector3[]> _diffuseAtRest;

    public SceneRenderer(HeadMesh head, TorsoMesh torso, RoomMesh room, CameraIntrinsics camera, CancellationToken cancellationToken)
    {
        (_head, _torso, _room, _camera) = (head, torso, room, camera);
        _transfer = LightTransfer.Bake(head.Positions, head.Normals, head.Triangles, cancellationToken);
        _neck = new NeckJoint(head.Positions);
        _diffuseAtRest = new Lazy<Vector3[]>(() => Diffuse(new Lighting(RigidTransform.Identity)));
        _torsoColors = ShadeTorso(torso);
        _roomColors = Array.ConvertAll(room.Colors, color => SampleBuffer.PackColor(color * Exposure));
    }

    /// <summary>Which vertices of the head move rigidly with it.</summary>
    public NeckJoint Neck => _neck;

    /// <summary>One view; <paramref name="seen"/>, where given, is told for every vertex of the head whether it is visible.</summary>
    public ExactFrame Render(RigidTransform cameraToRoom, RigidTransform headToRoom, bool[]? seen = null)
    {
        if (!_buffers.TryTake(out var buffer))
            buffer = new SampleBuffer(_camera);
        buffer.Clear();
        var roomToCamera = cameraToRoom.Inverse();
        // From front to back, so that little is drawn over.
        var projected = DrawHead(buffer, roomToCamera, headToRoom);
        DrawStill(buffer, roomToCamera, _torso.Positions, _torsoColors, _torso.Triangles);
        DrawStill(buffer, roomToCamera, _room.Positions, _roomColors, _room.Triangles);
        if (seen is not null)
            for (var i = 0; i < seen.Length; i++)
                seen[i] = buffer.Sees(projected[i]);
        var frame = Resolve(buffer);
        _buffers.Add(buffer);
        return frame;
    }

    private ExactFrame Resolve(SampleBuffer buffer)
    {
        var count = _camera.Width * _camera.Height;
        var frame = new ExactFrame(new float[count], new Vector3[count], new bool[count]);
        buffer.ResolveDepth(frame.Depths, frame.IsHead);
        buffer.ResolveColor(frame.Light);
        return frame;
    }

    private static void DrawStill(SampleBuffer buffer, RigidTransform roomToCamera, Vector3[] positions, ulong[] colors, int[] triangles)
    {
        var pose = new RigidTransformSingle(roomToCamera);
        var projected = new Vector3[positions.Length];
        for (var i = 0; i < projected.Length; i++)
            projected[i] = buffer.Project(pose.Point(positions[i]));
        buffer.Draw(projected, colors, triangles);
    }

    private Vector3[] DrawHead(SampleBuffer buffer, RigidTransform roomToCamera, RigidTransform headToRoom)
    {
        var headToCamera = new RigidTransformSingle(roomToCamera * headToRoom);
        var eye = new RigidTransformSingle((roomToCamera * headToRoom).Inverse()).Translation;
        var lighting = new Lighting(headToRoom);
        var diffuse = headToRoom == RigidTransform.Identity ? _diffuseAtRest.Value : Diffuse(lighting);
        var placed = _neck.Place(_head.Positions, headToRoom);
        var projected = new Vector3[placed.Length];
        var colors = new ulong[placed.Length];
        for (var i = 0; i < placed.Length; i++)
        {
            var position = placed[i];
            projected[i] = buffer.Project(headToCamera.Point(position));
            var toEye = eye - position;
            // The normals of the twisted neck are those of the head at rest: good enough to shade, not to cull.
            if (Vector3.Dot(toEye, _head.Normals[i]) > -0.1f || !_neck.IsRigid(i))
                colors[i] = SampleBuffer.PackColor((diffuse[i] + Highlight(i, Vector3.Normalize(toEye), lighting)) * Exposure, tagged: true);
        }
        buffer.Draw(projected, colors, _head.Triangles);
        return projected;
    }

    /// <summary>The light that every vertex scatters to all sides; under the skin, red wanders furthest.</summary>
    private Vector3[] Diffuse(Lighting lighting)
    {
        var diffuse = new Vector3[_head.Positions.Length];
        for (var i = 0; i < diffuse.Length; i++)
        {
            var sharp = lighting.Reach(_transfer.Direct.AsSpan(i * SphericalHarmonics.Count, SphericalHarmonics.Count));
            var soft = lighting.Reach(_transfer.Scattered.AsSpan(i * SphericalHarmonics.Count, SphericalHarmonics.Count));
            var skin = _head.Skin[i];
            diffuse[i] = skin.Albedo * Vector3.Max(Vector3.Zero, sharp + skin.Softness * Scatter * (soft - sharp));
        }
        return diffuse;
    }

    private Vector3 Highlight(int vertex, Vector3 toEye, Lighting lighting)
    {
        var gloss = _head.Skin[vertex].Gloss;
        if (gloss >= 1)
            return lighting.EyeHighlight(_head.Normals[vertex], toEye);
        // The mean of the transfer is the share of the sky that a vertex sees.
        var openness = MathF.Min(1, _transfer.Direct[vertex * SphericalHarmonics.Count] * 3.5449077f);
        return gloss * openness * lighting.SkinHighlight(_head.Normals[vertex], toEye);
    }

    private static ulong[] ShadeTorso(TorsoMesh torso)
    {
        var lighting = new Lighting(RigidTransform.Identity);
        var colors = new ulong[torso.Positions.Length];
        for (var i = 0; i < colors.Length; i++)
        {
            // The head shades what lies near the neck.
            var p = torso.Positions[i];
            var distance = new Vector2(p.X, p.Z + 0.015f).Length();
            var open = 0.7f + 0.3f * SignedDistance.SmoothStep(0.05f, 0.14f, distance);
            colors[i] = SampleBuffer.PackColor(torso.Albedos[i] * lighting.Diffuse(torso.Normals[i]) * open * Exposure);
        }
        return colors;
    }
}
