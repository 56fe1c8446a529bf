import {
  descend,
  DivergenceError,
  tf,
  type UpdateRule,
  classifiers,
  losses,
  optimizers,
  pictures,
  races,
} from 'descent-lab';
import { atRate, measureChange } from 'descent-lab/internal';
import { join } from 'node:path';
import { writeRounded } from './write-rounded';

const COLUMNS = ['optimizer', 'rate', 'photo', 'steps', 'largest', 'length'] as const;
/** From steps of a hundredth of a pixel's bit to the whole range; sgd's gradients are tiny, so its rates are large. */
const RATES = races.decades(1e-4, 100, 2);
const MOST = 20;

/** What it took to change a network's mind about a photo. */
export interface Fooled {
  /** How many steps that took. */
  steps: number;
  /** The largest change of a channel of a pixel, in steps of 1/255. */
  largest: number;
  /** The change's length: the root of the sum of its squares, pixels from 0 to 1. */
  length: number;
}

/** The sign attack's update: every channel of every pixel one step of 1/255 against its gradient's sign. */
export const signStep: UpdateRule = (pixels, gradient) => pixels.sub(gradient.sign().div(255));

/**
 * Descends on a photo's pixels, kept from 0 to 1, until the network answers another class; undefined if it does not
 * come to that in `most` steps. The loss is the class's lead in logits.
 * @param photo [1, height, width, channels], pixels from 0 to 1; stays the caller's
 */
export async function fool(
  classifier: classifiers.Classifier,
  photo: tf.Tensor4D,
  optimizer: tf.Optimizer | UpdateRule,
  most = MOST,
): Promise<Fooled | undefined> {
  const own = tf.tidy(() => classifier.logits(photo).argMax(1).dataSync()[0]!);
  let fooled: Fooled | undefined;
  await descend({
    loss: ({ pixels }) => losses.logitMargin(classifier.logits(pixels), [own]).sum(),
    variables: { pixels: photo },
    optimizer,
    iterations: most,
    constrain: (pixels) => pixels.clipByValue(0, 1),
    record: false,
    onIteration: ({ iteration, loss, variables }) => {
      if (loss >= 0) return true;
      const { linf, l2 } = measureChange(photo.dataSync(), variables.pixels.dataSync());
      fooled = { steps: iteration, largest: linf * 255, length: l2 };
      return false;
    },
  }).catch((error: unknown) => {
    if (!(error instanceof DivergenceError)) throw error;
  });
  return fooled;
}

/** The sample photos that take more than one step of the sign attack: `npm run setup` brings them. */
const PHOTOS = ['dog-resting', 'dog-running'];

/** The sign attack, and a descent with each optimiser at each rate, on sample photos. */
export async function makeAttackTable(
  path: string,
  onRow: (note: string) => void,
  model = join('models', 'cats-dogs'),
  folder = join('data', 'photos'),
): Promise<void> {
  const classifier = await classifiers.loadClassifier(model);
  const rows: Record<(typeof COLUMNS)[number], string | number | undefined>[] = [];
  const photos = await readPhotos(folder, classifier);
  const attempt = async (
    optimizer: string,
    rate: number | undefined,
    make: () => tf.Optimizer | UpdateRule,
  ): Promise<void> => {
    for (const { name, pixels } of photos) {
      const { steps, largest, length } = (await fool(classifier, pixels, make())) ?? {};
      rows.push({ optimizer, rate, photo: name, steps, largest, length });
    }
  };
  await attempt('sign attack', undefined, () => signStep);
  for (const optimizer of optimizers.optimizerNames) {
    onRow(optimizer);
    for (const learningRate of RATES) {
      const { hyper } = atRate(optimizer, learningRate);
      await attempt(optimizer, learningRate, () => optimizers.createOptimizer(optimizer, hyper));
    }
  }
  photos.forEach(({ pixels }) => pixels.dispose());
  classifier.dispose();
  writeRounded(path, COLUMNS, rows);
}

async function readPhotos(
  folder: string,
  classifier: classifiers.Classifier,
): Promise<{ name: string; pixels: tf.Tensor4D }[]> {
  const { height, width, channels } = classifier.input;
  return Promise.all(
    PHOTOS.map(async (name) => {
      const values = await pictures.readPhoto(join(folder, `${name}.jpg`), classifier.input);
      return { name, pixels: tf.tensor4d(values, [1, height, width, channels]) };
    }),
  );
}
