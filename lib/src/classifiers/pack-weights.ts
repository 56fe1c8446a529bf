import { DescentError } from '../errors';
import type { tf } from '../tf';
import { encodeHalf, LARGEST_HALF } from './half';

/**
 * How weights can be stored: as they are; as half-precision floats; or compact, where the large kernels of dense
 * layers, nearly all of a network's numbers, take 8 bits each and the others are half-precision floats.
 */
export const weightFormats = ['float32', 'float16', 'compact'] as const;
/** One of `weightFormats`. */
export type WeightFormat = (typeof weightFormats)[number];

/** From how many numbers on a dense kernel counts as large. */
const LARGE = 1e6;

type Entry = tf.io.WeightsManifestEntry;
interface Packed {
  content: Float32Array | Uint16Array | Uint8Array;
  quantization?: Entry['quantization'];
}

/** A weight: its layer's name and its own, as in dense/kernel, its shape and its values. */
export interface NamedWeight {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** The weights of a model that is there. */
export const weightsOf = (model: tf.LayersModel): NamedWeight[] =>
  model.weights.map((weight) => ({
    name: weight.originalName,
    shape: weight.shape as number[],
    values: weight.read().dataSync<'float32'>(),
  }));

/** Weights as tfjs stores them, one after the other. */
export function packWeights(weights: readonly NamedWeight[], format: WeightFormat): { specs: Entry[]; data: Buffer } {
  const specs: Entry[] = [];
  const parts: Buffer[] = [];
  for (const { name, shape, values } of weights) {
    const { content, quantization } = pack(name, values, shape, format);
    parts.push(Buffer.from(content.buffer, content.byteOffset, content.byteLength));
    specs.push({ name, shape, dtype: 'float32', ...(quantization ? { quantization } : {}) });
  }
  return { specs, data: Buffer.concat(parts) };
}

function pack(name: string, values: Float32Array, shape: number[], format: WeightFormat): Packed {
  if (format === 'float32') return { content: values };
  if (format === 'compact' && shape.length === 2 && values.length >= LARGE) return packBytes(values);
  if (values.some((value) => Math.abs(value) > LARGEST_HALF)) {
    throw new DescentError(`${name} holds a number above ${LARGEST_HALF}, which float16 cannot: store it as float32`);
  }
  return { content: encodeHalf(values), quantization: { dtype: 'float16' } };
}

/** The numbers as 256 levels from the smallest to the largest, each rounded to the nearest. */
function packBytes(values: Float32Array): Packed {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const scale = (max - min) / 255 || 1;
  const content = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) content[i] = Math.round((values[i]! - min) / scale);
  return { content, quantization: { dtype: 'uint8', min, scale } };
}
