import {
  AmbientLight, BufferAttribute, BufferGeometry, DirectionalLight, DoubleSide, Mesh, MeshLambertMaterial, PerspectiveCamera, Quaternion, Raycaster, Scene, Sphere,
  Spherical, Vector2, Vector3, WebGLRenderer,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

// Light by surface mode: from everywhere, from the key lamp, from the fill lamp.
const LIGHT = { color: [2.5, 0.75, 0.25], shaded: [0.75, 2.1, 0.75], sigma: [2.1, 1.0, 0.4], error: [2.1, 1.0, 0.4] };
// Turn to the subject's left and height above it, radians.
const VIEWS = { front: [0, 0.04], left: [Math.PI / 2, 0.04], right: [-Math.PI / 2, 0.04], overview: [0.7, 0.5] };
const CLAY = [0.60, 0.50, 0.42];

const toLinear = Float32Array.from({ length: 256 }, (_, i) => (i / 255 <= 0.04045 ? i / 255 / 12.92 : ((i / 255 + 0.055) / 1.055) ** 2.4));

/** The face, its light and its camera. Draws only when something has changed. */
export class Stage {
  constructor(canvas, geometry, upright) {
    this.canvas = canvas;
    this.renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true, preserveDrawingBuffer: true });
    this.renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
    this.scene = new Scene();
    this.camera = new PerspectiveCamera(20, 1, 0.01, 10);
    this.addLight();
    this.addFace(geometry, upright);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.enableDamping = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.controls.addEventListener('change', () => this.draw());
    this.controls.minDistance = 0.2 * this.radius;
    this.controls.maxDistance = 20 * this.radius;
    this.view('front');
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.resize();
  }

  addLight() {
    this.lights = [new AmbientLight(0xffffff, 1), new DirectionalLight(0xfff6ec, 1), new DirectionalLight(0xeaf2ff, 1)];
    // The lamps go with the camera, so that whatever is looked at is lit.
    this.lights[1].position.set(-0.7, 0.8, 0.6);
    this.lights[2].position.set(0.9, 0.1, 0.5);
    for (const lamp of this.lights.slice(1)) this.camera.add(lamp, lamp.target);
    this.scene.add(this.lights[0], this.camera);
  }

  addFace({ positions, indices, colors }, upright) {
    this.colors = colors;
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(positions, 3));
    geometry.setAttribute('color', new BufferAttribute(new Float32Array(positions.length), 3));
    geometry.setIndex(new BufferAttribute(indices, 1));
    geometry.computeVertexNormals();
    const material = new MeshLambertMaterial({ vertexColors: true, side: DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 });
    // The inside, seen through holes, is dark whatever is shown.
    material.onBeforeCompile = shader => {
      shader.fragmentShader = shader.fragmentShader.replace('#include <color_fragment>',
        '#include <color_fragment>\nif (!gl_FrontFacing) diffuseColor.rgb = vec3(0.045, 0.05, 0.06);');
    };
    this.face = new Mesh(geometry, material);
    this.face.quaternion.copy(new Quaternion(...upright));
    this.scene.add(this.face);
    this.face.updateMatrixWorld();
    geometry.computeBoundingBox();
    geometry.computeBoundingSphere();
    this.radius = geometry.boundingSphere.radius || 0.1;
    this.include([]);
    this.camera.near = 0.02 * this.radius;
    this.camera.far = 60 * this.radius;
  }

  /** Shows the colours, clay, or a number of every vertex by its scale. */
  paint(mode, values, scale) {
    const target = this.face.geometry.attributes.color;
    const linear = target.array;
    for (let v = 0; v < target.count; v++) {
      const rgb = mode === 'shaded' ? null : values ? scale.color(values[v]) : this.colors.subarray(3 * v, 3 * v + 3);
      for (let c = 0; c < 3; c++) linear[3 * v + c] = rgb ? toLinear[Math.round(rgb[c])] : CLAY[c];
    }
    target.needsUpdate = true;
    this.lights.forEach((light, i) => { light.intensity = LIGHT[mode][i]; });
    this.draw();
  }

  /** Makes the views show these points, in the face's frame, beside the face. */
  include(points) {
    this.points = points;
    this.shown = new Sphere().copy(this.face.geometry.boundingSphere);
    for (const point of points) this.shown.expandByPoint(point);
    this.shown.applyMatrix4(this.face.matrixWorld);
  }

  /** Looks at all that is shown from the front, the left, the right, or from above at a slant. */
  view(name) {
    const [turn, height] = VIEWS[name];
    const distance = 1.04 * this.shown.radius / Math.sin(this.camera.fov / 2 * Math.PI / 180) / Math.min(1, this.camera.aspect);
    this.controls?.target.copy(this.shown.center);
    this.camera.position.setFromSphericalCoords(distance, Math.PI / 2 - height, turn).add(this.shown.center);
    this.controls?.update();
    this.draw();
  }

  /** Lays the face over by a quarter turn, for meshes that stand another way in their file. */
  roll() {
    const towards = this.camera.position.clone().sub(this.controls.target).normalize();
    this.face.quaternion.premultiply(new Quaternion().setFromAxisAngle(towards, Math.PI / 2));
    this.face.updateMatrixWorld();
    this.include(this.points);
    this.draw();
  }

  /** Turns by angles, moves by shares of the distance, or comes nearer by a factor. */
  turn(theta, phi) {
    const offset = this.camera.position.clone().sub(this.controls.target);
    const s = new Spherical().setFromVector3(offset);
    s.theta += theta;
    s.phi += phi;
    s.makeSafe();
    this.camera.position.copy(this.controls.target).add(offset.setFromSpherical(s));
    this.controls.update();
  }

  move(right, up) {
    const distance = this.camera.position.distanceTo(this.controls.target);
    const shift = new Vector3(right, up, 0).multiplyScalar(distance).applyQuaternion(this.camera.quaternion);
    this.camera.position.add(shift);
    this.controls.target.add(shift);
    this.controls.update();
  }

  zoom(factor) {
    const offset = this.camera.position.clone().sub(this.controls.target).multiplyScalar(factor);
    offset.clampLength(this.controls.minDistance, this.controls.maxDistance);
    this.camera.position.copy(this.controls.target).add(offset);
    this.controls.update();
  }

  /** The vertex nearest to what is seen at a place of the canvas; null beside the face. */
  vertexAt(x, y) {
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2(2 * x / this.canvas.clientWidth - 1, 1 - 2 * y / this.canvas.clientHeight), this.camera);
    const hit = ray.intersectObject(this.face, false)[0];
    if (!hit) return null;
    const local = this.face.worldToLocal(hit.point.clone());
    const at = i => new Vector3().fromBufferAttribute(this.face.geometry.attributes.position, i);
    return [hit.face.a, hit.face.b, hit.face.c].sort((a, b) => at(a).distanceTo(local) - at(b).distanceTo(local))[0];
  }

  /** Where a point of the face's frame lies on the canvas, pixels, and how far away. */
  project(point) {
    const p = this.face.localToWorld(point.clone());
    const distance = p.distanceTo(this.camera.position);
    p.project(this.camera);
    return { x: (p.x + 1) / 2 * this.canvas.clientWidth, y: (1 - p.y) / 2 * this.canvas.clientHeight, distance, behind: p.z > 1 };
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    const aspect = this.camera.aspect;
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    if (!this.drawn && aspect !== this.camera.aspect) this.view('front');
    this.draw();
  }

  draw() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      this.controls?.update();
      this.render();
    });
  }

  render() {
    this.renderer.render(this.scene, this.camera);
    this.drawn = true;
  }
}
