import { DescentError } from '../errors';
import type { tf } from '../tf';
import { articleSpreads, type ArticleSpread } from './article';
import type { SearchResult } from './found';
import { knownAngle } from './known';
import { minAngleDegrees } from './measure';
import { checkSize, runSearch, type SearchPlan } from './plan';
import { bestPlan, energyPlan, fallingAdam } from './search';
import type { SearchOptions } from './search-options';
import { spread } from './spread';

/** A loss of one's own, of vectors [N, D], as a scalar; differentiable by TensorFlow. */
export type OwnSpreadLoss = (vectors: tf.Tensor2D) => tf.Tensor;

/** A run of one loss from each start in turn; default: one start. Each run is clipped by itself. */
function plainPlan(
  options: SearchOptions,
  { loss, optimizer, ...article }: Omit<ArticleSpread, 'loss'> & { loss: OwnSpreadLoss },
  matrices: number,
): SearchPlan {
  const { restarts = 1, iterations = article.iterations } = options;
  checkSize(options, 1, matrices);
  const { bound } = knownAngle(options.vectors, options.dimensions);
  return {
    restarts,
    iterations,
    size: 1,
    judge: { score: minAngleDegrees, better: (a, b) => a > b, enough: (score) => score > bound - 1e-3 },
    descend: async ([start], _first, { onProgress, signal }) => {
      const { final, stopped } = await spread({
        start: start!,
        loss,
        optimizer: optimizer(),
        iterations,
        signal,
        compile: options.compile,
        precision: options.precision,
        every: Math.max(1, iterations),
        onIteration: ({ iteration }) => onProgress?.(iteration / Math.max(1, iterations)),
      });
      return { final: { vectors: [final.vectors] }, stopped };
    },
  };
}

/** Ways to spread vectors, by name: the best one, the least electric energy, and the article's losses as it runs them. */
export const spreadPlans = {
  best: bestPlan,
  energy: (options) => energyPlan(options),
  'min-angle': (options) => plainPlan(options, articleSpreads['min-angle'], 2),
  'min-angle-variance': (options) => plainPlan(options, articleSpreads['min-angle-variance'], 2),
  force: (options) => plainPlan(options, articleSpreads.force, 8),
  'article-force': (options) => plainPlan(options, articleSpreads['article-force'], 8),
} satisfies Record<string, (options: SearchOptions) => SearchPlan>;

/** The name of a way to spread vectors. */
export type SpreadMethod = keyof typeof spreadPlans;

/** The names of the ways to spread vectors. */
export const spreadMethodNames = Object.keys(spreadPlans) as SpreadMethod[];

/**
 * The search by that name, cut into batches, or the one that descends on a loss of one's own: from each start in turn,
 * with Adam at a falling rate.
 * @throws DescentError for an unknown name: it lists the known ones
 */
export function spreadPlan(loss: SpreadMethod | OwnSpreadLoss, options: SearchOptions): SearchPlan {
  if (typeof loss === 'function') {
    const { iterations = 1500 } = options;
    return plainPlan(options, { loss, optimizer: () => fallingAdam(iterations), iterations }, 8);
  }
  return spreadPlans[checkMethod(loss)](options);
}

/** The name, if it is one. @throws DescentError that lists them all */
export function checkMethod(name: string): SpreadMethod {
  if (Object.hasOwn(spreadPlans, name)) return name as SpreadMethod;
  throw new DescentError(`unknown loss '${name}'; known: ${spreadMethodNames.join(', ')}, or a TypeScript file`);
}

/**
 * Looks for the best spread of vectors: the largest least angle of all its random starts.
 *
 * By default it descends from all of them at once on the smooth minimum of the distances, which finds most of the best
 * known spreads. `loss` names another way, of which `energy` looks for the least electric energy, or is a loss of your
 * own.
 *
 * @example
 * const mine = (vectors) => tf.matMul(vectors, vectors, false, true).square().sum(); // right angles are as good as any
 * const { minAngleDegrees } = await spreads.bestSpread({ vectors: 3, dimensions: 3, loss: mine });
 * console.log(minAngleDegrees.toFixed(1)); // => 90.0
 * @throws DescentError for an unknown loss or numbers that make no sense
 * @throws NothingFoundError when it is stopped before it has anything
 */
export async function bestSpread({
  loss = 'best',
  ...options
}: SearchOptions & { loss?: SpreadMethod | OwnSpreadLoss }): Promise<SearchResult> {
  return runSearch(spreadPlan(loss, options), options);
}
