/** How the pixels between pixels are found, as TensorFlow names it. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'area' | keyof typeof KERNELS;

/** What each output pixel of a line is made of, row by row: [outputs, inputs]. */
export interface LineWeights {
  weights: Float32Array;
  outputs: number;
  inputs: number;
}

/** Which pixels of a line are resized: `size` of them from `start`, which may lie before the first. */
export interface Span {
  start: number;
  size: number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const lanczos =
  (radius: number) =>
  (x: number): number =>
    sinc(x) * sinc(x / radius);
/** Keys' cubic, that of `a` = -1/2. */
function keys(x: number): number {
  return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : ((-0.5 * x + 2.5) * x - 4) * x + 2;
}
/** Mitchell and Netravali's cubic, of 1/3 and 1/3. */
function mitchell(x: number): number {
  return x < 1 ? ((7 * x - 12) * x * x + 16 / 3) / 6 : (((-7 / 3) * x + 12) * x * x - 20 * x + 32 / 3) / 6;
}

/** The weight of a pixel at a distance of up to `radius` pixels. */
const KERNELS = {
  lanczos3: { radius: 3, at: lanczos(3) },
  lanczos5: { radius: 5, at: lanczos(5) },
  gaussian: { radius: 1.5, at: (x: number): number => Math.exp(-2 * x * x) },
  mitchellcubic: { radius: 2, at: mitchell },
};
const ANTIALIASED = {
  ...KERNELS,
  bilinear: { radius: 1, at: (x: number): number => 1 - x },
  bicubic: { radius: 2, at: keys },
};

/**
 * A span of a line of pixels at another size, between pixels that are squares: the middle of the first is half a pixel
 * from the rim. Resizing is linear in the pixels, and the same in each row and each column.
 *
 * @param inputs how many pixels the line has
 * @param span those that are resized; pixels outside the line weigh nothing
 * @param antialias whether a smaller line is made of all pixels, as tf.image.resize's `antialias`
 */
export function lineWeights(
  inputs: number,
  span: Span,
  outputs: number,
  interpolation: Interpolation,
  antialias = false,
): LineWeights {
  const weights = new Float32Array(outputs * inputs);
  const isKernel = antialias || Object.hasOwn(KERNELS, interpolation);
  // TensorFlow's precision, which decides between two neighbours
  const scale = Math.fround(isKernel ? 1 / Math.fround(outputs / span.size) : span.size / outputs);
  for (let i = 0; i < outputs; i++) {
    for (const [pixel, weight] of sources(i, scale, span.size, interpolation, antialias)) {
      const from = pixel + span.start;
      if (from >= 0 && from < inputs) weights[i * inputs + from]! += weight;
    }
  }
  return { weights, outputs, inputs };
}

/** The pixels of a line of `size` that its i-th pixel, `scale` of theirs wide, is made of, and their weights. */
function sources(
  i: number,
  scale: number,
  size: number,
  interpolation: Interpolation,
  antialias: boolean,
): [pixel: number, weight: number][] {
  const middle = Math.fround((i + 0.5) * scale);
  const within = (pixel: number): number => Math.min(Math.max(pixel, 0), size - 1);
  if (interpolation === 'nearest') return [[within(Math.floor(middle)), 1]];
  if (interpolation === 'area') return overlaps(i * scale, (i + 1) * scale, size);
  if (!antialias && interpolation === 'bilinear') {
    const place = Math.fround(middle - 0.5);
    const [low, part] = [Math.floor(place), place - Math.floor(place)];
    return [
      [within(low), 1 - part],
      [within(low + 1), part],
    ];
  }
  if (!antialias && interpolation === 'bicubic') {
    const low = Math.floor(Math.fround(middle - 0.5));
    const part = Math.round((Math.fround(middle - 0.5) - low) * 1024) / 1024; // TensorFlow looks it up in a table
    const around = [-1, 0, 1, 2].map((step): [number, number] => [low + step, keys(Math.abs(step - part))]);
    return normalised(around.filter(([pixel]) => pixel >= 0 && pixel < size));
  }
  const { radius, at } = ANTIALIASED[interpolation];
  const wide = antialias ? Math.max(scale, 1) : 1;
  const first = Math.max(Math.ceil(middle - radius * wide - 0.5), 0);
  const last = Math.min(Math.floor(middle + radius * wide - 0.5), size - 1);
  const around = Array.from({ length: last - first + 1 }, (_, k): [number, number] => {
    const far = Math.abs(first + k + 0.5 - middle) / wide;
    return [first + k, far < radius ? at(far) : 0];
  });
  return normalised(around);
}

function normalised(weights: [number, number][]): [number, number][] {
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  return weights.map(([pixel, weight]) => [pixel, weight / sum]);
}

/** How much of what lies between two places each pixel is. */
function overlaps(from: number, to: number, size: number): [number, number][] {
  const found: [number, number][] = [];
  for (let pixel = Math.floor(from); pixel < Math.min(Math.ceil(to), size); pixel++) {
    found.push([pixel, (Math.min(pixel + 1, to) - Math.max(pixel, from)) / (to - from)]);
  }
  return found;
}
