// What is on the canvas as a PNG file, with its name and legend below.

const FOOTER = 64;

export function saveScreenshot(stage, title, mode, scale) {
  stage.render();
  const source = stage.canvas;
  const ratio = source.width / source.clientWidth;
  const picture = document.createElement('canvas');
  picture.width = source.width;
  picture.height = source.height + (scale ? FOOTER * ratio : 0);
  const context = picture.getContext('2d');
  const style = getComputedStyle(document.documentElement);
  const backdrop = context.createLinearGradient(0, 0, 0, source.height);
  backdrop.addColorStop(0, style.getPropertyValue('--high'));
  backdrop.addColorStop(1, style.getPropertyValue('--low'));
  context.fillStyle = backdrop;
  context.fillRect(0, 0, picture.width, picture.height);
  context.drawImage(source, 0, 0);
  if (scale) drawLegend(context, source.width / ratio, source.height / ratio, ratio, scale, style.getPropertyValue('--ink'));
  picture.toBlob(blob => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = `${title.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60)}-${mode}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, 'image/png');
}

function drawLegend(context, width, top, ratio, scale, ink) {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const bar = Math.min(360, width - 160), left = (width - bar) / 2;
  for (let x = 0; x < bar; x++) {
    context.fillStyle = `rgb(${scale.color(scale.low + x / (bar - 1) * (scale.high - scale.low)).map(Math.round).join(' ')})`;
    context.fillRect(left + x, top + 12, 1.5, 14);
  }
  context.fillStyle = ink;
  context.font = '13px system-ui, sans-serif';
  context.textAlign = 'right';
  context.fillText(scale.caption, left - 10, top + 24);
  context.textAlign = 'left';
  context.fillText('mm', left + bar + 10, top + 24);
  context.textAlign = 'center';
  scale.labels().forEach((text, i, { length }) => context.fillText(text, left + bar * i / (length - 1), top + 44));
}
