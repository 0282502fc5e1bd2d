#!/usr/bin/python3
"""What Open3D makes of a capture folder, for comparison: frame-to-frame point-to-plane ICP and TSDF fusion.

usage: open3d_reconstruct.py CAPTURE OUTPUT     (needs Debian's python3-open3d and python3-scipy)

Writes OUTPUT/face.ply and OUTPUT/trajectory.txt in the coordinates of the first frame's camera, metres.
"""
import json
import os
import sys
import time

import numpy as np
import open3d as o3d
from scipy.spatial.transform import Rotation

FARTHEST = 0.75  # metres: the head and shoulders, without the room


def main(capture, output):
    started = time.time()
    k = json.load(open(os.path.join(capture, "intrinsic.json")))
    camera = o3d.camera.PinholeCameraIntrinsic(k["width"], k["height"], k["fx"], k["fy"], k["cx"], k["cy"])
    times = [float(line.split()[1]) for line in open(os.path.join(capture, "timestamps.txt")) if line.strip()]
    volume = o3d.pipelines.integration.ScalableTSDFVolume(
        voxel_length=0.001, sdf_trunc=0.005, color_type=o3d.pipelines.integration.TSDFVolumeColorType.RGB8)
    estimation = o3d.pipelines.registration.TransformationEstimationPointToPlane(
        o3d.pipelines.registration.TukeyLoss(k=0.005))
    pose, before, trajectory = np.eye(4), None, []
    colors = sorted(os.listdir(os.path.join(capture, "color")))
    depths = sorted(os.listdir(os.path.join(capture, "depth")))
    for color, depth in zip(colors, depths):
        rgbd = o3d.geometry.RGBDImage.create_from_color_and_depth(
            o3d.io.read_image(os.path.join(capture, "color", color)),
            o3d.io.read_image(os.path.join(capture, "depth", depth)),
            depth_scale=k["depth_scale"], depth_trunc=FARTHEST, convert_rgb_to_intensity=False)
        cloud = o3d.geometry.PointCloud.create_from_rgbd_image(rgbd, camera).voxel_down_sample(0.002)
        cloud, _ = cloud.remove_statistical_outlier(20, 2.0)
        cloud.estimate_normals(o3d.geometry.KDTreeSearchParamHybrid(0.008, 30))
        cloud.orient_normals_towards_camera_location()
        if before is not None:
            step = np.eye(4)
            for gate in (0.02, 0.01, 0.005):
                step = o3d.pipelines.registration.registration_icp(
                    cloud, before, gate, step, estimation,
                    o3d.pipelines.registration.ICPConvergenceCriteria(1e-7, 1e-7, 50)).transformation
            pose = pose @ step
        before = cloud
        trajectory.append(pose)
        volume.integrate(rgbd, camera, np.linalg.inv(pose))
    mesh = volume.extract_triangle_mesh()
    mesh.compute_vertex_normals()
    os.makedirs(output, exist_ok=True)
    o3d.io.write_triangle_mesh(os.path.join(output, "face.ply"), mesh)
    with open(os.path.join(output, "trajectory.txt"), "w") as file:
        for seconds, matrix in zip(times, trajectory):
            q = Rotation.from_matrix(matrix[:3, :3]).as_quat()
            file.write(" ".join(f"{x:.9f}" for x in (seconds, *matrix[:3, 3], *q)) + "\n")
    print(f"{len(trajectory)} frames, {len(mesh.triangles)} triangles, {time.time() - started:.1f} s")


if __name__ == "__main__":
    main(*sys.argv[1:3])
