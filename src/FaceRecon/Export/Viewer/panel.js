import { CameraPath, Keypoints } from './overlays.js';
import { Scale, millimetres } from './scales.js';
import { saveScreenshot } from './screenshot.js';

const NAMES = { color: 'Colour', shaded: 'Shaded', sigma: 'Sigma', error: 'Error' };
const MODE_KEYS = { c: 'color', s: 'shaded', u: 'sigma', e: 'error' };
const VIEW_KEYS = { f: 'front', l: 'left', r: 'right' };
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const TURN = Math.PI / 24;
// A press that moves further than this is a drag and no click, pixels.
const CLICK = 4;
const REACH = 12;

const element = id => document.getElementById(id);

/** Everything around the picture: modes, legend, overlays, views, keys, hints. */
export class Panel {
  constructor(stage, scene, geometry) {
    Object.assign(this, { stage, scene, geometry });
    this.scales = {};
    for (const mode of ['sigma', 'error']) if (geometry[mode]) this.scales[mode] = new Scale(scene.scales[mode]);
    this.modes = Object.keys(NAMES).filter(mode => mode === 'shaded' || geometry[mode === 'color' ? 'colors' : mode]);
    this.overlays = {
      keypoints: scene.keypoints.length ? new Keypoints(scene.keypoints) : null,
      cameras: scene.frames.length ? new CameraPath(scene.frames, scene.lens) : null,
    };
  }

  start() {
    const { vertices, triangles } = this.scene.layout;
    element('size').innerText = `${vertices.toLocaleString('en')} vertices\n${triangles.toLocaleString('en')} triangles`;
    this.addFacts();
    this.addModes();
    this.addOverlays();
    this.addButtons();
    this.addHints();
    document.addEventListener('keydown', event => this.press(event));
    // What is shown first may be asked for: #sigma&keypoints&cameras&left
    const wishes = new Set(location.hash.slice(1).split('&'));
    this.show(this.modes.find(mode => wishes.has(mode)) ?? this.modes[0]);
    for (const name of ['keypoints', 'cameras', 'wireframe']) if (wishes.has(name) && !element(name).disabled) this.toggle(name, true);
    for (const name of Object.values(VIEW_KEYS)) if (wishes.has(name)) this.stage.view(name);
  }

  addFacts() {
    for (const [name, value] of this.scene.facts) {
      const [term, description] = [document.createElement('dt'), document.createElement('dd')];
      term.textContent = name;
      description.textContent = value;
      element('facts').append(term, description);
    }
  }

  addModes() {
    for (const mode of this.modes) {
      const [label, input, text] = [document.createElement('label'), document.createElement('input'), document.createElement('span')];
      Object.assign(input, { type: 'radio', name: 'mode', value: mode });
      text.textContent = NAMES[mode];
      input.addEventListener('change', () => this.show(mode));
      label.append(input, text);
      element('modes').append(label);
    }
  }

  addOverlays() {
    for (const [name, overlay] of Object.entries(this.overlays)) {
      if (overlay) {
        overlay.object.visible = false;
        this.stage.face.add(overlay.object);
      } else {
        element(name).disabled = true;
      }
    }
    for (const name of ['keypoints', 'cameras', 'wireframe']) element(name).addEventListener('change', event => this.toggle(name, event.target.checked));
    element('keypoint').append(new Option('a keypoint', ''), ...(this.overlays.keypoints?.names ?? []).map((name, i) => new Option(name, i)));
    element('keypoint').addEventListener('change', event => event.target.value && this.hint('keypoints', Number(event.target.value)));
  }

  addButtons() {
    for (const button of document.querySelectorAll('[data-view]')) button.addEventListener('click', () => this.stage.view(button.dataset.view));
    element('reset').addEventListener('click', () => this.reset());
    element('roll').addEventListener('click', () => this.stage.roll());
    element('screenshot').addEventListener('click', () => saveScreenshot(this.stage, this.scene.title, this.mode, this.scales[this.mode]));
    for (const [id, direction] of [['narrower', -1], ['wider', 1]])
      element(id).addEventListener('click', () => {
        this.scales[this.mode].step(direction);
        this.show(this.mode);
      });
  }

  addHints() {
    const canvas = this.stage.canvas;
    let pressed = null;
    canvas.addEventListener('pointerdown', event => { pressed = event; this.hideHint(); });
    canvas.addEventListener('pointermove', event => { if (!event.buttons) this.hintNear(event.offsetX, event.offsetY); });
    canvas.addEventListener('pointerleave', () => this.hideHint());
    canvas.addEventListener('pointerup', event => {
      if (pressed && Math.hypot(event.offsetX - pressed.offsetX, event.offsetY - pressed.offsetY) < CLICK && !this.hintNear(event.offsetX, event.offsetY))
        this.measure(event.offsetX, event.offsetY);
    });
    this.stage.controls.addEventListener('start', () => this.hideHint());
  }

  show(mode) {
    this.mode = mode;
    document.querySelector(`input[value="${mode}"]`).checked = true;
    const scale = this.scales[mode];
    this.stage.paint(mode, scale ? this.geometry[mode] : null, scale);
    element('legend').hidden = !scale;
    if (!scale) return;
    element('legend').querySelector('figcaption').textContent = `${scale.caption}, mm`;
    element('legend').querySelector('ol').replaceChildren(...scale.labels().map(text => Object.assign(document.createElement('li'), { textContent: text })));
    const bar = element('bar').getContext('2d');
    for (let x = 0; x < 256; x++) {
      bar.fillStyle = `rgb(${scale.color(scale.low + x / 255 * (scale.high - scale.low)).map(Math.round).join(' ')})`;
      bar.fillRect(x, 0, 1, 1);
    }
  }

  toggle(name, on) {
    element(name).checked = on;
    if (name === 'wireframe') this.stage.face.material.wireframe = on;
    else this.overlays[name].object.visible = on;
    // The cameras stand far around the face: a view that shows them all, and the face again without them.
    if (name === 'cameras') this.reset();
    element('pick').hidden = !element('keypoints').checked;
    this.hideHint();
    this.stage.draw();
  }

  reset() {
    const { cameras } = this.overlays;
    this.stage.include(cameras?.object.visible ? cameras.places : []);
    this.stage.view(cameras?.object.visible ? 'overview' : 'front');
  }

  /** Shows what the overlay nearest to a place of the canvas is; false where there is none. */
  hintNear(x, y) {
    let best = null;
    for (const [name, overlay] of Object.entries(this.overlays)) {
      if (!overlay?.object.visible) continue;
      overlay.places.forEach((place, i) => {
        const p = this.stage.project(place);
        const off = Math.hypot(p.x - x, p.y - y);
        // Of what lies behind each other the nearer counts.
        if (!p.behind && off < REACH && (!best || p.distance + 0.002 * off < best.distance)) best = { name, i, distance: p.distance + 0.002 * off };
      });
    }
    if (best) this.hint(best.name, best.i);
    else this.hideHint();
    return best !== null;
  }

  hint(name, i) {
    const overlay = this.overlays[name];
    this.tell(overlay.label(i), this.stage.project(overlay.places[i]));
  }

  /** Says what is known of a vertex. */
  measure(x, y) {
    const v = this.stage.vertexAt(x, y);
    if (v === null) return;
    const place = this.geometry.positions.subarray(3 * v, 3 * v + 3);
    const lines = [`x ${millimetres(place[0])}, y ${millimetres(place[1])}, z ${millimetres(place[2])} mm`];
    for (const [mode, scale] of Object.entries(this.scales)) {
      const value = this.geometry[mode][v];
      lines.push(`${scale.caption} ${Number.isFinite(value) ? `${millimetres(value)} mm` : 'unknown'}`);
    }
    this.tell(lines.join('\n'), { x, y });
  }

  tell(text, { x, y }) {
    const tip = element('tip');
    tip.textContent = text;
    tip.hidden = false;
    tip.style.left = `${Math.min(x + 14, this.stage.canvas.clientWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.max(8, y - tip.offsetHeight - 10)}px`;
  }

  hideHint() {
    element('tip').hidden = true;
  }

  press(event) {
    // A list takes letters itself, and a choice its arrows.
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('select') || (event.target.matches('input') && ARROWS[event.key])) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (ARROWS[key]) {
      const [x, y] = ARROWS[key];
      if (event.shiftKey) this.stage.move(0.03 * x, -0.03 * y);
      else this.stage.turn(TURN * x, TURN * y);
    }
    else if (this.modes.includes(MODE_KEYS[key])) this.show(MODE_KEYS[key]);
    else if (VIEW_KEYS[key]) this.stage.view(VIEW_KEYS[key]);
    else if (key === '+' || key === '=') this.stage.zoom(0.9);
    else if (key === '-') this.stage.zoom(1 / 0.9);
    else if (key === '0') this.reset();
    else if (key === 't') this.stage.roll();
    else if (key === 'w') this.toggle('wireframe', !element('wireframe').checked);
    else if (key === 'k' && this.overlays.keypoints) this.toggle('keypoints', !element('keypoints').checked);
    else if (key === 'p' && this.overlays.cameras) this.toggle('cameras', !element('cameras').checked);
    else return;
    event.preventDefault();
  }
}
