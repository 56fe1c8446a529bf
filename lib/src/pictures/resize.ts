import { loadWeigher } from './weigh';

/** A picture with 8 bits a channel, row by row; 1 to 4 channels. */
export interface Bytes {
  data: Uint8Array;
  width: number;
  height: number;
  channels: number;
}

/** Each place of the result is made of those from `begins` to `ends`; its weights are `taps` integers, the last ones 0. */
interface Kernels {
  begins: Int32Array;
  ends: Int32Array;
  weights: Int32Array;
  taps: number;
}

/** A weight of 1: 8 bits of the picture and 22 of the weight leave two of 32 for the sum. */
const ONE = 2 ** 22;

/**
 * A triangle over each place of the result. It reaches to the neighbours: of the result's places where the picture
 * shrinks, so that every place of the picture counts (no aliasing); of the picture's where it grows.
 */
function triangles(from: number, to: number): Kernels {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  const taps = 2 * Math.ceil(reach) + 1;
  const [begins, ends, weights] = [new Int32Array(to), new Int32Array(to), new Int32Array(to * taps)];
  const heights = new Float64Array(taps);
  for (let place = 0; place < to; place++) {
    const centre = (place + 0.5) * scale;
    const begin = (begins[place] = Math.max(0, Math.floor(centre - reach + 0.5)));
    const end = (ends[place] = Math.min(from, Math.floor(centre + reach + 0.5)));
    let total = 0;
    for (let i = begin; i < end; i++) {
      total += heights[i - begin] = Math.max(0, 1 - Math.abs((i - centre + 0.5) * (1 / reach)));
    }
    for (let i = 0; i < end - begin; i++) weights[place * taps + i] = Math.floor(0.5 + (heights[i]! / total) * ONE);
  }
  return { begins, ends, weights, taps };
}

/**
 * Squeezes a picture to another size, bilinear and antialiased: byte for byte what Pillow's `resize(size, BILINEAR)`
 * makes of it, which weighs in integers and rounds to 8 bits after the rows and again after the columns. Keras' networks
 * are mostly trained on pictures made so.
 *
 * Every row is squeezed into the next slot of a ring, which holds as many as one row of the result is made of. So little
 * memory is needed for the largest picture.
 */
export function resizeBilinear(picture: Bytes, width: number, height: number): Bytes {
  if (width === picture.width && height === picture.height) return picture;
  const { data, channels } = picture;
  const across = triangles(picture.width, width);
  const down = triangles(picture.height, height);
  const line = picture.width * channels; // lengths in bytes from here on
  const squeezed = width * channels;
  const slot = squeezed + 4; // four bytes at a time are written, the last ones beyond the row
  const fours = Math.ceil(squeezed / 4);

  // What lies where in the weigher's memory: integers first.
  const weightsAcross = 4 * width;
  const steps = weightsAcross + 4 * width * across.taps;
  const weightsDown = steps + 4 * fours;
  const ring = weightsDown + 4 * down.taps;
  const blended = ring + slot * down.taps;
  const source = blended + slot;
  const end = source + line + channels * across.taps + 4; // weights of 0 reach beyond the row
  const { memory, weigh } = loadWeigher(end);
  const bytes = new Uint8Array(memory.buffer, 0, end);
  const integers = new Int32Array(memory.buffer, 0, ring / 4);
  integers.set(
    across.begins.map((begin) => begin * channels),
    0,
  );
  integers.set(across.weights, weightsAcross / 4);
  for (let i = 0; i < fours; i++) integers[steps / 4 + i] = 4 * i;

  const pixels = new Uint8Array(squeezed * height);
  for (let y = 0, row = 0; y < height; y++) {
    for (; row < down.ends[y]!; row++) {
      bytes.set(data.subarray(row * line, (row + 1) * line), source);
      weigh(
        source,
        0,
        channels,
        weightsAcross,
        4 * across.taps,
        4 * across.taps,
        ring + (row % down.taps) * slot,
        channels,
        width,
      );
    }
    for (let i = 0; i < down.taps; i++) {
      // to the slot where its row lies; the ring's other rows weigh 0
      integers[weightsDown / 4 + ((down.begins[y]! + i) % down.taps)] = down.weights[y * down.taps + i]!;
    }
    weigh(ring, steps, slot, weightsDown, 4 * down.taps, 0, blended, 4, fours);
    pixels.set(bytes.subarray(blended, blended + squeezed), y * squeezed);
  }
  return { data: pixels, width, height, channels };
}
