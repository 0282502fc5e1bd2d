#!/usr/bin/python3
"""Distance of a reference cloud with normals to a reconstructed mesh, after rigid alignment.

usage: compare_to_cloud.py RESULT.ply REFERENCE.ply     (needs Debian's python3-open3d and python3-scipy)

Aligns by point-to-plane ICP from each of the 24 turns of a cube (captures are held any way up), then prints the
distance along the normal of the reference's points to the result: over all of them, and over the face, the
points within 95 mm of the one that stands out furthest along the mean normal. A point further than 10 mm from
the result was not reconstructed and counts as such. Millimetres.
"""
import sys

import numpy as np
import open3d as o3d
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation


def load(path):
    mesh = o3d.io.read_triangle_mesh(path)
    cloud = mesh.sample_points_uniformly(200000) if len(mesh.triangles) else o3d.io.read_point_cloud(path)
    return np.asarray(cloud.points), np.asarray(cloud.normals)


def align(moving, fixed, normals, tree, motion, gate, iterations):
    for i in range(iterations):
        moved = moving @ motion[:3, :3].T + motion[:3, 3]
        distance, nearest = tree.query(moved)
        near = distance < max(gate * 0.85 ** i, 0.003)
        if near.sum() < 100:
            break
        n, center = normals[nearest[near]], moved[near].mean(0)
        residual = ((moved[near] - fixed[nearest[near]]) * n).sum(1)
        jacobian = np.hstack([np.cross(moved[near] - center, n), n])
        x = -np.linalg.solve(jacobian.T @ jacobian + 1e-9 * np.eye(6), jacobian.T @ residual)
        turn = Rotation.from_rotvec(x[:3]).as_matrix()
        step = np.eye(4)
        step[:3, :3], step[:3, 3] = turn, center - turn @ center + x[3:]
        motion = step @ motion
    distance, _ = tree.query(moving @ motion[:3, :3].T + motion[:3, 3])
    return motion, np.median(distance)


def report(name, along, reached):
    d = along[reached] * 1000
    print(f"{name}: mean {d.mean():.3f}, median {np.median(d):.3f}, 95 % {np.percentile(d, 95):.3f} mm; "
          f"{100 * reached.mean():.1f} % of {len(reached)} points reconstructed")


def main(result_path, reference_path):
    o3d.utility.set_verbosity_level(o3d.utility.VerbosityLevel.Error)
    reference, reference_normals = load(reference_path)
    result, result_normals = load(result_path)
    tree = cKDTree(reference)
    best, least = None, np.inf
    for turn in Rotation.create_group("O").as_matrix():
        start = np.eye(4)
        start[:3, :3], start[:3, 3] = turn, reference.mean(0) - turn @ result.mean(0)
        motion, median = align(result[::20], reference, reference_normals, tree, start, 0.03, 40)
        if median < least:
            best, least = motion, median
    best, _ = align(result[::20], reference, reference_normals, tree, best, 0.005, 60)
    moved, normals = result @ best[:3, :3].T + best[:3, 3], result_normals @ best[:3, :3].T
    distance, nearest = cKDTree(moved).query(reference)
    along = np.abs(((reference - moved[nearest]) * normals[nearest]).sum(1))
    reached = distance < 0.01
    outward = reference_normals.mean(0) / np.linalg.norm(reference_normals.mean(0))
    tip = reference[np.argmax(reference @ outward)]
    face = np.linalg.norm(reference - tip, axis=1) < 0.095
    report("all", along, reached)
    report("face", along[face], reached[face])


if __name__ == "__main__":
    main(*sys.argv[1:3])
