import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { DescentError } from '../../errors';
import { tf } from '../../tf';
import { describeModel, type ModelCard } from './model-card';
import { packWeights, type WeightFormat } from './pack-weights';

/** The largest file of weights, in bytes. */
const SHARD = 4_000_000;

/** What model.json holds beside what tfjs wants there. */
interface Metadata extends ModelCard {
  /** The sha256 of each file of weights. */
  sha256: Record<string, string>;
}

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/**
 * Writes a model into a folder of its own, whole or not at all: model.json and files of weights below 4 MB, in the
 * format of tfjs, so that `tf.loadLayersModel` reads it too.
 *
 * @param topology the layers; by default the model's own description of itself
 * @throws DescentError where something of that name exists, or the folder cannot be written
 */
export function saveModel(folder: string, model: tf.Sequential, card: ModelCard, format: WeightFormat,
  topology: unknown = model.toJSON(null, false)): void {
  const target = resolve(folder);
  if (existsSync(target)) throw new DescentError(`${folder} exists: remove it, or name another folder for the model`);
  const { specs, data } = packWeights(model, format);
  const count = Math.ceil(data.length / SHARD);
  const shards = Array.from({ length: count }, (_, i) =>
    ({ path: `weights-${i + 1}-of-${count}.bin`, content: data.subarray(i * SHARD, (i + 1) * SHARD) }));
  const hashes = Object.fromEntries(shards.map(({ path, content }) => [path, sha256(content)]));
  const metadata: Metadata = { ...card, sha256: hashes };
  const description: tf.io.ModelJSON = {
    format: 'layers-model', generatedBy: 'descent-lab', modelTopology: topology as object,
    weightsManifest: [{ paths: shards.map(({ path }) => path), weights: specs }],
    userDefinedMetadata: { descentLab: metadata },
  };
  const unfinished = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    mkdirSync(unfinished, { recursive: true });
    for (const { path, content } of shards) writeFileSync(join(unfinished, path), content);
    writeFileSync(join(unfinished, 'model.json'), `${JSON.stringify(description, null, 1)}\n`);
    renameSync(unfinished, target);
  } catch (error) {
    throw new DescentError(`${folder} cannot be written: ${(error as Error).message}`);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/**
 * Reads a model from a folder that `saveModel` wrote. The model is the caller's to dispose.
 *
 * @throws DescentError for a folder that holds no such model, for weights whose sha256 is not the stated one, and where
 * the stated pictures or classes do not fit the network
 */
export async function openModel(folder: string): Promise<{ model: tf.Sequential; card: ModelCard }> {
  const { modelTopology, weightsManifest, userDefinedMetadata } = readDescription(folder);
  const { sha256: hashes, ...card } = userDefinedMetadata.descentLab;
  const { paths, weights: weightSpecs } = weightsManifest[0]!;
  const shards = paths.map((path) => {
    const content = readPart(folder, path);
    if (sha256(content) !== hashes[path]) {
      throw new DescentError(`${join(folder, path)} is damaged: its sha256 is not the one that model.json states. ` +
        'Get the model anew, or import it again');
    }
    return content;
  });
  const { buffer, byteOffset, byteLength } = Buffer.concat(shards);
  const weightData = buffer.slice(byteOffset, byteOffset + byteLength);
  const artifacts = tf.io.fromMemory({ modelTopology, weightSpecs, weightData });
  const model = await tf.loadLayersModel(artifacts).catch((error: Error) => {
    throw new DescentError(`${folder} holds a model that tfjs cannot load: ${error.message.split('\n')[0]}`);
  }) as tf.Sequential;
  try {
    compare(card, model);
  } catch (error) {
    model.dispose();
    throw new DescentError(`${join(folder, 'model.json')} does not fit its network: ${(error as Error).message}`);
  }
  return { model, card };
}

/** The classes of the model in a folder, without its weights. @throws DescentError for a folder that holds no such model */
export const modelClasses = (folder: string): readonly string[] =>
  readDescription(folder).userDefinedMetadata.descentLab.classes;

/** @throws DescentError where what is stated of a network is not what can be read off it */
function compare({ name, classes, input: { height, width, channels, range } }: ModelCard, model: tf.Sequential): void {
  const { input } = describeModel(model, { name, classes, range });
  const [stated, own] = [[height, width, channels], [input.height, input.width, input.channels]].map((sizes) =>
    `[${sizes.join(', ')}]`);
  if (stated !== own) throw new DescentError(`it states pictures of the shape ${stated}, and the network takes ${own}`);
}

/** What model.json says, once it is known to describe a model of ours. */
function readDescription(folder: string): tf.io.ModelJSON & { userDefinedMetadata: { descentLab: Metadata } } {
  const text = readPart(folder, 'model.json').toString();
  const path = join(folder, 'model.json');
  let description: tf.io.ModelJSON;
  try {
    description = JSON.parse(text) as tf.io.ModelJSON;
  } catch {
    throw new DescentError(`${path} is damaged: it is no JSON. Get the model anew, or import it again`);
  }
  const metadata = description?.userDefinedMetadata?.['descentLab'] as Metadata | undefined;
  if (!metadata?.sha256 || !Array.isArray(metadata.input?.range) || !Array.isArray(metadata.classes) ||
    !description.weightsManifest?.[0]) {
    throw new DescentError(`${path} does not state what this project needs to know: classes, size and range of the ` +
      'pictures, sha256 of the weights. npm run import-keras writes such a file');
  }
  return description as ReturnType<typeof readDescription>;
}

function readPart(folder: string, name: string): Buffer {
  try {
    return readFileSync(join(folder, basename(name)));
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new DescentError(['ENOENT', 'ENOTDIR'].includes(code)
      ? `${folder} holds no model: it has no ${name}. npm run import-keras makes such folders`
      : `${join(folder, name)} cannot be read: ${message}`);
  }
}
