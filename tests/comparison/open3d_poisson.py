#!/usr/bin/python3
"""The surface of a cloud by FaceRecon and by Open3D's screened Poisson (Kazhdan's code), side by side on the same oriented points.

usage: open3d_poisson.py CLOUD.ply OUTPUT [--depth 8 9] [--repeats 3] [--gt GROUNDTRUTH --scorer score.py]

Needs Debian's python3-open3d and `dotnet build -c Release`. Each run has a process of its own, the two programs in turns; printed are the
medians over the repeats. Wall and CPU seconds are those of making the surface, reading and writing files excepted: for Open3D the
reconstruction on two threads and the cut at its density (the least 3 % of the vertices, by custom), for FaceRecon the reconstruction with trimming,
closing of gaps and the vertices' data, in a runtime set as the program's, once with the compiler's work (first) and once without (warm). Memory is the process's peak beside
what it had with the cloud read. With --gt and --scorer each surface is scored against the truth.
"""
import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
BENCHMARKS = os.path.join(ROOT, "tests/FaceRecon.Benchmarks/bin/Release/net10.0/FaceRecon.Benchmarks.dll")
LEAST_DENSE = 0.03  # share of the vertices that is cut away
# The settings of the runtime that the program facerecon has.
RUNTIME = {"DOTNET_TieredCompilation": "0", "DOTNET_gcConcurrent": "0", "DOTNET_GCConserveMemory": "6"}


def run_open3d(cloud, output, depth):
    """In a process of its own: makes and writes the surface, prints what it took."""
    import numpy as np
    import open3d as o3d

    points = o3d.io.read_point_cloud(cloud)
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    mesh, density = o3d.geometry.TriangleMesh.create_from_point_cloud_poisson(points, depth=depth, n_threads=2)
    density = np.asarray(density)
    mesh.remove_vertices_by_mask(density < np.quantile(density, LEAST_DENSE))
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    mesh.compute_vertex_normals()
    o3d.io.write_triangle_mesh(output, mesh)
    print(json.dumps({
        "vertices": len(mesh.vertices), "wall": wall, "before_mb": before.ru_maxrss >> 10, "peak_mb": after.ru_maxrss >> 10,
        "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}))


def call(command):
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | RUNTIME)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout[done.stdout.index("{"):])


def medians(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def row(name, run, surface, arguments):
    warm = f"{run['warm_wall']:.2f} / {run['warm_cpu']:.2f}" if "warm_wall" in run else "-"
    cells = [name, f"{run['vertices']:.0f}", f"{run['wall']:.2f} / {run['cpu']:.2f}", warm, f"{run['peak_mb'] - run['before_mb']:.0f}", f"{run['peak_mb']:.0f}"]
    if arguments.gt:
        score = call([sys.executable, arguments.scorer, "--gt", arguments.gt, "--result", surface])
        cells += [f"{score['acc']['mean']:.4f} / {score['acc']['p95']:.4f}", f"{score['normal']['mean_deg']:.2f}", f"{score['comp']['mean']:.3f}", f"{score['comp']['hole_mm2']:.0f}"]
    print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cloud")
    parser.add_argument("output")
    parser.add_argument("--depth", type=int, nargs="+", default=[8, 9])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--gt")
    parser.add_argument("--scorer")
    parser.add_argument("--only-open3d", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only_open3d:
        return run_open3d(arguments.cloud, arguments.output, arguments.depth[0])
    if bool(arguments.gt) != bool(arguments.scorer):
        parser.error("--gt and --scorer go together")
    if not os.path.exists(BENCHMARKS):
        parser.error("build first: dotnet build -c Release")
    os.makedirs(arguments.output, exist_ok=True)

    columns = ["", "vertices", "first: wall / CPU s", "warm: wall / CPU s", "memory for it, MB", "peak of the process, MB"]
    if arguments.gt:
        columns += ["mean / 95 % mm", "normals, deg", "completeness, mm", "holes, mm2"]
    print("| " + " | ".join(columns) + " |\n|" + "---|" * len(columns))
    for depth in arguments.depth:
        ours, theirs = (os.path.join(arguments.output, f"{name}-{depth}.ply") for name in ("facerecon", "open3d"))
        runs = [(
            call(["dotnet", BENCHMARKS, "surface", arguments.cloud, ours, str(depth), "3"]),
            call([sys.executable, os.path.abspath(__file__), arguments.cloud, theirs, "--depth", str(depth), "--only-open3d"]),
        ) for _ in range(arguments.repeats)]
        row(f"FaceRecon, depth {depth}", medians([run[0] for run in runs]), ours, arguments)
        row(f"Open3D, depth {depth}", medians([run[1] for run in runs]), theirs, arguments)


if __name__ == "__main__":
    main()
