// The network that a command is given by --model, and how many photos it can take at a time.
import { join } from 'node:path';
import { Option } from 'commander';
import { tf, classifiers } from 'descent-lab';
import { checkMemory, readingNote } from 'descent-lab/internal';

/** `--model`, by default the network that the project brings. */
export const modelOption = (): Option =>
  new Option('--model <folder>', 'the network').default(
    join(__dirname, '..', '..', 'models', 'cats-dogs'),
    'models/cats-dogs',
  );

/** Loads it, and tells where its probabilities are no softmax of its own. */
export async function openNetwork(folder: string): Promise<classifiers.Classifier> {
  const classifier = await classifiers.loadClassifier(folder);
  const note = readingNote(classifier);
  if (note) console.error(note);
  return classifier;
}

/**
 * Refuses a batch whose gradient does not fit into memory, before any photo is read. What one photo more takes is measured,
 * on grey pictures.
 *
 * @throws DescentError naming the batch, what it needs and what there is
 */
export async function checkBatch(batch: number, classifier: classifiers.Classifier): Promise<void> {
  const { height, width, channels } = classifier.input;
  const gradient = tf.grad((images) => classifier.logits(images as tf.Tensor4D).sum());
  const peak = async (count: number): Promise<number> =>
    (
      await tf.profile(() => {
        tf.tidy(() => {
          gradient(tf.fill([count, height, width, channels], 0.5));
        });
        return [];
      })
    ).peakBytes;
  await peak(1); // the first time makes what stays
  checkMemory(batch * ((await peak(2)) - (await peak(1))), `a batch of ${batch} photos`, 'take fewer by --batch');
}
