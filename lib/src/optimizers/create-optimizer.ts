import { DescentError } from '../errors';
import { tf } from '../tf';
import type { OptimizerMaker } from './chain';
import { DescentOptimizer, type CommonHyper } from './descent-optimizer';
import { checkHyper } from './hyper';
import { asSchedule, type LearningRate } from './schedules';
import { optimizers, type Definition } from './table';

/** The name of an optimiser. */
export type OptimizerName = keyof typeof optimizers;

/** The hyperparameters of the optimiser N: its own and the common ones; those left out keep Keras' defaults. */
export type OptimizerHyper<N extends OptimizerName = OptimizerName> = Partial<
  Omit<(typeof optimizers)[N]['defaults'], keyof CommonHyper>
> &
  CommonHyper;

/** All optimisers' names: sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam ... */
export const optimizerNames = Object.keys(optimizers) as OptimizerName[];

/** The six of Alec Radford's animation, which races show first. */
export const classicOptimizers: readonly OptimizerName[] = [
  'sgd',
  'momentum',
  'nesterov',
  'adagrad',
  'adadelta',
  'rmsprop',
];

type Filled = Record<string, unknown> & CommonHyper & { learningRate: LearningRate };

/** The row of the table; what is not one of the names gets an error that lists them. */
function find(name: string): Definition<Filled> {
  if (!Object.hasOwn(optimizers, name)) {
    throw new DescentError(`unknown optimizer '${name}'; known: ${optimizerNames.join(', ')}`);
  }
  return optimizers[name as OptimizerName] as unknown as Definition<Filled>;
}

/**
 * An optimiser's hyperparameters as Keras 2.15 fills them, with those of `hyper` in their place. momentum and nesterov
 * are Keras' SGD with a momentum of 0.9, amsgrad is its Adam with amsgrad on.
 * @throws DescentError for an unknown name or hyperparameter (it lists the known ones), or a value out of range
 */
export function hyperparameters<N extends OptimizerName>(name: N, hyper: OptimizerHyper<N> = {}): OptimizerHyper<N> {
  const { defaults } = find(name);
  const { learningRate } = hyper;
  const given = typeof learningRate === 'object' ? { ...hyper, learningRate: asSchedule(learningRate) } : hyper;
  checkHyper(name, defaults, given);
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as OptimizerHyper<N>) };
}

/**
 * Makes an optimiser: a tf.Optimizer with the names, meanings and defaults of Keras 2.15 (camelCase), which takes a
 * schedule for a learning rate, clips gradients and lets weights decay if asked. Each is a chain of transforms: see
 * `chain` for one of your own.
 *
 * What some of them do with the gradient $g$ and the learning rate $r$, at the step $t = 1, 2, ...$:
 *
 * - `sgd`: $x \leftarrow x - r g$
 * - `momentum`: $m \leftarrow \mu m + r g$, then $x \leftarrow x - m$
 * - `rmsprop`: $v \leftarrow \rho v + (1 - \rho) g^2$, then $x \leftarrow x - r g / \sqrt{v + \epsilon}$
 * - `adam`: $m \leftarrow \beta_1 m + (1 - \beta_1) g$ and $v \leftarrow \beta_2 v + (1 - \beta_2) g^2$, then
 *   $x \leftarrow x - r \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t} \frac{m}{\sqrt{v} + \epsilon}$
 *
 * @example
 * const adam = optimizers.createOptimizer('adam', { learningRate: 0.1 });
 * const learningRate = optimizers.stepSchedule({ initialLearningRate: 0.001, decayRate: 0.7, decaySteps: 100 });
 * const clipped = optimizers.createOptimizer('sgd', { learningRate, clipnorm: 200 });
 * console.log(adam.learningRate, clipped.learningRate); // => 0.1 0.001
 * @throws DescentError for an unknown name or hyperparameter (it lists the known ones), or a value out of range
 */
export function createOptimizer<N extends OptimizerName>(name: N, hyper: OptimizerHyper<N> = {}): DescentOptimizer {
  const filled = hyperparameters(name, hyper) as Filled;
  return new DescentOptimizer(name, find(name).chain(filled), filled);
}

/**
 * An optimiser for one run: by name, or made by one of your own at the learning rate of `hyper`, if it says one.
 * @throws DescentError as `createOptimizer` does; for hyperparameters other than the learning rate, a learning rate that
 * your own does not heed, or one that makes no optimiser
 */
export function makeOptimizer(optimizer: OptimizerName | OptimizerMaker, hyper: OptimizerHyper = {}): tf.Optimizer {
  if (typeof optimizer !== 'function') return createOptimizer(optimizer, hyper);
  const { learningRate, ...others } = hyper;
  const [other] = Object.keys(others);
  if (other) throw new DescentError(`an optimizer of your own takes a learning rate, and no ${other}`);
  const made: tf.Optimizer & { learningRate?: unknown } = optimizer(learningRate);
  if (!(made instanceof tf.Optimizer)) {
    throw new DescentError(`an optimizer of your own is a function that returns a tf.Optimizer, not ${String(made)}`);
  }
  if (typeof learningRate === 'number' && typeof made.learningRate === 'number' && made.learningRate !== learningRate) {
    throw new DescentError(
      `an optimizer of your own has the learning rate ${made.learningRate} where ${learningRate} was asked for: ` +
        'take it as the argument, as in (learningRate) => tf.train.adam(learningRate)',
    );
  }
  return made;
}

// For models that are saved with their optimiser: tf.loadLayersModel makes it again from its configuration, to which it
// adds the reader's `customObjects`.
tf.serialization.registerClass({
  className: DescentOptimizer.className,
  fromConfig: (_class: unknown, config: tf.serialization.ConfigDict): DescentOptimizer => {
    const { name, ...hyper } = config;
    delete hyper['customObjects'];
    return createOptimizer(name as OptimizerName, hyper);
  },
} as unknown as Parameters<typeof tf.serialization.registerClass>[0]);
