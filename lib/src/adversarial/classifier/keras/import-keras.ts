import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { DescentError } from '../../../errors';
import { tf } from '../../../tf';
import { buildCatsDogs } from '../cats-dogs';
import { describeModel, type ModelCard, type ModelStatement } from '../model-card';
import { saveModel } from '../model-folder';
import type { WeightFormat } from '../pack-weights';
import { fitWeights } from './fit-weights';
import { withKerasFile } from './read-keras-file';
import { buildWithZeros, kerasTopology } from './topology';

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
}

/**
 * Imports an .h5 file of Keras 2 into a new model folder, without Python. Both are left as they were if anything fails.
 *
 * @param path a whole Sequential model (`model.save`), or weights alone (`model.save_weights`) of a known architecture
 * @returns the model's card: its name, classes, size and range of the pixels; stated in the options or, with the
 *   defaults: the file's name, class-0 and so on, pixels from 0 to 1
 * @throws DescentError where the file cannot be read, or something in it does not fit: it names both sides
 */
export async function importKeras(path: string, folder: string, options: KerasImportOptions = {}): Promise<ModelCard> {
  const { architecture, format = 'float32' } = options;
  const known = architecture === undefined ? undefined : architectures[architecture];
  if (architecture !== undefined && !known) {
    throw new DescentError(`the architecture '${architecture}' is not known; known are: ${architectureNames.join()}`);
  }
  if (existsSync(folder)) throw new DescentError(`${folder} exists: remove it, or name another folder for the model`);
  return withKerasFile(path, async ({ config, layers }) => {
    if (!known && config === undefined) {
      throw new DescentError(`${path} holds weights alone: name the network that they belong to by --architecture ` +
        `(${architectureNames.join(', ')}), or save the whole model in Keras by model.save`);
    }
    const topology = known ? undefined : kerasTopology(config, path);
    const model = known ? known.build() : await buildWithZeros(topology!, path);
    try {
      const outputs = model.outputs[0]!.shape.at(-1)!;
      const unnamed = Array.from({ length: Math.max(outputs, 2) }, (_, i) => `class-${i}`);
      const card = describeModel(model, {
        name: options.name ?? architecture ?? basename(path).replace(/\.\w+$/, ''),
        classes: options.classes ?? known?.classes ?? unnamed,
        range: options.range ?? [0, 1],
      });
      fitWeights(model, layers, { model: architecture ?? 'the description', file: path });
      saveModel(folder, model, card, format, topology);
      return card;
    } finally {
      model.dispose();
    }
  });
}
