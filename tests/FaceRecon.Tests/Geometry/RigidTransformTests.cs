using FaceRecon;

namespace FaceRecon.Tests;

public class RigidTransformTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1e-9, 0, 0)]
    [InlineData(0.3, -0.2, 0.9)]
    [InlineData(0, 3.14, 0)]
    public void Logarithm_undoes_the_rotation_vector(double x, double y, double z)
    {
        var log = RigidTransform.FromRotationVector(new Vector3d(x, y, z), Vector3d.Zero).LogRotation();
        Assert.Equal(x, log.X, 9);
        Assert.Equal(y, log.Y, 9);
        Assert.Equal(z, log.Z, 9);
    }

    [Fact]
    public void Inverse_composes_to_the_identity()
    {
        var motion = RigidTransform.FromRotationVector(new Vector3d(0.4, -1.1, 0.7), new Vector3d(0.1, 0.2, -0.5));
        var p = (motion.Inverse() * motion).TransformPoint(new Vector3d(0.3, 0.4, 0.5));
        Assert.Equal(0.3, p.X, 12);
        Assert.Equal(0.4, p.Y, 12);
        Assert.Equal(0.5, p.Z, 12);
    }

    [Fact]
    public void A_zero_quaternion_is_refused() =>
        Assert.Throws<ArgumentException>(() => RigidTransform.FromQuaternion(0, 0, 0, 0, Vector3d.Zero));
}
