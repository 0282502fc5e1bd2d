/*!
three.js, https://threejs.org

The MIT License

Copyright © 2010-2026 three.js authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in
all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
THE SOFTWARE.
*/
import { Panel } from './panel.js';
import { unpack } from './geometry.js';
import { Stage } from './stage.js';

const root = document.documentElement;
const message = document.getElementById('message');

function fail(reason) {
  root.dataset.state = 'failed';
  message.hidden = false;
  message.textContent = `The face cannot be shown: ${reason?.message ?? reason}`;
}

window.addEventListener('error', event => fail(event.error ?? event.message));
window.addEventListener('unhandledrejection', event => fail(event.reason));

const take = id => {
  const element = document.getElementById(id);
  const text = element.textContent;
  element.remove();
  return text;
};

const scene = JSON.parse(take('scene'));
const geometry = await unpack(take('geometry'), scene.layout);
const stage = new Stage(document.getElementById('stage'), geometry, scene.upright);
new Panel(stage, scene, geometry).start();
stage.render();
message.hidden = true;

// What was drawn, for tests and the curious.
const { triangles } = stage.renderer.info.render;
Object.assign(root.dataset, { state: 'ready', vertices: scene.layout.vertices, triangles: scene.layout.triangles, drawn: triangles });
console.info(`FaceRecon drew ${triangles} triangles of ${scene.layout.vertices} vertices`);
