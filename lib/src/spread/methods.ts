import { articleSpreads, type ArticleSpread } from './article';
import type { SearchResult } from './found';
import { knownAngle } from './known';
import { minAngleDegrees } from './measure';
import { checkSize, runSearch, type SearchPlan } from './plan';
import { bestPlan, energyPlan } from './search';
import type { SearchOptions } from './search-options';
import { spread } from './spread';

/** The article's run of one loss from each start in turn; default: one start. Each run is clipped by itself. */
function articlePlan(
  options: SearchOptions,
  { loss, optimizer, ...article }: ArticleSpread,
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
        every: Math.max(1, iterations),
        onIteration: ({ iteration }) => onProgress?.(iteration / Math.max(1, iterations)),
      });
      return { final: { vectors: [final.vectors] }, stopped };
    },
  };
}

/** What each of `spreadMethods` runs, cut into batches. */
export const spreadPlans = {
  best: bestPlan,
  energy: (options) => energyPlan(options),
  'min-angle': (options) => articlePlan(options, articleSpreads['min-angle'], 2),
  'min-angle-variance': (options) => articlePlan(options, articleSpreads['min-angle-variance'], 2),
  force: (options) => articlePlan(options, articleSpreads.force, 8),
  'article-force': (options) => articlePlan(options, articleSpreads['article-force'], 8),
} satisfies Record<string, (options: SearchOptions) => SearchPlan>;

type Name = keyof typeof spreadPlans;
type Method = (options: SearchOptions) => Promise<SearchResult>;

/**
 * Ways to spread vectors, by name: the best one, the least electric energy, and the article's losses as it runs them.
 */
export const spreadMethods = Object.fromEntries(
  (Object.keys(spreadPlans) as Name[]).map((name): [Name, Method] => [
    name,
    async (options) => runSearch(spreadPlans[name](options), options),
  ]),
) as Record<Name, Method>;
