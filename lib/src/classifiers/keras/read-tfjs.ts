import { DescentError } from '../../errors';
import type { tf } from '../../tf';
import { decodeHalf } from '../half';
import { isCount, isObject } from '../layers';
import { product } from '../plan';
import { besideOf, type Files } from './files-of';
import { parseJson } from './model-json';
import type { FileWeight } from './model-file';

/** A model.json of TensorFlow.js, with its weights. */
export interface TfjsModel {
  /** What modelTopology holds: Keras' JSON of a LayersModel, the nodes of a GraphModel. */
  topology: Record<string, unknown>;
  /** What else stands in model.json. */
  json: Record<string, unknown>;
  /** Its weights, and what the files hold of each, as it is stored. */
  weights: (FileWeight & { spec: tf.io.WeightsManifestEntry; stored: Uint8Array })[];
}

type Stored = 'float32' | 'int32' | 'bool' | 'float16' | 'uint8' | 'uint16';

/** The bytes of a number, as it is stored, and how they are read. */
const STORED: Record<Stored, { bytes: number; read: (content: ArrayBuffer) => ArrayLike<number> }> = {
  float32: { bytes: 4, read: (content) => new Float32Array(content) },
  int32: { bytes: 4, read: (content) => new Int32Array(content) },
  bool: { bytes: 1, read: (content) => new Uint8Array(content) },
  float16: { bytes: 2, read: (content) => decodeHalf(new Uint16Array(content)) },
  uint8: { bytes: 1, read: (content) => new Uint8Array(content) },
  uint16: { bytes: 2, read: (content) => new Uint16Array(content) },
};

/**
 * Reads a model.json of TensorFlow.js, whichever of its versions wrote it, and the files of weights beside it.
 *
 * @param name model.json among the files
 * @throws DescentError where it is damaged, or a file of weights is missing, lies elsewhere, or is not as long as stated
 */
export function readTfjs(files: Files, name: string): TfjsModel {
  const path = files.call(name);
  const json = parseJson(new TextDecoder().decode(files.read(name)), path);
  const need: (holds: boolean, what: string) => asserts holds = (holds, what) => {
    if (!holds) throw new DescentError(`${path} is damaged: ${what}. Get it again`);
  };
  need(isObject(json), 'it is no description of a model');
  const { modelTopology, weightsManifest } = json;
  const topology = typeof modelTopology === 'string' ? parseJson(modelTopology, path) : modelTopology;
  if (topology === undefined) {
    throw new DescentError(
      `${path} is no model of TensorFlow.js: there is no modelTopology in it. Of Keras give the whole model, as saved by ` +
        "model.save('model.keras')",
    );
  }
  need(isObject(topology), 'its modelTopology is none');
  need(Array.isArray(weightsManifest), 'the list of the weights is not there');
  const weights = weightsManifest.flatMap((group) => {
    need(isObject(group), 'a group of weights is none');
    const { paths, weights: listed } = group;
    need(Array.isArray(paths) && paths.every((each) => typeof each === 'string'), 'a file of weights has no name');
    need(Array.isArray(listed), 'the list of the weights is not there');
    need(listed.every(isSpec), 'a weight in it has no name, shape or kind of number that TensorFlow.js writes');
    const specs: tf.io.WeightsManifestEntry[] = listed;
    const data = readShards(files, name, paths);
    const sizes = specs.map((spec) => product(spec.shape) * STORED[storedOf(spec)].bytes);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (bytes !== data.length) {
      throw new DescentError(
        `${path} states weights of ${bytes} bytes, and ${paths.join(', ')} beside it hold ${data.length}: ` +
          'get the files again, all of one model',
      );
    }
    let end = 0;
    return specs.map((spec, i) => {
      const stored = data.subarray(end, (end += sizes[i]!));
      const { name, shape } = spec;
      return {
        path: name.replace(/:\d+$/, ''),
        shape,
        spec,
        stored,
        read: () => Promise.resolve(valuesOf(spec, stored)),
      };
    });
  });
  return { topology, json, weights };
}

const storedOf = ({ dtype, quantization }: tf.io.WeightsManifestEntry): Stored =>
  (quantization?.dtype ?? dtype) as Stored;

function isSpec(value: unknown): value is tf.io.WeightsManifestEntry {
  if (!isObject(value)) return false;
  const { name, shape, dtype, quantization = {} } = value;
  if (typeof name !== 'string' || !['float32', 'int32', 'bool'].includes(dtype as string)) return false;
  if (!isShape(shape) || !isObject(quantization)) return false;
  const { dtype: stored = dtype, min = 0, scale = 1 } = quantization;
  return Object.hasOwn(STORED, stored as string) && [min, scale].every(Number.isFinite);
}

const isShape = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => size === 0 || isCount(size));

function valuesOf(spec: tf.io.WeightsManifestEntry, content: Uint8Array): Float32Array {
  const stored = storedOf(spec);
  const numbers = STORED[stored].read(new Uint8Array(content).buffer);
  if (numbers instanceof Float32Array) return numbers;
  const { min = 0, scale = 1 } = stored.startsWith('uint') ? (spec.quantization ?? {}) : {};
  return Float32Array.from(numbers, (number) => number * scale + min);
}

/** The files of a group of weights, one after the other. */
function readShards(files: Files, model: string, paths: readonly string[]): Uint8Array {
  const shards = paths.map((path) => {
    const parts = path.split('/').filter((part) => part !== '.');
    if (path.startsWith('/') || parts.includes('..') || /^\w+:|\\/.test(path)) {
      throw new DescentError(
        `${files.call(model)} wants weights from ${path}, which is not in its folder: put the file beside it, and write ` +
          'its name there',
      );
    }
    const name = besideOf(model, parts.join('/'));
    if (files.has(name)) return files.read(name);
    throw new DescentError(
      `${files.call(name)} is missing, which holds weights of ${files.call(model)}: get it, too ` +
        `(${paths.length === 1 ? 'the one file of weights' : `one of ${paths.length} files of weights`})`,
    );
  });
  if (shards.length === 1) return shards[0]!;
  const data = new Uint8Array(shards.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const shard of shards) {
    data.set(shard, end);
    end += shard.length;
  }
  return data;
}
