import { tf } from '../tf';
import type { CommonHyper } from './descent-optimizer';
import type { Schedule } from './schedules';
import type { Transform } from './transform';
import * as link from './transforms';

type Hyper<D> = D & CommonHyper & { learningRate: number | Schedule };

/** One row of the table of optimisers. */
export interface Definition<D> {
  /** Its hyperparameters, named and filled as in Keras 2.15. */
  defaults: D;
  /** The chain that makes the step out of the gradient. */
  chain: (hyper: Hyper<D>) => Transform[];
  /** tfjs' own optimiser for one learning rate, where it does the same; undefined where it does not. */
  own?: (hyper: Hyper<D>) => ((rate: number) => tf.Optimizer) | undefined;
}

const define = <D extends { learningRate: number }>(definition: Definition<D>): Definition<D> => definition;

const EPSILON = 1e-7;

const sgd = (momentum: number, nesterov: boolean) =>
  define({
    defaults: { learningRate: 0.01, momentum, nesterov },
    chain: (h) => [link.scaleByRate(), ...(h.momentum ? [link.trace(h.momentum, h)] : [])],
    own: (h) => {
      if (h.momentum === 0) return (rate) => tf.train.sgd(rate);
      // tfjs multiplies the whole trace by the rate of the moment: with a schedule, what already rolls would change too.
      return typeof h.learningRate === 'number' ? (rate) => tf.train.momentum(rate, h.momentum, h.nesterov) : undefined;
    },
  });

const adam = <D>(extra: D, amsgrad: boolean) =>
  define({
    defaults: { learningRate: 0.001, ...extra, beta1: 0.9, beta2: 0.999, epsilon: EPSILON, amsgrad },
    chain: (h) => [
      link.scaleByMoments(h.beta1, h.beta2, h.epsilon, h.amsgrad),
      link.correctBias(h.beta1, h.beta2),
      link.scaleByRate(),
    ],
  });

/**
 * Every optimiser by name. Where tfjs 4.22 follows Keras, its own is used: sgd, momentum and nesterov (at a constant
 * rate), adagrad (at the default epsilon, the only one it has) and rmsprop (not centred). The others are chains:
 * - adadelta: tfjs divides by the accumulator from before the gradient and diverges.
 * - rmsprop, centred: tfjs subtracts epsilon inside the root and is NaN where the gradient is zero.
 * - adam: tfjs adds epsilon after the bias is taken out of v, Keras before it: gradients near epsilon move up to 30
 *   times further in tfjs at first.
 * - adamax: tfjs' own cannot save its state.
 * - amsgrad, nadam, adamw, lion, ftrl: tfjs has none.
 */
export const optimizers = {
  sgd: sgd(0, false),
  momentum: sgd(0.9, false),
  nesterov: sgd(0.9, true),
  adagrad: define({
    defaults: { learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon: EPSILON },
    chain: (h) => [link.scaleByRootSumSquares(h.initialAccumulatorValue, h.epsilon), link.scaleByRate()],
    own: (h) => (h.epsilon === EPSILON ? (rate) => tf.train.adagrad(rate, h.initialAccumulatorValue) : undefined),
  }),
  adadelta: define({
    defaults: { learningRate: 0.001, rho: 0.95, epsilon: EPSILON },
    chain: (h) => [link.scaleByUpdateRatio(h.rho, h.epsilon), link.scaleByRate()],
  }),
  rmsprop: define({
    defaults: { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: EPSILON, centered: false },
    chain: (h) => [
      (h.centered ? link.scaleByDeviation : link.scaleByRootMeanSquare)(h.rho, h.epsilon),
      link.scaleByRate(),
      ...(h.momentum ? [link.trace(h.momentum)] : []),
    ],
    own: (h) => (h.centered ? undefined : (rate) => tf.train.rmsprop(rate, h.rho, h.momentum, h.epsilon)),
  }),
  adam: adam({}, false),
  amsgrad: adam({}, true),
  adamax: define({
    defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: EPSILON },
    chain: (h) => [link.scaleByMaximum(h.beta1, h.beta2, h.epsilon), link.correctBias(h.beta1), link.scaleByRate()],
  }),
  nadam: define({
    defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: EPSILON },
    chain: (h) => [link.scaleByNesterovMoments(h.beta1, h.beta2, h.epsilon), link.scaleByRate()],
  }),
  adamw: adam({ weightDecay: 0.004 }, false),
  lion: define({
    defaults: { learningRate: 0.0001, beta1: 0.9, beta2: 0.99 },
    chain: (h) => [link.interpolate(h.beta1, h.beta2), link.scaleBySign(), link.scaleByRate()],
  }),
  ftrl: define({
    defaults: {
      learningRate: 0.001,
      learningRatePower: -0.5,
      initialAccumulatorValue: 0.1,
      l1RegularizationStrength: 0,
      l2RegularizationStrength: 0,
      l2ShrinkageRegularizationStrength: 0,
      beta: 0,
    },
    chain: (h) => [link.followTheLeader(h)],
  }),
};
