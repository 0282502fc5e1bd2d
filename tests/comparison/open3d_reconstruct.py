#!/usr/bin/python3
"""What Open3D makes of a capture folder, for comparison: point-to-plane ICP and TSDF fusion.

usage: open3d_reconstruct.py CAPTURE OUTPUT [--method adjacent|multiway]     (needs Debian's python3-open3d and python3-scipy)

adjacent: every frame is registered to the one before. multiway (Choi, Zhou and Koltun 2015, as in Open3D's tutorial of that name): beside those
edges loops between all pairs of keyframes, with information matrices, and a pose graph with a line process that drops the wrong ones.

Writes OUTPUT/face.ply and OUTPUT/trajectory.txt in the coordinates of the first frame's camera, metres.
"""
import argparse
import json
import os
import resource
import time

import numpy as np
import open3d as o3d
from scipy.spatial.transform import Rotation

registration = o3d.pipelines.registration
FARTHEST = 0.75  # metres: the head and shoulders, without the room
GATES = (0.02, 0.01, 0.005)  # metres: correspondences may be so far apart, step by step
KEYFRAME_STEP = 5  # every so many frames one is a keyframe
LEAST_OVERLAP = 0.3  # share of a keyframe's points that a loop must match


def read_frame(capture, color, depth, scale):
    return o3d.geometry.RGBDImage.create_from_color_and_depth(
        o3d.io.read_image(os.path.join(capture, "color", color)),
        o3d.io.read_image(os.path.join(capture, "depth", depth)),
        depth_scale=scale, depth_trunc=FARTHEST, convert_rgb_to_intensity=False)


def make_cloud(rgbd, camera):
    cloud = o3d.geometry.PointCloud.create_from_rgbd_image(rgbd, camera).voxel_down_sample(0.002)
    cloud, _ = cloud.remove_statistical_outlier(20, 2.0)
    cloud.estimate_normals(o3d.geometry.KDTreeSearchParamHybrid(0.008, 30))
    cloud.orient_normals_towards_camera_location()
    return cloud


def register(source, target, start, gates):
    estimation = registration.TransformationEstimationPointToPlane(registration.TukeyLoss(k=0.005))
    step = start
    for gate in gates:
        result = registration.registration_icp(
            source, target, gate, step, estimation, registration.ICPConvergenceCriteria(1e-7, 1e-7, 50))
        step = result.transformation
    return step, result.fitness


def optimize(clouds, steps, poses):
    """The poses of a graph of all steps, and of loops between keyframes that see the same."""
    graph = registration.PoseGraph()
    for pose in poses:
        graph.nodes.append(registration.PoseGraphNode(pose))

    def connect(source, target, transformation, uncertain):
        information = registration.get_information_matrix_from_point_clouds(
            clouds[source], clouds[target], GATES[-1], transformation)
        graph.edges.append(registration.PoseGraphEdge(source, target, transformation, information, uncertain=uncertain))

    for frame, step in enumerate(steps):
        connect(frame + 1, frame, step, False)
    keyframes = range(0, len(clouds), KEYFRAME_STEP)
    for target in keyframes:
        for source in keyframes:
            if source <= target + 1:
                continue
            step, overlap = register(clouds[source], clouds[target], np.linalg.inv(poses[target]) @ poses[source], GATES[1:])
            if overlap >= LEAST_OVERLAP:
                connect(source, target, step, True)
    registration.global_optimization(
        graph, registration.GlobalOptimizationLevenbergMarquardt(), registration.GlobalOptimizationConvergenceCriteria(),
        registration.GlobalOptimizationOption(max_correspondence_distance=GATES[-1], edge_prune_threshold=0.25, reference_node=0))
    first = np.linalg.inv(graph.nodes[0].pose)
    return [first @ node.pose for node in graph.nodes]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capture")
    parser.add_argument("output")
    parser.add_argument("--method", choices=["adjacent", "multiway"], default="adjacent")
    arguments = parser.parse_args()
    capture, output = arguments.capture, arguments.output
    started = time.time()
    k = json.load(open(os.path.join(capture, "intrinsic.json")))
    camera = o3d.camera.PinholeCameraIntrinsic(k["width"], k["height"], k["fx"], k["fy"], k["cx"], k["cy"])
    times = [float(line.split()[1]) for line in open(os.path.join(capture, "timestamps.txt")) if line.strip()]
    colors = sorted(os.listdir(os.path.join(capture, "color")))
    depths = sorted(os.listdir(os.path.join(capture, "depth")))

    volume = o3d.pipelines.integration.ScalableTSDFVolume(
        voxel_length=0.001, sdf_trunc=0.005, color_type=o3d.pipelines.integration.TSDFVolumeColorType.RGB8)
    frames, clouds, steps, poses = [], [], [], [np.eye(4)]
    for color, depth in zip(colors, depths):
        frame = read_frame(capture, color, depth, k["depth_scale"])
        cloud = make_cloud(frame, camera)
        if clouds:
            steps.append(register(cloud, clouds[-1], np.eye(4), GATES)[0])
            poses.append(poses[-1] @ steps[-1])
        if arguments.method == "adjacent":
            clouds = [cloud]
            volume.integrate(frame, camera, np.linalg.inv(poses[-1]))
        else:
            frames.append(frame)
            clouds.append(cloud)
    if arguments.method == "multiway":
        poses = optimize(clouds, steps, poses)
        for frame, pose in zip(frames, poses):
            volume.integrate(frame, camera, np.linalg.inv(pose))
    mesh = volume.extract_triangle_mesh()
    mesh.compute_vertex_normals()

    os.makedirs(output, exist_ok=True)
    o3d.io.write_triangle_mesh(os.path.join(output, "face.ply"), mesh)
    with open(os.path.join(output, "trajectory.txt"), "w") as file:
        for seconds, matrix in zip(times, poses):
            q = Rotation.from_matrix(matrix[:3, :3]).as_quat()
            file.write(" ".join(f"{x:.9f}" for x in (seconds, *matrix[:3, 3], *q)) + "\n")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{len(poses)} frames, {len(mesh.triangles)} triangles; {time.time() - started:.1f} s wall, "
          f"{used.ru_utime + used.ru_stime:.1f} s CPU, {used.ru_maxrss >> 10} MB")


if __name__ == "__main__":
    main()
