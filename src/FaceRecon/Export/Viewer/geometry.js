// The packed geometry: see PackedGeometry.cs, which writes what this reads.

/** Unpacks base64 of a zlib stream into arrays: positions in metres, sigma and error in metres with NaN for unknown. */
export async function unpack(base64, layout) {
  const bytes = await inflate(decode(base64));
  const reader = new Reader(bytes);
  const { vertices, triangles, origin, step } = layout;
  const positions = new Float32Array(3 * vertices);
  for (let axis = 0; axis < 3; axis++) {
    const column = reader.words(vertices);
    for (let v = 0; v < vertices; v++) positions[3 * v + axis] = origin[axis] + column[v] * step;
  }
  const colors = layout.colors ? reader.colors(vertices) : null;
  const sigma = layout.sigma ? lengths(reader.words(vertices), layout.lengthStep, 0) : null;
  const error = layout.error ? lengths(reader.words(vertices), layout.lengthStep, 32767) : null;
  const indices = reader.triangles(triangles);
  if (reader.offset !== bytes.length) throw new Error('The geometry is longer than it should be.');
  return { positions, indices, colors, sigma, error };
}

function decode(base64) {
  const text = atob(base64.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function lengths(words, step, zero) {
  return Float32Array.from(words, word => word === 65535 ? NaN : (word - zero) * step);
}

const unzigzag = n => (n >>> 1) ^ -(n & 1);

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.offset = 0;
  }

  /** 16-bit numbers as differences, low bytes first and then all high ones. */
  words(count) {
    const low = this.take(count), high = this.take(count);
    const words = new Uint16Array(count);
    for (let i = 0, word = 0; i < count; i++) words[i] = word = word + unzigzag(low[i] | high[i] << 8) & 0xffff;
    return words;
  }

  /** Red, green, blue, each a plane of differences. */
  colors(count) {
    const colors = new Uint8Array(3 * count);
    for (let channel = 0; channel < 3; channel++) {
      const plane = this.take(count);
      for (let i = 0, value = 0; i < count; i++) colors[3 * i + channel] = value = value + plane[i] & 0xff;
    }
    return colors;
  }

  /** Three numbers a triangle: from the last one's first corner to this one's, and from that to the other two. */
  triangles(count) {
    const indices = new Uint32Array(3 * count);
    for (let t = 0, first = 0; t < indices.length; t += 3) {
      first += this.varint();
      indices[t] = first;
      indices[t + 1] = first + this.varint();
      indices[t + 2] = first + this.varint();
    }
    return indices;
  }

  varint() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.offset++];
      if (byte === undefined) throw new Error('The geometry ends early.');
      value |= (byte & 127) << shift;
      if (byte < 128) return unzigzag(value);
    }
  }

  take(count) {
    this.offset += count;
    if (this.offset > this.bytes.length) throw new Error('The geometry ends early.');
    return this.bytes.subarray(this.offset - count, this.offset);
  }
}
