import type { tf } from '../../tf';
import { average, memory, type Transform } from '../transform';

type V = tf.Variable;

/** The moving means of Adam and its kin; those left out are as in Keras' Adam. */
export interface MomentsOptions {
  /** How much of the mean of the gradients is kept at each step, from 0 to below 1. Default: 0.9. */
  beta1?: number;
  /** How much of the mean of their squares is kept. Default: 0.999. */
  beta2?: number;
  /** Added to the root that divides. Default: 1e-7. */
  epsilon?: number;
}

/**
 * Adam's ratio m / (sqrt(v) + epsilon) of the moving means of the gradients and of their squares. `correctBias` belongs
 * behind it. AMSGrad divides by the largest v so far.
 */
export const scaleByMoments = ({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-7,
  amsgrad = false,
}: MomentsOptions & { amsgrad?: boolean } = {}): Transform =>
  memory<'m' | 'v'>({
    slots: { m: 0, v: 0, ...(amsgrad && { largestV: 0 }) },
    update: (update, slots: { m: V; v: V; largestV?: V }) => {
      const m = average(slots.m, update, beta1);
      let v = average(slots.v, update.square(), beta2);
      if (slots.largestV) {
        v = v.maximum(slots.largestV);
        slots.largestV.assign(v);
      }
      return m.div(v.sqrt().add(epsilon));
    },
  });

/** AdaMax: the first moment over the largest gradient so far, forgotten at the rate beta2: u = max(beta2 * u, |g|). */
export const scaleByMaximum = ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: MomentsOptions = {}): Transform =>
  memory({
    slots: { m: 0, u: 0 },
    update: (update, slots) => {
      const m = average(slots.m, update, beta1);
      const largest = slots.u.mul(beta2).maximum(update.abs());
      slots.u.assign(largest);
      return m.div(largest.add(epsilon));
    },
  });

/**
 * Nadam: Adam whose first moment looks one step ahead, as Nesterov's does. Its weight warms up with the steps,
 * mu_t = beta1 * (1 - 0.96^t / 2), and the bias of m is the product of all mu so far: both follow from the step's
 * number.
 */
export const scaleByNesterovMoments = ({
  beta1 = 0.9,
  beta2 = 0.999,
  epsilon = 1e-7,
}: MomentsOptions = {}): Transform => {
  const mu = (t: number): number => beta1 * (1 - 0.5 * 0.96 ** t);
  const products = [1];
  const product = (t: number): number => {
    for (let i = products.length; i <= t; i++) products.push(products[i - 1]! * mu(i));
    return products[t]!;
  };
  return memory({
    slots: { m: 0, v: 0 },
    update: (update, slots, { number }) => {
      const m = average(slots.m, update, beta1);
      const v = average(slots.v, update.square(), beta2);
      const ahead = m
        .mul(number(({ iteration: t }) => mu(t + 1) / (1 - product(t + 1))))
        .add(update.mul(number(({ iteration: t }) => (1 - mu(t)) / (1 - product(t)))));
      const correction = number(({ iteration: t }) => 1 / (1 - beta2 ** t));
      return ahead.div(v.mul(correction).sqrt().add(epsilon));
    },
  });
};
