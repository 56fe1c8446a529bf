/** A picture with 8 bits a channel, row by row. */
export interface Bytes { data: Uint8Array; width: number; height: number; channels: number }

/** For each place of the result: where the places that it is made of begin, and how much each of them counts. */
interface Kernel { from: number; weights: Float64Array }

/**
 * A triangle over each place of the result. It reaches to the neighbours: of the result's places where the picture
 * shrinks, so that every place of the picture counts (no aliasing); of the picture's where it grows.
 */
function triangles(from: number, to: number): Kernel[] {
  const scale = from / to;
  const reach = Math.max(scale, 1);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(from, Math.floor(centre + reach + 0.5));
    const heights = Float64Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs(first + i + 0.5 - centre) / reach));
    const total = heights.reduce((sum, height) => sum + height);
    return { from: first, weights: heights.map((height) => height / total) };
  });
}

/**
 * Squeezes a picture to another size, bilinear and antialiased: the same as Pillow's `resize(size, BILINEAR)`, which
 * rounds to 8 bits after the rows and again after the columns. Keras' networks are mostly trained on pictures made so.
 */
export function resizeBilinear(picture: Bytes, width: number, height: number): Bytes {
  return resizeColumns(resizeRows(picture, width), height);
}

function resizeRows({ data, width, height, channels }: Bytes, to: number): Bytes {
  if (to === width) return { data, width, height, channels };
  const result = new Uint8Array(to * height * channels);
  const kernels = triangles(width, to);
  const together = channels === 3 ? 3 : 1; // three sums at a time are faster; of other pictures only the first counts
  for (let y = 0, out = 0; y < height; y++) {
    for (const { from, weights } of kernels) {
      for (let channel = 0; channel < channels; channel += together, out += together) {
        let first = 0.5, second = 0.5, third = 0.5;
        for (let i = 0, at = (y * width + from) * channels + channel; i < weights.length; i++, at += channels) {
          const weight = weights[i]!;
          first += weight * data[at]!;
          second += weight * data[at + 1]!;
          third += weight * data[at + 2]!;
        }
        result[out] = first;
        if (together === 1) continue;
        result[out + 1] = second;
        result[out + 2] = third;
      }
    }
  }
  return { data: result, width: to, height, channels };
}

function resizeColumns({ data, width, height, channels }: Bytes, to: number): Bytes {
  if (to === height) return { data, width, height, channels };
  const row = width * channels;
  const result = new Uint8Array(to * row);
  const sums = new Float64Array(row);
  triangles(height, to).forEach(({ from, weights }, y) => {
    sums.fill(0.5);
    for (let i = 0, at = from * row; i < weights.length; i++, at += row) {
      const weight = weights[i]!;
      for (let x = 0; x < row; x++) sums[x]! += weight * data[at + x]!;
    }
    result.set(sums, y * row); // cut off, as an assignment to a byte does
  });
  return { data: result, width, height: to, channels };
}
