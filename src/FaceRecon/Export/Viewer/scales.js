// Which colour a length has, as HeatScale.cs has it; the stops come with the scene, so that both are one.

const NICE = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

const parse = stops => stops.map(stop => [0, 2, 4].map(i => parseInt(stop.slice(i, i + 2), 16)));

export class Scale {
  /** From low to high, metres. */
  constructor({ low, high, stops, caption }) {
    Object.assign(this, { low, high, caption, stops: parse(stops) });
  }

  /** [red, green, blue], 0 to 255; grey for NaN. */
  color(value) {
    if (!Number.isFinite(value)) return [150, 150, 150];
    const place = Math.min(1, Math.max(0, (value - this.low) / (this.high - this.low))) * (this.stops.length - 1);
    const first = Math.min(Math.floor(place), this.stops.length - 2);
    return [0, 1, 2].map(c => this.stops[first][c] + (place - first) * (this.stops[first + 1][c] - this.stops[first][c]));
  }

  /** The next round limit: a narrower scale for -1, a wider one for +1. */
  step(direction) {
    const unit = 10 ** Math.floor(Math.log10(this.high * 1.0001));
    const limits = NICE.map(n => n * unit).concat([unit * 0.8, unit * 15]).sort((a, b) => a - b);
    const high = direction > 0 ? limits.find(limit => limit > this.high * 1.01) : limits.findLast(limit => limit < this.high * 0.99);
    if (high < 1e-6 || high > 1) return;
    this.low = this.low < 0 ? -high : 0;
    this.high = high;
  }

  /** Round lengths evenly from low to high as text, millimetres. */
  labels() {
    const leading = this.high / 10 ** Math.floor(Math.log10(this.high * 1.0001));
    const steps = this.low < 0 ? 4 : [1.5, 3, 6].some(n => Math.abs(n - leading) < 0.01) ? 3 : [1, 5, 10].some(n => Math.abs(n - leading) < 0.01) ? 5 : 4;
    return Array.from({ length: steps + 1 }, (_, i) => millimetres(this.low + i / steps * (this.high - this.low)));
  }
}

export const millimetres = length => Number((1000 * length).toPrecision(3)).toString().replace('-', '\u2212');
