import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { readBytes } from '../../data/files';
import { DescentError } from '../../errors';
import { tf } from '../../tf';
import { buildCatsDogs } from '../cats-dogs';
import { classifierOf, tried, type Classifier } from '../classifier';
import { flatten, type FlatNetwork } from '../flatten';
import { describeGraph, openGraph } from '../graph-classifier';
import { describeModel, type ModelCard, type ModelStatement } from '../model-card';
import { isFinite, packModel, refuseExisting, unpackModel, writeModel, type PackedModel } from '../model-folder';
import type { NamedWeight, WeightFormat } from '../pack-weights';
import { reason, tensorName } from '../plan';
import { readingNote } from '../reading';
import { pixelConvention, type Adapted } from './conventions';
import { forPictures, importedNetwork } from './imported-network';
import { matchWeights } from './match-weights';
import { parseJson } from './model-json';
import { withModel } from './with-model';

/** The networks whose weights can come alone, by name. */
const architectures: Record<string, { build: () => tf.Sequential; classes: readonly string[] }> = {
  'cats-dogs': { build: () => buildCatsDogs(), classes: ['cat', 'dog'] },
};
/** Their names. */
export const architectureNames: readonly string[] = Object.keys(architectures);

/** What the file does not say itself, and how to store its weights. */
export interface ModelImportOptions extends Partial<ModelStatement> {
  /**
   * For a file that holds weights alone: one of `architectureNames`, or a file with the description of the model that
   * they belong to, as Keras' `model.to_json()` gives it.
   */
  architecture?: string;
  /** The height and width of the pictures in pixels: needed for a network that takes any size. */
  size?: readonly [height: number, width: number];
  /** How to store the weights. Default: float32. */
  format?: WeightFormat;
  /** Is told what was taken for granted, and how the answers are read where that is no softmax. */
  onNote?: (note: string) => void;
}

/**
 * Imports a model into a new model folder, without Python: an .h5 or .keras file of Keras 2 or 3, a folder of
 * TensorFlow.js, or a zip file of one of these, such as Teachable Machine gives. Sequential and Functional models are
 * taken, with models inside them. The model is tried: one prediction and one gradient. File and folder are left as they
 * were if anything fails.
 *
 * @param path the file or folder: a whole model, or weights alone of a known architecture
 * @returns the model's card: its name, classes, size and range of the pixels; stated in the options or, with the
 *   defaults: the file's name; the classes named beside it, or class-0 and so on; and the range that its kind is known
 *   to want, else pixels from 0 to 1
 * @throws DescentError where the file cannot be read, or something in it cannot be taken: it names that and a remedy
 */
export async function importModel(path: string, folder: string, options: ModelImportOptions = {}): Promise<ModelCard> {
  const { architecture, size, format = 'float32', onNote = () => undefined } = options;
  const stated = options.range && { range: options.range, front: [], note: undefined };
  refuseExisting(folder);
  const known = architecture === undefined ? undefined : knownArchitecture(architecture);
  return withModel(path, {
    layers: async (file) => {
      if (!known && file.config === undefined) {
        throw new DescentError(
          `${path} holds weights alone: name the network that they belong to by --architecture ` +
            `(${architectureNames.join(', ')}, or a file that model.to_json() gave), or save the whole model in Keras by ` +
            'model.save',
        );
      }
      const flat = known?.network ?? flatten(file.config, path);
      const nodes = forPictures(flat.nodes, path, size);
      const bare = importedNetwork(flat, nodes, [], path);
      const sides = { model: architecture ?? 'the description', file: path };
      const matched = matchWeights(flat.layers, bare.plan.layers, file.weights, sides);
      bare.plan.checkMemory();
      const weights: NamedWeight[] = [];
      for (const { name, shape, read } of matched) weights.push({ name, shape, values: await read() });
      const { range, front, note } = stated ?? pixelConvention(nodes, file, adaptedIn(weights));
      const { topology } = front.length > 0 ? importedNetwork(flat, nodes, front, path) : bare;
      const packed = packModel(
        topology,
        weights.map((weight) => ({ ...weight, name: tensorName(weight.name) })),
        format,
      );
      const model = await unpackModel(packed, path);
      try {
        const beside = file.classes && !known?.classes && !options.classes;
        const usual = { name: known?.name ?? nameOf(path), classes: known?.classes ?? file.classes, range };
        const card = fitting(path, beside, () =>
          describeModel(model, statement(model.outputs[0]!.shape.at(-1)!, usual, options)),
        );
        const classifier = tried(() => classifierOf(model, card), path);
        return keep({ classifier, packed, card, note });
      } finally {
        model.dispose();
      }
    },
    graph: async ({ classes, maker, ...graph }, source) => {
      const packed: PackedModel = { ...graph, format: 'graph-model' };
      const { range, note } = stated ?? pixelConvention([], { maker });
      const usual = { name: nameOf(path), classes, range };
      const beside = classes && !options.classes;
      const opened = await openGraph(packed, source, (network) =>
        fitting(path, beside, () => describeGraph(network, source, statement(network.outputs, usual, options), size)),
      );
      return keep({ ...opened, packed, note });
    },
  });

  /** Writes what was imported, once a gradient was tried; what cannot be attacked is told. */
  function keep({ classifier, packed, card, note }: Imported): ModelCard {
    try {
      const problem = gradientProblem(classifier);
      if (problem && packed.format !== 'graph-model') {
        throw new DescentError(`${path} holds a model that cannot be attacked: ${problem}`);
      }
      writeModel(folder, packed, card);
      if (!options.range && !known?.classes) onNote(`${card.name} ${note ?? UNKNOWN_RANGE}`);
      for (const told of [readingNote(classifier), problem]) if (told) onNote(told);
      return card;
    } finally {
      classifier.dispose();
    }
  }
}

/** `importModel` by the name that it had while it took Keras' .h5 files alone. */
export const importKeras = importModel;

/** A model that can be asked, and as it is to be written. */
interface Imported {
  classifier: Classifier;
  packed: PackedModel;
  card: ModelCard;
  /** What was taken for granted of its pixels; a sentence whose subject is the network. */
  note?: string;
}

const nameOf = (path: string): string => basename(path).replace(/\.\w+$/, '');

const UNKNOWN_RANGE = 'has its pixels taken to be from 0 to 1 (the option range states them otherwise)';

/** The network that weights alone belong to: one of ours, or one that a file describes. */
function knownArchitecture(architecture: string): { network: FlatNetwork; name?: string; classes?: readonly string[] } {
  const own = Object.hasOwn(architectures, architecture) ? architectures[architecture] : undefined;
  if (!own) {
    if (existsSync(architecture)) {
      return { network: flatten(parseJson(readBytes(architecture).toString(), architecture), architecture) };
    }
    throw new DescentError(
      `the architecture '${architecture}' is not known, and there is no such file; known are: ${architectureNames.join()}`,
    );
  }
  const model = own.build();
  const network = flatten(model.toJSON(null, false), architecture);
  model.dispose();
  return { network, name: architecture, classes: own.classes };
}

/** What Normalization layers have learned of their data, by the layer's name. */
const adaptedIn =
  (weights: readonly NamedWeight[]) =>
  (layer: string): Adapted | undefined => {
    const [mean, variance] = ['mean', 'variance'].map((part) =>
      weights.find(({ name }) => name === `${layer}/${part}`),
    );
    return mean && variance && { mean: [...mean.values], variance: [...variance.values] };
  };

/** What is stated, else what is usual; classes that nobody names are numbered. */
function statement(
  outputs: number,
  usual: Pick<ModelStatement, 'name' | 'range'> & { classes?: readonly string[] },
  stated: Partial<ModelStatement>,
): ModelStatement {
  const unnamed = Array.from({ length: Math.max(outputs, 2) }, (_, i) => `class-${i}`);
  const { name = usual.name, classes = usual.classes ?? unnamed, range = usual.range } = stated;
  return { name, classes, range };
}

/** @param beside whether the names of the classes lay beside the model */
function fitting(path: string, beside: unknown, describe: () => ModelCard): ModelCard {
  try {
    return describe();
  } catch (error) {
    const whose = beside
      ? '. The names lie beside it (labels.txt, metadata.json); the option classes states others'
      : '';
    throw new DescentError(`${path} does not fit: ${(error as Error).message}${whose}`);
  }
}

/** Why an attack would find no gradient on a grey picture; undefined where it finds one. */
function gradientProblem(classifier: Classifier): string | undefined {
  try {
    const finite = tf.tidy(() => {
      const { height, width, channels } = classifier.input;
      const grey = tf.fill<tf.Rank.R4>([1, height, width, channels], 0.5);
      return isFinite(tf.grad((images) => classifier.logits(images as tf.Tensor4D).sum())(grey));
    });
    return finite ? undefined : 'its gradient on a grey picture is not finite';
  } catch (error) {
    return reason(error);
  }
}
