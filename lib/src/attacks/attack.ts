import { descend } from '../descent';
import { DescentError } from '../errors';
import { Random } from '../random';
import { tf } from '../tf';
import type { Classifier } from '../classifiers';
import { logitMargin, type PhotoLoss } from '../losses/margin';
import { Readings, type AdversarialExample } from './readings';
import { carryOn, type Momentum } from './momentum';
import { findAttack, isWithin, settle, type Attack, type AttackName, type Budget } from './table';

/** Which attack to run, towards what, and with which budget. */
export interface AttackOptions extends Partial<Budget> {
  /** The attack's name, or one of your own. Default: the article's. */
  attack?: AttackName | Attack;
  /** The class to end in. Without it, any class but the one that the network answers to the untouched photo. */
  target?: string;
  /**
   * Whether a photo is left alone once the attack has success. Default: all steps are made, but by an attack that seeks
   * the least change.
   */
  stopEarly?: boolean;
  /**
   * One generator for each photo, so that what becomes of a photo does not depend on the photos beside it. Default:
   * seeded by the photo's place in the batch, from 0.
   */
  randoms?: readonly Random[];
  /** What is brought down, for each photo. Default: its class's lead in logits. */
  loss?: PhotoLoss;
  /** Ends the attack when aborted, as SIGINT does: with an `UnfinishedAttackError`. */
  signal?: AbortSignal;
}

/** What an attack at one of several sizes made of the photos. */
export interface AttackAtSize {
  /** The size, in the attack's norm. */
  epsilon: number;
  /** As `attack` returns them for one size. An attack that seeks the least change has success where that is within. */
  examples: AdversarialExample[];
}

/** An attack was stopped on its way. Holds what it has made of each photo so far. */
export class UnfinishedAttackError extends DescentError {
  override name = 'UnfinishedAttackError';
  constructor(
    message: string,
    /** As `attack` returns them, with fewer steps; of several sizes those of the size under way. */
    readonly examples: AdversarialExample[],
  ) {
    super(message);
  }
}

/**
 * Attacks a batch of photos: gradient descent with the pixels as the variables and the network's weights frozen.
 * Each photo has a loss and steps of its own; the batch only saves time. It has success where the
 * network answers another class than to the untouched photo, whether that was right or wrong; with a target, where it
 * answers the target.
 *
 * @param images [B, height, width, channels], pixels from 0 to 1; stays as it is and the caller's to dispose
 * @returns for each photo, every step with the network's answer and the size of the change
 * With `epsilons`, several sizes in the attack's norm, the same for each of them, in their order.
 * @throws DescentError for an unknown attack or class, images of another size or scale, `randoms` that are not one for
 * each photo
 * @throws UnfinishedAttackError when it is stopped, since half an attack would pass for a whole one
 * @example
 * const classifier = await classifiers.loadClassifier('../models/cats-dogs');
 * const photo = await pictures.readPhoto('../data/photos/cat-chelsea.png', classifier.input);
 * const image = pictures.stackPictures([photo], classifier.input);
 * const [example] = await attack(classifier, image, { target: 'dog' });
 * console.log(example.steps.map(({ label }) => label).join(' ')); // => cat dog dog dog dog
 *
 * const mine = { ...attacks.findAttack('fgsm'), name: 'mine', normalise: (gradient) => gradient.sign().mul(0.5) };
 * const sizes = await attack(classifier, image, { attack: mine, epsilons: [0.001, 0.1] });
 * console.log(sizes.map(({ examples: [{ success }] }) => success)); // => [ false, true ]
 */
export async function attack(
  classifier: Classifier,
  images: tf.Tensor4D,
  options?: AttackOptions,
): Promise<AdversarialExample[]>;
export async function attack(
  classifier: Classifier,
  images: tf.Tensor4D,
  options: Omit<AttackOptions, 'epsilon'> & { epsilons: readonly number[] },
): Promise<AttackAtSize[]>;
export async function attack(
  classifier: Classifier,
  images: tf.Tensor4D,
  { epsilons, ...options }: AttackOptions & { epsilons?: readonly number[] } = {},
): Promise<AdversarialExample[] | AttackAtSize[]> {
  const method = findAttack(options.attack ?? 'article');
  if (!epsilons) return attackAtOneSize(classifier, images, method, settle(method, options), options);
  if (options.epsilon !== undefined) throw new DescentError('give epsilon or epsilons, not both');
  const budgets = epsilons.map((epsilon) => settle(method, { ...options, epsilon }));
  if (method.seeks === 'least change') {
    const examples = await attackAtOneSize(classifier, images, method, settle(method, options), options);
    const within = (epsilon: number): AdversarialExample[] =>
      examples.map((example) => ({
        ...example,
        success: example.success && isWithin(method, example.steps.at(-1)!, epsilon),
      }));
    return epsilons.map((epsilon) => ({ epsilon, examples: within(epsilon) }));
  }
  const results: AttackAtSize[] = [];
  for (const [i, budget] of budgets.entries()) {
    const randoms = options.randoms?.map((random) => random.copy()); // the same for each size
    const examples = await attackAtOneSize(classifier, images, method, budget, { ...options, randoms });
    results.push({ epsilon: epsilons[i]!, examples });
  }
  return results;
}

async function attackAtOneSize(
  classifier: Classifier,
  images: tf.Tensor4D,
  method: Attack,
  { epsilon, steps, stepSize }: Budget,
  options: AttackOptions,
): Promise<AdversarialExample[]> {
  const { loss = logitMargin, target, stopEarly = false, signal } = options;
  const stops = stopEarly || method.seeks === 'least change';
  const pixels = readPixels(classifier, images);
  const photos = images.shape[0];
  const { randoms = Array.from({ length: photos }, (_, place) => new Random(place)) } = options;
  if (randoms.length !== photos) {
    throw new DescentError(`\`randoms\` must be one for each of the ${photos} photos, not ${randoms.length}`);
  }
  const readings = new Readings(classifier, pixels, photos, target);
  const left = (photo: number): boolean => Boolean(stops && readings.examples[photo]?.success);

  let lead: readonly number[] = [];
  const momentum: Momentum = {};
  const start =
    method.start &&
    tf.tidy(() => {
      readings.see(classifier.logits(images));
      readings.take(0, pixels, left);
      return images.add(method.start!(images.shape, epsilon, randoms)).clipByValue(0, 1);
    });
  try {
    const { stopped, iterations } = await descend({
      variables: { images: start ?? images },
      iterations: steps,
      signal,
      loss: (variables) => {
        const logits = classifier.logits(variables.images as tf.Tensor as tf.Tensor4D);
        readings.see(logits);
        const losses = loss(logits, readings.references).mul<tf.Tensor1D>(target === undefined ? 1 : -1);
        lead = Array.from(losses.dataSync());
        return losses.sum(); // a sum, not a mean: each photo's gradient is then the one that it has alone
      },
      optimizer: (value, gradient) => {
        const whole = carryOn(momentum, method.momentum, gradient as tf.Tensor4D);
        const direction = method.normalise(whole, { images: value as tf.Tensor4D, lead, randoms });
        return value.sub(direction.mul(stepSize));
      },
      constrain: (value) =>
        (Number.isFinite(epsilon) ? method.project(value.sub(images), epsilon).add(images) : value).clipByValue(0, 1),
      onIteration: ({ iteration, variables }) => {
        if (start && iteration === 0) return true; // the random start is no step: the untouched photo stands there
        readings.take(iteration, variables.images.dataSync<'float32'>(), left);
        return !readings.examples.every((_, photo) => left(photo));
      },
      record: false, // the readings have them
      compile: false, // the loss hands its logits out, and a network's operations are large
    });
    if (stopped === 'aborted' || stopped === 'interrupted') {
      throw new UnfinishedAttackError(
        `the attack was ${stopped} after ${iterations} of ${steps} steps`,
        readings.examples,
      );
    }
  } finally {
    start?.dispose();
    momentum.sum?.dispose();
  }
  return readings.examples;
}

/** The pixels of all photos; throws an error for images that the classifier cannot take. */
function readPixels({ input }: Classifier, images: tf.Tensor4D): Float32Array {
  const [photos, ...size] = images.shape;
  const wanted = [input.height, input.width, input.channels];
  if (!photos || size.join() !== wanted.join()) {
    const shape = images.shape.join(', ');
    throw new DescentError(`images must have the shape [photos, ${wanted.join(', ')}], not [${shape}]`);
  }
  const pixels = images.dataSync<'float32'>();
  if (!pixels.every((value) => value >= 0 && value <= 1)) {
    throw new DescentError('pixels must be numbers from 0 to 1: divide those from 0 to 255 by 255');
  }
  return pixels;
}
