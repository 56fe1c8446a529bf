import { articleSpreads, type ArticleSpread } from './article';
import { Found, type SearchResult } from './found';
import { knownAngle } from './known';
import { minAngleDegrees } from './measure';
import { bestSpread, leastEnergy } from './search';
import { startsOf, type SearchOptions } from './search-options';
import { spread } from './spread';

/** The article's run of one loss from each start in turn; default: one start. Each run is clipped by itself. */
async function searchAsArticle(options: SearchOptions,
  { loss, optimizer, ...article }: ArticleSpread): Promise<SearchResult> {
  const { restarts = 1, iterations = article.iterations, onProgress, signal } = options;
  const { bound } = knownAngle(options.vectors, options.dimensions);
  const found = new Found({ score: minAngleDegrees, better: (a, b) => a > b, enough: (score) => score > bound - 1e-3 });
  for (const [r, start] of startsOf(options, restarts).entries()) {
    const run = await spread({
      start, loss, optimizer: optimizer(), iterations, signal, every: Math.max(1, iterations),
      onIteration: ({ iteration }) => onProgress?.((r + iteration / Math.max(1, iterations)) / restarts, found.note),
    });
    found.add(run.final.vectors, start);
    found.stopped = run.stopped;
    if (found.stopped || found.enough) break;
  }
  return found.result(iterations);
}

type Method = (options: SearchOptions) => Promise<SearchResult>;

/**
 * Ways to spread vectors, by name: the best one, the least electric energy, and the article's losses as it runs them.
 */
export const spreadMethods = {
  'best': bestSpread,
  'energy': leastEnergy,
  'min-angle': (options) => searchAsArticle(options, articleSpreads['min-angle']),
  'min-angle-variance': (options) => searchAsArticle(options, articleSpreads['min-angle-variance']),
  'force': (options) => searchAsArticle(options, articleSpreads.force),
  'article-force': (options) => searchAsArticle(options, articleSpreads['article-force']),
} satisfies Record<string, Method>;
