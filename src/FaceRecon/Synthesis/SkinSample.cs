using System.Numerics;

namespace FaceRecon;

/// <summary>What a point of the head is made of.</summary>
/// <param name="Albedo">Share of light scattered back, linear red, green, blue.</param>
/// <param name="Gloss">Strength of the mirrored highlight, 0 to 1; the eyes reach 1.</param>
/// <param name="Height">How far hair and pores lift the surface along its normal, mm.</param>
/// <param name="Softness">Share of light that wanders under the surface before it leaves: 1 for skin, 0 for hair.</param>
internal readonly record struct SkinSample(Vector3 Albedo, float Gloss, float Height, float Softness);
