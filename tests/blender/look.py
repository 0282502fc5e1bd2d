"""Pictures of a GLB in its colours alone, without light, in which a seam would show: from the front, the sides, and the nose near by.
blender --background --factory-startup --python tests/blender/look.py -- face.glb PREFIX"""
import math
import sys

import bpy
import numpy
from mathutils import Vector

# Debian's Blender 3.4 stands beside a NumPy that has lost this name, without which Blender reads no glTF.
numpy.bool = getattr(numpy, 'bool', bool)

path, prefix = sys.argv[sys.argv.index('--') + 1:]
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.import_scene.gltf(filepath=path)
body = next(o for o in bpy.data.objects if o.type == 'MESH')

material = bpy.data.materials.new('colours')
material.use_nodes = True
nodes, links = material.node_tree.nodes, material.node_tree.links
nodes.clear()
emission = nodes.new('ShaderNodeEmission')
links.new(emission.outputs[0], nodes.new('ShaderNodeOutputMaterial').inputs[0])
pictures = [i for i in bpy.data.images if i.size[0] > 0]
if pictures:
    source = nodes.new('ShaderNodeTexImage')
    source.image = pictures[0]
else:
    source = nodes.new('ShaderNodeVertexColor')
    source.layer_name = body.data.color_attributes[0].name
links.new(source.outputs[0], emission.inputs[0])
body.data.materials.clear()
body.data.materials.append(material)

places = [body.matrix_world @ v.co for v in body.data.vertices]
middle = sum((Vector((f(p[k] for p in places) for k in range(3))) for f in (min, max)), Vector()) / 2
# glTF's front looks to -y in Blender.
nose = min(places, key=lambda p: p[1]) + Vector((0, 0.02, 0.01))

scene = bpy.context.scene
scene.render.engine = 'CYCLES'
scene.cycles.samples = 6
scene.cycles.use_denoising = False
scene.cycles.max_bounces = 0
scene.view_settings.view_transform = 'Standard'
scene.render.resolution_x = scene.render.resolution_y = 600
camera = bpy.data.objects.new('camera', bpy.data.cameras.new('camera'))
camera.data.type = 'ORTHO'
scene.collection.objects.link(camera)
scene.camera = camera
for name, degrees, centre, width in (
        ('left', 60, middle, 0.3), ('front', 0, middle, 0.3), ('right', -60, middle, 0.3),
        ('nose-left', 45, nose, 0.09), ('nose', 0, nose, 0.09), ('nose-right', -45, nose, 0.09)):
    angle = math.radians(degrees)
    camera.location = centre + Vector((math.sin(angle), -math.cos(angle), 0))
    camera.rotation_euler = (math.pi / 2, 0, angle)
    camera.data.ortho_scale = width
    scene.render.filepath = f'{prefix}-{name}.png'
    bpy.ops.render.render(write_still=True)
