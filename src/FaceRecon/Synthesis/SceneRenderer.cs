using System.Numerics;

namespace FaceRecon;

/// <summary>Draws head, shoulders and room as a perfect camera sees them.</summary>
internal sealed class SceneRenderer
{
    private static readonly Vector3 Exposure = new(0.8f);
    // What of the light of each colour wanders under the skin.
    private const float RedScatter = 0.7f, GreenScatter = 0.35f;

    private readonly HeadMesh _head;
    private readonly LightTransfer _transfer;
    private readonly TorsoMesh _torso;
    private readonly RoomMesh _room;
    private readonly CameraIntrinsics _camera;
    private readonly NeckJoint _neck;
    private readonly ulong[] _torsoColors, _roomColors;

    public SceneRenderer(HeadMesh head, TorsoMesh torso, RoomMesh room, CameraIntrinsics camera, CancellationToken cancellationToken)
    {
        (_head, _torso, _room, _camera) = (head, torso, room, camera);
        _transfer = LightTransfer.Bake(head.Positions, head.Normals, head.Triangles, cancellationToken);
        _neck = new NeckJoint(head.Positions);
        _torsoColors = ShadeTorso(torso);
        _roomColors = Array.ConvertAll(room.Colors, color => SampleBuffer.PackColor(color * Exposure));
    }

    /// <summary>Which vertices of the head move rigidly with it.</summary>
    public NeckJoint Neck => _neck;

    /// <summary>One view; <paramref name="seen"/>, where given, is told for every vertex of the head whether it is visible.</summary>
    public ExactFrame Render(RigidTransform cameraToRoom, RigidTransform headToRoom, bool[]? seen = null)
    {
        var buffer = new SampleBuffer(_camera);
        var roomToCamera = cameraToRoom.Inverse();
        DrawStill(buffer, roomToCamera, _room.Positions, _roomColors, _room.Triangles);
        DrawStill(buffer, roomToCamera, _torso.Positions, _torsoColors, _torso.Triangles);
        var projected = DrawHead(buffer, roomToCamera, headToRoom);
        if (seen is not null)
            for (var i = 0; i < seen.Length; i++)
                seen[i] = buffer.Sees(projected[i]);
        return Resolve(buffer);
    }

    private ExactFrame Resolve(SampleBuffer buffer)
    {
        var count = _camera.Width * _camera.Height;
        var frame = new ExactFrame(new float[count], new float[3 * count], new bool[count]);
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
        var placed = _neck.Place(_head.Positions, headToRoom);
        var projected = new Vector3[placed.Length];
        var colors = new ulong[placed.Length];
        for (var i = 0; i < placed.Length; i++)
        {
            var position = placed[i];
            projected[i] = buffer.Project(headToCamera.Point(position));
            var toEye = eye - position;
            if (Vector3.Dot(toEye, _head.Normals[i]) > -0.1f)
                colors[i] = SampleBuffer.PackColor(Shade(i, Vector3.Normalize(toEye), lighting) * Exposure, tagged: true);
        }
        buffer.Draw(projected, colors, _head.Triangles);
        return projected;
    }

    private Vector3 Shade(int vertex, Vector3 toEye, Lighting lighting)
    {
        var skin = _head.Skin[vertex];
        var normal = _head.Normals[vertex];
        var at = vertex * SphericalHarmonics.Count;
        var direct = _transfer.Direct.AsSpan(at, SphericalHarmonics.Count);
        var scattered = _transfer.Scattered.AsSpan(at, SphericalHarmonics.Count);
        var sharp = lighting.Reach(direct);
        var soft = lighting.Reach(scattered);
        var wander = skin.Softness * new Vector3(RedScatter, GreenScatter, 0);
        var diffuse = Vector3.Max(Vector3.Zero, sharp + wander * (soft - sharp));
        if (skin.Gloss >= 1)
            return skin.Albedo * diffuse + lighting.EyeHighlight(normal, toEye);
        // The mean of the transfer is the share of the sky that a vertex sees.
        var openness = MathF.Min(1, direct[0] * 3.5449077f);
        return skin.Albedo * diffuse + skin.Gloss * openness * lighting.SkinHighlight(normal, toEye);
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
