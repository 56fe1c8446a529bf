import { basename } from 'node:path';
import { DescentError } from '../../errors';
import type { tf } from '../../tf';
import { buildCatsDogs } from '../cats-dogs';
import { triedClassifier } from '../classifier';
import { describeModel, type ModelCard, type ModelStatement } from '../model-card';
import { packModel, refuseExisting, unpackModel, writeModel } from '../model-folder';
import type { NamedWeight, WeightFormat } from '../pack-weights';
import { planNetwork } from '../plan';
import { readingNote } from '../reading';
import { matchWeights } from './match-weights';
import { withKerasFile } from './read-keras-file';
import { kerasTopology, type ImportedTopology } from './topology';

/** The networks whose weights can come alone, by name. */
const architectures: Record<string, { build: () => tf.Sequential; classes: readonly string[] }> = {
  'cats-dogs': { build: () => buildCatsDogs(), classes: ['cat', 'dog'] },
};
/** Their names. */
export const architectureNames: readonly string[] = Object.keys(architectures);

/** What the Keras file does not say itself, and how to store its weights. */
export interface KerasImportOptions extends Partial<ModelStatement> {
  /** One of `architectureNames`: needed for a file that holds weights alone. */
  architecture?: string;
  /** How to store the weights. Default: float32. */
  format?: WeightFormat;
  /** Is told what was taken for granted, and how the answers are read where that is no softmax. */
  onNote?: (note: string) => void;
}

/**
 * Imports an .h5 file of Keras 2 into a new model folder, without Python. Both are left as they were if anything fails.
 *
 * @param path a whole Sequential model (`model.save`), or weights alone (`model.save_weights`) of a known architecture
 * @returns the model's card: its name, classes, size and range of the pixels; stated in the options or, with the
 *   defaults: the file's name, class-0 and so on, and pixels from 0 to 1, or from 0 to 255 where the model scales them
 *   down by itself
 * @throws DescentError where the file cannot be read, or something in it does not fit: it names both sides
 */
export async function importKeras(path: string, folder: string, options: KerasImportOptions = {}): Promise<ModelCard> {
  const { architecture, format = 'float32', onNote = () => undefined } = options;
  const known = architecture === undefined ? undefined : architectures[architecture];
  if (architecture !== undefined && !known) {
    throw new DescentError(`the architecture '${architecture}' is not known; known are: ${architectureNames.join()}`);
  }
  refuseExisting(folder);
  return withKerasFile(path, async ({ config, layers }) => {
    if (!known && config === undefined) {
      throw new DescentError(
        `${path} holds weights alone: name the network that they belong to by --architecture ` +
          `(${architectureNames.join(', ')}), or save the whole model in Keras by model.save`,
      );
    }
    const { topology, plan, scale } = known ? knownTopology(known.build(), architecture!) : kerasTopology(config, path);
    const matched = matchWeights(plan.layers, layers, { model: architecture ?? 'the description', file: path });
    plan.checkMemory();
    const weights: NamedWeight[] = [];
    for (const { name, shape, read } of matched) weights.push({ name, shape, values: await read() });
    const packed = packModel(topology, weights, format);
    const model = await unpackModel(packed, path);
    try {
      const card = cardOf(
        model,
        path,
        {
          range: scale < SCALES_DOWN ? [0, 255] : [0, 1],
          name: architecture ?? basename(path).replace(/\.\w+$/, ''),
          ...(known && { classes: known.classes }),
        },
        options,
      );
      const classifier = triedClassifier(model, card, path);
      classifier.dispose();
      writeModel(folder, packed, card);
      if (!options.range && scale < SCALES_DOWN) {
        onNote(
          `${card.name} scales its pixels by itself, times ${scale.toPrecision(3)}: they are taken to be from 0 ` +
            'to 255 (--range states them otherwise)',
        );
      }
      const note = readingNote(classifier);
      if (note) onNote(note);
      return card;
    } finally {
      model.dispose();
    }
  });
}

/** A model that multiplies its pixels by less than this wants them from 0 to 255. */
const SCALES_DOWN = 0.1;

/** The card of what is in a file: what is stated, else what is usual. */
function cardOf(
  model: tf.Sequential,
  path: string,
  usual: Omit<ModelStatement, 'classes'> & Partial<ModelStatement>,
  stated: Partial<ModelStatement>,
): ModelCard {
  const unnamed = Array.from({ length: Math.max(model.outputs[0]!.shape.at(-1)!, 2) }, (_, i) => `class-${i}`);
  const { name = usual.name, classes = usual.classes ?? unnamed, range = usual.range } = stated;
  try {
    return describeModel(model, { name, classes, range });
  } catch (error) {
    throw new DescentError(`${path} does not fit: ${(error as Error).message}`);
  }
}

function knownTopology(model: tf.Sequential, name: string): ImportedTopology {
  const topology = model.toJSON(null, false) as object;
  model.dispose();
  return { topology, plan: planNetwork(topology, name), scale: 1 };
}
