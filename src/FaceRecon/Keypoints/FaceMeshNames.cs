namespace FaceRecon;

/// <summary>
/// The names of Face Mesh's 468 landmarks. Right and left are the subject's. Landmarks on a contour are numbered
/// along it (lids and lips from the outer corner to the inner one or the middle, brows from the temple inwards, the
/// outline from the top of the forehead down to the chin); the rest are called by their region and their number in the mesh.
/// </summary>
internal static class FaceMeshNames
{
    private static readonly (string Name, int Landmark)[] Midline =
    [
        ("ForeheadTop", 10), ("ForeheadMiddle", 151), ("GlabellaUpper", 9), ("Glabella", 8), ("Nasion", 168),
        ("NoseBridge1", 6), ("NoseBridge2", 197), ("NoseBridge3", 195), ("NoseBridge4", 5), ("NoseTip", 4), ("NoseTipLower", 1),
        ("ColumellaUpper", 19), ("ColumellaLower", 94), ("Subnasale", 2), ("PhiltrumMiddle", 164),
        ("UpperLipTop", 0), ("UpperLip11", 11), ("UpperLip12", 12), ("UpperLipInnerMiddle", 13),
        ("LowerLipInnerMiddle", 14), ("LowerLip15", 15), ("LowerLip16", 16), ("LowerLipBottom", 17),
        ("LabiomentalFold", 18), ("ChinUpper", 200), ("ChinMiddle", 199), ("Pogonion", 175), ("Menton", 152),
    ];

    private static readonly (string Name, int Right, int Left)[] Pairs =
    [
        ("EyeOuterCorner", 33, 263), ("EyeInnerCorner", 133, 362), ("MouthCorner", 61, 291), ("MouthInnerCorner", 78, 308),
        ("Alare", 64, 294), ("AlarCrease", 129, 358), ("NostrilBase", 98, 327), ("ColumellaSide", 97, 326),
        ("Cheekbone", 50, 280), ("Tragion", 234, 454), ("Gonion", 172, 397),
    ];

    private static readonly (string Name, int[] Right, int[] Left)[] Contours =
    [
        ("UpperLid", [246, 161, 160, 159, 158, 157, 173], [466, 388, 387, 386, 385, 384, 398]),
        ("LowerLid", [7, 163, 144, 145, 153, 154, 155], [249, 390, 373, 374, 380, 381, 382]),
        ("BrowUpper", [70, 63, 105, 66, 107], [300, 293, 334, 296, 336]),
        ("BrowLower", [46, 53, 52, 65, 55], [276, 283, 282, 295, 285]),
        ("UpperLipOuter", [185, 40, 39, 37], [409, 270, 269, 267]),
        ("LowerLipOuter", [146, 91, 181, 84], [375, 321, 405, 314]),
        ("UpperLipInner", [191, 80, 81, 82], [415, 310, 311, 312]),
        ("LowerLipInner", [95, 88, 178, 87], [324, 318, 402, 317]),
        ("Outline", [109, 67, 103, 54, 21, 162, 127, 93, 132, 58, 136, 150, 149, 176, 148],
            [338, 297, 332, 284, 251, 389, 356, 323, 361, 288, 365, 379, 378, 400, 377]),
    ];

    private static readonly (string Name, int[] Right, int[] Left)[] Regions =
    [
        ("Cheek", [36, 57, 100, 101, 117, 118, 119, 124, 142, 186, 187, 192, 193, 202, 203, 205, 206, 207, 212, 214, 216],
            [266, 287, 329, 330, 346, 347, 348, 353, 371, 410, 411, 416, 417, 422, 423, 425, 426, 427, 432, 434, 436]),
        ("Chin", [32, 83, 140, 171, 182, 194, 201, 208],
            [262, 313, 369, 396, 406, 418, 421, 428]),
        ("EyeSocket", [22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 56, 110, 113, 120, 130, 189, 221, 222, 223, 224, 225, 226, 228, 229, 230, 231, 232, 247],
            [252, 253, 254, 255, 256, 257, 258, 259, 260, 261, 286, 339, 342, 349, 359, 413, 441, 442, 443, 444, 445, 446, 448, 449, 450, 451, 452, 467]),
        ("Forehead", [68, 69, 104, 108],
            [298, 299, 333, 337]),
        ("Jaw", [111, 116, 123, 135, 137, 138, 147, 169, 170, 177, 204, 210, 211, 213, 215, 227],
            [340, 345, 352, 364, 366, 367, 376, 394, 395, 401, 424, 430, 431, 433, 435, 447]),
        ("Mouth", [38, 41, 42, 43, 62, 72, 73, 74, 76, 77, 85, 86, 89, 90, 92, 96, 106, 165, 167, 179, 180, 183, 184],
            [268, 271, 272, 273, 292, 302, 303, 304, 306, 307, 315, 316, 319, 320, 322, 325, 335, 391, 393, 403, 404, 407, 408]),
        ("Nose", [3, 20, 44, 45, 47, 48, 49, 51, 59, 60, 75, 79, 99, 102, 112, 114, 115, 121, 122, 125, 126, 128, 131, 134, 141, 166, 174, 188, 190, 196, 198, 209, 217, 218, 219, 220, 233, 235, 236, 237, 238, 239, 240, 241, 242, 243, 244, 245],
            [248, 250, 274, 275, 277, 278, 279, 281, 289, 290, 305, 309, 328, 331, 341, 343, 344, 350, 351, 354, 355, 357, 360, 363, 370, 392, 399, 412, 414, 419, 420, 429, 437, 438, 439, 440, 453, 455, 456, 457, 458, 459, 460, 461, 462, 463, 464, 465]),
        ("Temple", [34, 35, 71, 139, 143, 156],
            [264, 265, 301, 368, 372, 383]),
    ];

    /// <summary>The name of every landmark, in the mesh's order.</summary>
    public static string[] All()
    {
        var names = new string[FaceMeshModel.LandmarkCount];
        foreach (var (name, landmark) in Midline)
            names[landmark] = name;
        foreach (var (name, right, left) in Pairs)
            (names[right], names[left]) = ("Right" + name, "Left" + name);
        foreach (var (name, right, left) in Contours)
            for (var i = 0; i < right.Length; i++)
                (names[right[i]], names[left[i]]) = ($"Right{name}{i + 1}", $"Left{name}{i + 1}");
        foreach (var (name, right, left) in Regions)
            for (var i = 0; i < right.Length; i++)
                (names[right[i]], names[left[i]]) = ($"Right{name}{right[i]}", $"Left{name}{left[i]}");
        return names;
    }
}
