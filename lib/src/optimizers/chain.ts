import { DescentError } from '../errors';
import type { tf } from '../tf';
import { DescentOptimizer, OWN } from './descent-optimizer';
import type { LearningRate } from './schedules';
import type { Transform } from './transform';

/**
 * Makes an optimiser for one run: an optimiser of your own, wherever the name of one is taken. `race` and `tune` call it
 * with the learning rate that they want, if they want one.
 */
export type OptimizerMaker<O extends tf.Optimizer = tf.Optimizer> = (learningRate?: LearningRate) => O;

/**
 * An optimiser of your own out of transforms: the first link is given the gradient, each later one what the link before
 * it made, and what the last one makes is subtracted from the variable. Each call of what it returns makes an optimiser
 * for one run, at the learning rate of the chain's `scaleByLearningRate`, or at the one that it is given.
 *
 * @example
 * const { chain, clipByGlobalNorm, scaleByLearningRate, scaleBySign, trace } = optimizers;
 * const mine = chain(clipByGlobalNorm(1), trace(0.9), scaleBySign(), scaleByLearningRate(0.02));
 * const run = await descend({ loss: ({ x }) => x.sub(3).square(), variables: { x: 0 }, optimizer: mine, iterations: 400 });
 * console.log(mine(0.5).learningRate, Math.round(run.final.x)); // => 0.5 3
 * @throws DescentError for a link that is no transform or a second learning rate; and the maker for a chain without a
 * learning rate, or for one given to a chain without a place for it
 */
export function chain(...links: Transform[]): OptimizerMaker<DescentOptimizer> {
  const stranger = links.findIndex(
    (link: Transform | null) =>
      typeof link !== 'object' || !link || !('factor' in link || 'update' in link || 'together' in link),
  );
  if (stranger >= 0) throw new DescentError(`link ${stranger + 1} of the chain is no transform, such as trace(0.9)`);
  const [rated, second] = links.filter((link) => 'learningRate' in link);
  if (second) throw new DescentError('a chain has one learning rate: leave the second one away');
  return (learningRate = rated?.learningRate) => {
    if (rated && learningRate === undefined) {
      throw new DescentError('the chain has no learning rate: give it one, as in scaleByLearningRate(0.1)');
    }
    if (!rated && learningRate !== undefined) {
      throw new DescentError('the chain takes no learning rate: let it end with scaleByLearningRate(0.1)');
    }
    return new DescentOptimizer(OWN, links, { learningRate: learningRate ?? 1 });
  };
}
