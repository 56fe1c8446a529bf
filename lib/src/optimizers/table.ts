import type { CommonHyper } from './descent-optimizer';
import type { LearningRate } from './schedules';
import type { Transform } from './transform';
import * as link from './transforms';

type Hyper<D> = D & CommonHyper & { learningRate: LearningRate };

/** One row of the table of optimisers. */
export interface Definition<D> {
  /** Its hyperparameters, named and filled as in Keras 2.15 where that has it. */
  defaults: D;
  /** The chain that makes the step out of the gradient. */
  chain: (hyper: Hyper<D>) => Transform[];
}

const define = <D extends { learningRate: number }>(definition: Definition<D>): Definition<D> => definition;

const EPSILON = 1e-7;

const sgd = (momentum: number, nesterov: boolean) =>
  define({
    defaults: { learningRate: 0.01, momentum, nesterov },
    chain: (h) => [link.scaleByLearningRate(), ...(h.momentum ? [link.trace(h.momentum, h)] : [])],
  });

const adam = <D>(extra: D, amsgrad: boolean) =>
  define({
    defaults: { learningRate: 0.001, ...extra, beta1: 0.9, beta2: 0.999, epsilon: EPSILON, amsgrad },
    chain: (h) => [link.scaleByMoments(h), link.correctBias(h), link.scaleByLearningRate()],
  });

/**
 * Every optimiser by name; where Keras 2.15 has it too, it takes the same steps. tfjs 4.22 has some of them too, and departs from Keras in these:
 * - adadelta: it divides by the accumulator from before the gradient and diverges.
 * - rmsprop, centred: it subtracts epsilon inside the root and is NaN where the gradient is zero.
 * - adam: it adds epsilon after the bias is taken out of v, Keras before it: gradients near epsilon move up to 30 times
 *   further at first.
 * - adamax: its own cannot save its state.
 */
export const optimizers = {
  sgd: sgd(0, false),
  momentum: sgd(0.9, false),
  nesterov: sgd(0.9, true),
  adagrad: define({
    defaults: { learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon: EPSILON },
    chain: (h) => [link.scaleByRootSumSquares(h), link.scaleByLearningRate()],
  }),
  adadelta: define({
    defaults: { learningRate: 0.001, rho: 0.95, epsilon: EPSILON },
    chain: (h) => [link.scaleByUpdateRatio(h), link.scaleByLearningRate()],
  }),
  rmsprop: define({
    defaults: { learningRate: 0.001, rho: 0.9, momentum: 0, epsilon: EPSILON, centered: false },
    chain: (h) => [
      (h.centered ? link.scaleByDeviation : link.scaleByRootMeanSquare)(h),
      link.scaleByLearningRate(),
      ...(h.momentum ? [link.trace(h.momentum)] : []),
    ],
  }),
  adam: adam({}, false),
  amsgrad: adam({}, true),
  adamax: define({
    defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: EPSILON },
    chain: (h) => [link.scaleByMaximum(h), link.correctBias({ beta1: h.beta1 }), link.scaleByLearningRate()],
  }),
  nadam: define({
    defaults: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: EPSILON },
    chain: (h) => [link.scaleByNesterovMoments(h), link.scaleByLearningRate()],
  }),
  adamw: adam({ weightDecay: 0.004 }, false),
  lion: define({
    defaults: { learningRate: 0.0001, beta1: 0.9, beta2: 0.99 },
    chain: (h) => [link.interpolate(h), link.scaleBySign(), link.scaleByLearningRate()],
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
