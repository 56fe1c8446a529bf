import { DescentError } from '../errors';
import { Random } from '../random';
import { answersTo } from '../classifiers/answers';
import { attack } from '../attacks/attack';
import { stackPictures } from '../pictures/picture';
import { type Attack, type AttackAtSize, type AdversarialExample } from '../attacks';
import { isWithin } from '../attacks/table';
import type { Classifier } from '../classifiers';
import { decodePicture, encodePicture, type LabelledPhoto, type Pixels } from '../pictures';
import { byAttack, type AttackSpec } from './attack-spec';
import { UNTOUCHED, type Trial } from './trial';

/** What all batches of an evaluation share. */
export interface Trials {
  /** The network that is attacked. */
  classifier: Classifier;
  /** The network that the adversarial examples are tried on too, and how its pictures are made of the first one's. */
  second?: { classifier: Classifier; convert: (pixels: Pixels) => Float32Array };
  /** Reads a photo as pixels row by row, [height, width, channels], 0 to 1. */
  read: (path: string) => Promise<Float32Array>;
  /** The attacks, each tried on every photo. */
  attacks: readonly AttackSpec[];
  /**
   * Sizes as a change of each value, at most 1, none twice; an L2 attack gets the ball that reaches as far as such a
   * change of all values.
   */
  epsilons: readonly number[];
  /** From it, each photo gets a generator of its own: an integer from 0 to `Random.LARGEST_SEED`. */
  seed: number;
  /** Told of each file that cannot be read. */
  onUnreadable?: (message: string) => void;
  /** Ends the attack under way when aborted, with its error. */
  signal?: AbortSignal;
}

/** Attacks the photos of a batch that are classified right, with every attack at every size. */
export async function evaluateBatch(batch: readonly LabelledPhoto[], trials: Trials): Promise<Trial[]> {
  const nothing = { epsilon: 0, success: null, linf: null, l2: null, psnr: null, transfer: null };
  const done: Trial[] = [];
  const read: { photo: LabelledPhoto; pixels: Float32Array }[] = [];
  const contents = await Promise.all(batch.map((photo) => readOrReport(photo, trials)));
  contents.forEach((pixels, i) => {
    if (pixels) read.push({ photo: batch[i]!, pixels });
  });
  const answers =
    read.length === 0
      ? []
      : answersTo(
          trials.classifier,
          read.map(({ pixels }) => pixels),
        );
  const labels = new Map(read.map(({ photo }, i) => [photo.index, answers[i]!.label]));
  const row = ({ index, photo, truth }: LabelledPhoto) => ({ index, photo, truth, label: labels.get(index) ?? null });
  for (const photo of batch) done.push({ ...row(photo), attack: UNTOUCHED, ...nothing });

  const right = read.filter(({ photo }) => labels.get(photo.index) === photo.truth);
  if (right.length === 0) return done;
  const pixels = right.map((item) => item.pixels);
  const secondRight = secondAnswers(trials, pixels)?.map((label, i) => label === right[i]!.photo.truth);
  const indices = right.map(({ photo }) => photo.index);
  for (const [method, specs] of byAttack(trials.attacks)) {
    const sizes = await attackAll(method, pixels, indices, trials);
    for (const [size, { epsilon, examples }] of sizes.entries()) {
      for (const spec of specs) {
        const pictures = await Promise.all(examples.map((example) => saved(example, spec, trials.classifier)));
        const labelsAfter =
          spec.jpeg === undefined
            ? examples.map(({ steps }) => steps.at(-1)!.label)
            : answersTo(trials.classifier, pictures).map(({ label }) => label);
        const second = secondAnswers(trials, pictures);
        right.forEach(({ photo }, i) => {
          const { linf, l2, psnr } = examples[i]!.steps.at(-1)!;
          // An attack that seeks the least change has success where that is within the size.
          const reached = method.seeks === 'ball' || isWithin(method, { linf, l2, psnr }, epsilon);
          const success = labelsAfter[i] !== photo.truth && reached;
          const transfer = success && second && secondRight?.[i] ? second[i] !== photo.truth : null;
          done.push({
            ...row(photo),
            attack: spec.text,
            epsilon: trials.epsilons[size]!,
            success,
            linf,
            l2,
            psnr: Number.isFinite(psnr) ? psnr : null,
            transfer,
          });
        });
      }
    }
  }
  return done;
}

async function readOrReport(
  { path }: LabelledPhoto,
  { read, onUnreadable }: Trials,
): Promise<Float32Array | undefined> {
  try {
    return await read(path);
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    onUnreadable?.(error.message);
    return undefined;
  }
}

/**
 * One attack at every size, in its own norm. A photo's random numbers depend on the seed and its place alone: not on
 * batch, shard or size.
 */
async function attackAll(
  method: Attack,
  pixels: readonly Float32Array[],
  indices: readonly number[],
  { classifier, epsilons, seed, signal }: Trials,
): Promise<AttackAtSize[]> {
  const scale = method.norm === 'l2' ? Math.sqrt(pixels[0]!.length) : 1;
  const images = stackPictures(pixels, classifier.input);
  try {
    return await attack(classifier, images, {
      attack: method,
      epsilons: epsilons.map((epsilon) => epsilon * scale),
      signal,
      // Knuth's multiplicative hash spreads the seeds, so that no two runs with neighbouring ones share generators.
      randoms: indices.map((index) => new Random(Math.imul(seed, 0x9e3779b1) + index)),
    });
  } finally {
    images.dispose();
  }
}

async function saved(
  { pictures }: AdversarialExample,
  { jpeg }: AttackSpec,
  { input }: Classifier,
): Promise<Float32Array> {
  const last = pictures.at(-1)!;
  return jpeg === undefined ? last : decodePicture(await encodePicture(last, input, { jpeg }), input);
}

const secondAnswers = ({ second }: Trials, pictures: readonly Pixels[]): string[] | undefined =>
  second && answersTo(second.classifier, pictures.map(second.convert)).map(({ label }) => label);
