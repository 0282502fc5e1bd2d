"""Opens files in Blender, prints what is in each as a line of JSON, and renders the last:
blender --background --factory-startup --python open.py -- FILE... PICTURE.png"""
import json
import sys

import bpy
import numpy

# Debian's Blender 3.4 stands beside a NumPy that has lost this name, without which Blender reads no glTF.
numpy.bool = getattr(numpy, 'bool', bool)

IMPORT = {
    'ply': lambda path: bpy.ops.wm.ply_import(filepath=path) if hasattr(bpy.types, 'WM_OT_ply_import') else bpy.ops.import_mesh.ply(filepath=path),
    'stl': lambda path: bpy.ops.wm.stl_import(filepath=path) if bpy.app.version >= (4, 2, 0) else bpy.ops.import_mesh.stl(filepath=path),
    'obj': lambda path: bpy.ops.wm.obj_import(filepath=path),
    'glb': lambda path: bpy.ops.import_scene.gltf(filepath=path),
}


def describe(path):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    IMPORT[path.rsplit('.', 1)[1]](path)
    body = next(o for o in bpy.data.objects if o.type == 'MESH')
    world = [body.matrix_world @ v.co for v in body.data.vertices]
    print('OPENED', json.dumps({
        'path': path,
        'vertices': len(body.data.vertices),
        'faces': len(body.data.polygons),
        'colors': [c.name for c in body.data.color_attributes],
        'places': [u.name for u in body.data.uv_layers],
        'pictures': [list(i.size) for i in bpy.data.images if i.size[0] > 0],
        'size': [max(v[k] for v in world) - min(v[k] for v in world) for k in range(3)],
    }))
    return body


def render(body, picture):
    scene = bpy.context.scene
    low = [min((body.matrix_world @ v.co)[k] for v in body.data.vertices) for k in range(3)]
    high = [max((body.matrix_world @ v.co)[k] for v in body.data.vertices) for k in range(3)]
    middle = [(a + b) / 2 for a, b in zip(low, high)]
    camera = bpy.data.objects.new('camera', bpy.data.cameras.new('camera'))
    # glTF's front looks to -y in Blender.
    camera.location = (middle[0], low[1] - 1, middle[2])
    camera.rotation_euler = (1.5707963, 0, 0)
    camera.data.type = 'ORTHO'
    camera.data.ortho_scale = 1.1 * max(high[0] - low[0], high[2] - low[2])
    lamp = bpy.data.objects.new('lamp', bpy.data.lights.new('lamp', 'SUN'))
    lamp.rotation_euler = (1.2, 0, 0.2)
    lamp.data.energy = 3
    for thing in (camera, lamp):
        scene.collection.objects.link(thing)
    scene.camera = camera
    scene.render.engine = 'CYCLES'
    scene.cycles.samples = 2
    scene.cycles.use_denoising = False
    scene.render.film_transparent = True
    scene.render.resolution_x = scene.render.resolution_y = 128
    scene.view_settings.view_transform = 'Standard'
    scene.render.filepath = picture
    bpy.ops.render.render(write_still=True)


arguments = sys.argv[sys.argv.index('--') + 1:]
for file in arguments[:-1]:
    opened = describe(file)
render(opened, arguments[-1])
