import type { Random } from '../random';
import { tf } from '../tf';

/** What a step may look at besides the gradient. */
export interface StepContext {
  /** The pixels as they are, [B, h, w, c]. */
  images: tf.Tensor4D;
  /** By how many logits each photo's class still leads. */
  lead: readonly number[];
  /** One generator for each photo, for the attacks that draw. */
  randoms?: readonly Random[];
}

/** Turns the gradient [B, h, w, c] into a direction of unit size in the attack's norm. */
export type Normalise = (gradient: tf.Tensor4D, context: StepContext) => tf.Tensor4D;

/** Brings a change [B, h, w, c] back into the ball of radius epsilon. */
export type Project = (change: tf.Tensor4D, epsilon: number) => tf.Tensor;

/** Keeps a division by the length of an all-zero gradient finite; far below any length that occurs. */
const TINY = 1e-30;

/**
 * Added to DeepFool's way, as its authors do: right at the boundary the rest of the way is too short for a pixel's 32
 * bits, and the attack would stand still there.
 */
const LEAST_STEP = 1e-4;

const perPhoto = (values: tf.Tensor): tf.Tensor4D => values.reshape([-1, 1, 1, 1]);
const squaredLength = (change: tf.Tensor4D): tf.Tensor4D => change.square().sum([1, 2, 3], true);

/** L-infinity: every value moves by the full step, whichever way its gradient points. */
export const sign: Normalise = (gradient) => gradient.sign();

/** L2: the gradient's own direction, of length one for each photo. */
export const unitLength = (gradient: tf.Tensor4D): tf.Tensor4D =>
  gradient.div(squaredLength(gradient).sqrt().add(TINY));

/**
 * DeepFool's: as far as it takes to lose the lead, if the network were linear. Only values that can move count: one at
 * 0 or 1 that its gradient would push out of the range would be clipped back, and the boundary never reached.
 */
export const toTheBoundary: Normalise = (gradient, { images, lead }) => {
  const room = tf.where(gradient.greater(0), images, images.neg().add(1));
  const free = gradient.mul<tf.Tensor4D>(room.greater(0));
  const length = squaredLength(free).sqrt().add(TINY);
  return free.div(length).mul(
    perPhoto(tf.tensor1d([...lead]))
      .div(length)
      .add(LEAST_STEP),
  );
};

/** The control: every value moves by the full step, whichever way a tossed coin says. */
export const coinToss: Normalise = (gradient, { randoms }) =>
  drawn(gradient.shape, randoms!, (random) => (random.uniform() < 0.5 ? -1 : 1));

/** L-infinity: no value changes by more than epsilon. */
export const insideBox: Project = (change, epsilon) => change.clipByValue(-epsilon, epsilon);

/** L2: each photo's change is at most epsilon long. */
export const insideBall: Project = (change, epsilon) => {
  const length = squaredLength(change).sqrt();
  return change.mul(tf.scalar(epsilon).div(length.maximum(epsilon)));
};

/** A change drawn uniformly from the ball of radius epsilon: where an attack with a random start begins. */
export type RandomStart = (shape: tf.Tensor4D['shape'], epsilon: number, randoms: readonly Random[]) => tf.Tensor4D;

/** Uniform in the box: each value from -epsilon to epsilon. */
export const anywhereInBox: RandomStart = (shape, epsilon, randoms) =>
  drawn(shape, randoms, (random) => random.uniform(-epsilon, epsilon));

/** Uniform in the ball: a normal vector's direction, and a radius whose n-th power is uniform. */
export const anywhereInBall: RandomStart = (shape, epsilon, randoms) => {
  const values = shape[1] * shape[2] * shape[3];
  const radii = tf.tensor1d(randoms.map((random) => epsilon * random.uniform() ** (1 / values)));
  const direction = drawn(shape, randoms, (random) => random.normal());
  return unitLength(direction).mul(perPhoto(radii));
};

/** Each photo from its own generator, so that its numbers do not depend on the photos beside it. */
function drawn(shape: tf.Tensor4D['shape'], randoms: readonly Random[], draw: (random: Random) => number): tf.Tensor4D {
  const size = shape[1] * shape[2] * shape[3];
  const values = new Float32Array(shape[0] * size);
  randoms.forEach((random, photo) => {
    for (let i = 0; i < size; i++) values[photo * size + i] = draw(random);
  });
  return tf.tensor4d(values, shape);
}
