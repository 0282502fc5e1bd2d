import { BufferAttribute, BufferGeometry, CanvasTexture, Color, Group, Line, LineBasicMaterial, LineSegments, Points, PointsMaterial, Quaternion, Vector3 } from 'three';

const MOST_FRUSTA = 60;
const FRUSTUM_DEPTH = 0.025;

/** Named points on the face, drawn a little before it so that it does not swallow them. */
export class Keypoints {
  constructor(keypoints) {
    this.names = keypoints.map(keypoint => keypoint.name);
    this.notes = keypoints.map(keypoint => `seen in ${keypoint.views} frames`);
    this.places = keypoints.map(keypoint => new Vector3(...keypoint.position));
    this.object = new Points(geometryOf(this.places), new PointsMaterial({
      size: 9 * Math.min(window.devicePixelRatio || 1, 2), sizeAttenuation: false, map: disc(), alphaTest: 0.5, transparent: false,
    }));
    this.object.material.onBeforeCompile = shader => {
      shader.vertexShader = shader.vertexShader.replace('#include <project_vertex>',
        '#include <project_vertex>\nmvPosition.xyz *= 1.0 - 0.003 / length(mvPosition.xyz);\ngl_Position = projectionMatrix * mvPosition;');
    };
  }

  label(i) {
    return `${this.names[i]}\n${this.notes[i]}`;
  }
}

/** The way of the camera, blue at its start and yellow at its end, with the frustum of its frames. */
export class CameraPath {
  constructor(frames, lens) {
    this.frames = frames;
    this.places = frames.map(frame => new Vector3(...frame.position));
    const every = Math.ceil(frames.length / MOST_FRUSTA);
    const shades = frames.map((_, i) => shade(i / Math.max(1, frames.length - 1)));
    const material = new LineBasicMaterial({ vertexColors: true });
    this.object = new Group();
    this.object.add(new Line(geometryOf(this.places, shades), material));
    const [ends, colors] = [[], []];
    frames.forEach((frame, i) => {
      if (i % every && i !== frames.length - 1) return;
      const corners = lens.map(([x, y]) => new Vector3(x, y, 1).multiplyScalar(FRUSTUM_DEPTH)
        .applyQuaternion(new Quaternion(...frame.rotation)).add(this.places[i]));
      corners.forEach((corner, k) => ends.push(this.places[i], corner, corner, corners[(k + 1) % corners.length]));
      while (colors.length < ends.length) colors.push(shades[i]);
    });
    this.object.add(new LineSegments(geometryOf(ends, colors), material));
  }

  label(i) {
    const frame = this.frames[i];
    return `Frame ${frame.index}, ${frame.time.toFixed(2)} s\nresidual ${frame.residual.toFixed(2)} mm, inliers ${(100 * frame.inliers).toFixed(0)} %`;
  }
}

function geometryOf(points, colors) {
  const geometry = new BufferGeometry().setFromPoints(points);
  if (colors) geometry.setAttribute('color', new BufferAttribute(Float32Array.from(colors.flatMap(color => color.toArray())), 3));
  return geometry;
}

const shade = share => new Color().lerpColors(new Color(0x2f6da0), new Color(0xe8a53a), share);

function disc() {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 32;
  const context = canvas.getContext('2d');
  context.fillStyle = '#fff';
  context.strokeStyle = '#10151b';
  context.lineWidth = 7;
  context.arc(16, 16, 11, 0, 2 * Math.PI);
  context.fill();
  context.stroke();
  return new CanvasTexture(canvas);
}
