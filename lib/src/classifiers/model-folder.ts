import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { isFolder, makeWhole, readBytes, statusOf } from '../data/files';
import { sha256 } from '../data/seal';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { tellForeign } from './foreign-file';
import { isCount, isObject, type LayerDescription } from './layers';
import { describeModel, type ModelCard, type ModelStatement } from './model-card';
import { packWeights, weightsOf, type NamedWeight, type WeightFormat } from './pack-weights';
import { planNetwork, product, reason } from './plan';

/** The largest file of weights, in bytes. */
const SHARD = 4_000_000;
/** The bytes of a number, as it is stored. */
const BYTES: Record<string, number> = { float32: 4, float16: 2, uint16: 2, uint8: 1 };

/** What model.json holds beside what tfjs wants there. */
interface Metadata extends ModelCard {
  /** The sha256 of each file of weights. */
  sha256: Record<string, string>;
}

/** A model.json that was checked. */
interface Description extends Omit<PackedModel, 'data'> {
  paths: string[];
  metadata: Metadata;
}

/** A model as a folder holds it: the layers, or the operations of a graph; the weights one after the other. */
export interface PackedModel {
  /** A LayersModel of tfjs has layers, a GraphModel operations. Default: layers. */
  format?: 'layers-model' | 'graph-model';
  topology: object;
  /** The names of a graph's inputs and outputs. */
  signature?: tf.io.ModelArtifacts['signature'];
  specs: tf.io.WeightsManifestEntry[];
  data: Uint8Array;
}

/** @throws DescentError where something of that name exists */
export function refuseExisting(folder: string): void {
  if (existsSync(folder)) throw new DescentError(`${folder} exists: remove it, or name another folder for the model`);
}

/**
 * Writes a model into a folder of its own, whole or not at all: model.json and files of weights below 4 MB, in the
 * format of tfjs, so that `tf.loadLayersModel` reads it too.
 *
 * @throws DescentError where something of that name exists, or the folder cannot be written
 */
export function saveModel(folder: string, model: tf.LayersModel, card: ModelCard, format: WeightFormat): void {
  refuseExisting(folder);
  writeModel(folder, packModel(model.toJSON(null, false) as object, weightsOf(model), format), card);
}

/** @throws DescentError for a number that is too large for the format */
export function packModel(topology: object, weights: readonly NamedWeight[], format: WeightFormat): PackedModel {
  return { topology, ...packWeights(weights, format) };
}

/** Writes what was packed, as `saveModel` says. */
export function writeModel(folder: string, model: PackedModel, card: ModelCard): void {
  const { format = 'layers-model', topology, signature, specs, data } = model;
  const count = Math.ceil(data.length / SHARD);
  const shards = Array.from({ length: count }, (_, i) => ({
    path: `weights-${i + 1}-of-${count}.bin`,
    content: data.subarray(i * SHARD, (i + 1) * SHARD),
  }));
  const hashes = Object.fromEntries(shards.map(({ path, content }) => [path, sha256(content)]));
  const metadata: Metadata = { ...card, sha256: hashes };
  const description: tf.io.ModelJSON = {
    format,
    generatedBy: 'descent-lab',
    modelTopology: topology,
    ...(signature && { signature }),
    weightsManifest: [{ paths: shards.map(({ path }) => path), weights: specs }],
    userDefinedMetadata: { descentLab: metadata },
  };
  try {
    makeWhole(resolve(folder), (unfinished) => {
      mkdirSync(unfinished);
      for (const { path, content } of shards) writeFileSync(join(unfinished, path), content);
      writeFileSync(join(unfinished, 'model.json'), `${JSON.stringify(description, null, 1)}\n`);
    });
  } catch (error) {
    refuseExisting(folder); // by now: another one was faster, and what it made is whole
    throw error;
  }
}

/**
 * Reads a model from a folder that `saveModel` wrote. The model is the caller's to dispose.
 *
 * @throws DescentError for a folder that holds no such model, for weights whose sha256 is not the stated one, for a
 * description that cannot be so, and where the stated pictures or classes do not fit the network
 */
export async function openModel(folder: string): Promise<{ model: tf.LayersModel; card: ModelCard }> {
  const held = readModel(folder);
  if (held.packed.format === 'graph-model') {
    throw new DescentError(
      `${held.path} is a GraphModel, which has operations and no layers: load it by loadClassifier`,
    );
  }
  return { model: await modelOf(held), card: held.card };
}

/** The model of layers in a folder. @throws DescentError as `openModel` does */
export async function modelOf({ packed, card, path }: HeldModel): Promise<tf.LayersModel> {
  const model = await unpackModel(packed, path);
  try {
    compare(card, describeModel(model, statementOf(card)));
  } catch (error) {
    model.dispose();
    throw new DescentError(`${path} does not fit its network: ${(error as Error).message}`);
  }
  return model;
}

/** What a folder holds: the model with weights as they were written, and its card; `path` is model.json. */
export interface HeldModel {
  packed: PackedModel;
  card: ModelCard;
  path: string;
}

/**
 * What a model folder holds, with weights as they were written.
 *
 * @throws DescentError for a folder that holds no model, and for weights whose sha256 is not the stated one
 */
export function readModel(folder: string): HeldModel {
  const path = join(folder, 'model.json');
  const {
    paths,
    metadata: { sha256: hashes, ...card },
    ...packed
  } = readDescription(folder, path);
  const data = Buffer.concat(
    paths.map((name) => {
      const content = readBytes(join(folder, name));
      if (sha256(content) === hashes[name]) return content;
      throw new DescentError(
        `${join(folder, name)} is damaged: its sha256 is not the one that ${path} ` +
          'states. Get the model anew, or import it again',
      );
    }),
  );
  return { packed: { ...packed, data }, card, path };
}

/** The classes of the model in a folder, without its weights. @throws DescentError for a folder that holds no such model */
export const modelClasses = (folder: string): readonly string[] => readDescription(folder).metadata.classes;

/**
 * Makes the model that was packed.
 *
 * @param source where it comes from, for errors
 * @throws DescentError where its parts do not fit each other, or a weight is not finite
 */
export async function unpackModel({ topology, specs, data }: PackedModel, source: string): Promise<tf.LayersModel> {
  const plan = planNetwork(topology, source);
  plan.checkMemory();
  const told = specs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`);
  const wanted = plan.layers.flatMap(({ name: layer, weights }) =>
    weights.map(({ name, shape }) => `${layer}/${name} [${shape.join(', ')}]`),
  );
  const odd =
    wanted.find((weight) => !told.includes(weight)) ??
    told.find((weight, i) => !wanted.includes(weight) || told.indexOf(weight) < i);
  if (odd) throw new DescentError(`${source} has layers and weights that do not fit: ${odd} is on one side alone`);
  const bytes = specs.reduce(
    (sum, { shape, quantization }) => sum + product(shape) * BYTES[quantization?.dtype ?? 'float32']!,
    0,
  );
  if (bytes !== data.length) {
    throw new DescentError(`${source} states weights of ${bytes} bytes, and its files hold ${data.length}`);
  }
  const weightData = new Uint8Array(data).buffer;
  const artifacts = tf.io.fromMemory({ modelTopology: withOneInput(topology), weightSpecs: specs, weightData });
  const model = await tf.loadLayersModel(artifacts).catch((error: unknown) => {
    // tfjs' errors are about the model
    throw new DescentError(`${source} describes a model that tfjs cannot load: ${reason(error)}`, { cause: error });
  });
  for (const weight of model.weights) {
    if (isFinite(weight.read())) continue;
    model.dispose();
    throw new DescentError(
      `${source} has numbers in ${weight.originalName} that are not finite: the training went ` +
        'wrong, or the file is damaged',
    );
  }
  return model;
}

/** Whether all numbers of a tensor are finite. */
export const isFinite = (tensor: tf.Tensor): boolean => tf.tidy(() => tensor.isFinite().all().dataSync()[0] === 1);

/** The layers without the input's shape but for the first: where an inner one states it, too, tfjs warns of it. */
function withOneInput(topology: object): object {
  const { config, ...model } = topology as { config: { layers?: LayerDescription[] } | LayerDescription[] };
  const [first, ...others] = Array.isArray(config) ? config : config.layers!;
  const layers = [
    first,
    ...others.map((layer) => ({
      ...layer,
      config: Object.fromEntries(Object.entries(layer.config).filter(([key]) => key !== 'batch_input_shape')),
    })),
  ];
  return { ...model, config: Array.isArray(config) ? layers : { ...config, layers } };
}

/** What cannot be read off a network. */
export const statementOf = ({ name, classes, input: { range } }: ModelCard): ModelStatement => ({
  name,
  classes,
  range,
});

/** @throws DescentError where the pictures that are stated of a network are not those that it takes */
export function compare(stated: ModelCard, own: ModelCard): void {
  const [told, taken] = [stated, own].map(({ input }) => `[${input.height}, ${input.width}, ${input.channels}]`);
  if (told !== taken) throw new DescentError(`it states pictures of the shape ${told}, and the network takes ${taken}`);
}

/** What model.json says, once everything in it is of the kind that it has to be. */
function readDescription(folder: string, path = join(folder, 'model.json')): Description {
  if (!isFolder(folder) || !statusOf(path)) {
    throw new DescentError(
      (existsSync(folder) ? tellForeign(folder) : undefined) ??
        `${folder} holds no model: it has no model.json. npm run import-model makes such folders`,
    );
  }
  let json: unknown;
  const bytes = readBytes(path);
  try {
    json = JSON.parse(bytes.toString());
  } catch {
    throw new DescentError(`${path} is damaged: it is no JSON. Get the model anew, or import it again`);
  }
  const need: (holds: boolean, what: string) => asserts holds = (holds, what) => {
    if (!holds) throw new DescentError(`${path} is damaged: ${what}. Get the model anew, or import it again`);
  };
  need(isObject(json), 'it is no description of a model');
  const { modelTopology, weightsManifest, userDefinedMetadata } = json;
  const metadata = isObject(userDefinedMetadata) ? userDefinedMetadata['descentLab'] : undefined;
  const foreign = metadata === undefined && json['generatedBy'] !== 'descent-lab' ? tellForeign(path) : undefined;
  if (foreign) throw new DescentError(foreign);
  need(isObject(metadata), 'the classes, and the size and range of the pictures, are not there');
  const [group, ...more] = Array.isArray(weightsManifest) ? (weightsManifest as unknown[]) : [];
  need(isObject(modelTopology), 'the layers are not there');
  need(isObject(group) && more.length === 0, 'the list of the weights is not there');
  const { paths, weights: specs } = group;
  const { name, classes, input, sha256: hashes } = metadata;
  need(isTexts(paths) && paths.every((each) => each === basename(each)), 'the names of the files of weights are none');
  need(
    isObject(hashes) && paths.every((each) => typeof hashes[each] === 'string'),
    'the sha256 of a file of weights is not there',
  );
  const kinds = json['format'] === 'graph-model' ? ['float32', 'int32', 'bool'] : ['float32'];
  need(
    Array.isArray(specs) && specs.every((spec): spec is tf.io.WeightsManifestEntry => isSpec(spec, kinds)),
    'a weight in it has no name, shape or kind of number',
  );
  need(typeof name === 'string' && isTexts(classes), 'the name, or the classes, are no texts');
  need(isObject(input), 'the size of the pictures is not there');
  const { height, width, channels, range } = input;
  need([height, width, channels].every(isCount), 'the size of the pictures is none');
  need(
    Array.isArray(range) && range.length === 2 && range.every(Number.isFinite),
    'the range of the pixels is not two numbers',
  );
  const { format, signature } = json as Pick<PackedModel, 'format' | 'signature'>;
  return { format, topology: modelTopology, signature, paths, specs, metadata: metadata as unknown as Metadata };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string' && each !== '');

function isSpec(value: unknown, kinds: readonly string[]): boolean {
  if (!isObject(value) || typeof value['name'] !== 'string' || !kinds.includes(value['dtype'] as string)) return false;
  if (!Array.isArray(value['shape']) || !value['shape'].every((size) => size === 0 || isCount(size))) return false;
  const { quantization = { dtype: 'float32' } } = value;
  if (!isObject(quantization) || !Object.hasOwn(BYTES, String(quantization['dtype']))) return false;
  const { dtype, min, scale } = quantization;
  return !String(dtype).startsWith('uint') || [min, scale].every(Number.isFinite);
}
