namespace FaceRecon;
/// <summary>tmp</summary>
public sealed class KeypointScheme { /// <summary>x</summary>
public static KeypointScheme FaceMesh468 {get;} = new(); }
