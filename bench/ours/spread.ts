// The article's losses as it runs them, one iteration at many sizes, and the search for the best spread.
import { descend, spread, tf, losses, spreads, type Trajectory } from 'descent-lab';
import { spreadPlan } from 'descent-lab/internal';
import { startVectors } from './start';
import { compiling, iterationsOf, range, type Points } from './subject';

/** Both sides' loss after so many updates is compared: it tells of the steps too, and rounding has not parted them yet. */
const CHECKED = 5;

/** For as many iterations as the article makes, and ten times as many. The loss of each is kept; the vectors are not. */
function twenty(name: keyof typeof spreads.articleSpreads): Points {
  const { loss, optimizer, iterations: article } = spreads.articleSpreads[name];
  const start = startVectors(20, 2);
  return Object.fromEntries(
    [article, 10 * article].map((iterations) => [
      iterationsOf(iterations),
      compiling(async (compile) => {
        const run = await spread({ start, loss, optimizer: optimizer(), iterations, every: iterations, compile });
        return run.loss[CHECKED]!;
      }),
    ]),
  );
}

export const minAnglePoints = (): Points => twenty('min-angle');
export const variancePoints = (): Points => twenty('min-angle-variance');
export const forcePoints = (): Points => twenty('force');

/** How many iterations make one measurement of so many vectors. */
export const ITERATIONS: Readonly<Record<number, number>> = { 20: 100, 100: 100, 500: 20, 2000: 10 };
export const DIMENSIONS = [3, 32, 128] as const;

export function iterationPoints(): Points {
  const points: Points = {};
  for (const [count, iterations] of Object.entries(ITERATIONS)) {
    for (const dimensions of DIMENSIONS) {
      const start = startVectors(Number(count), dimensions);
      points[`${count} x ${dimensions}`] = compiling(async (compile) => {
        const run = await descend({
          loss: ({ vectors }) => losses.minAngleLoss(vectors),
          variables: { vectors: start },
          optimizer: tf.train.sgd(0.01),
          constrain: losses.toUnitLength,
          iterations,
          record: false,
          compile,
        });
        return run.loss[0]!;
      });
    }
  }
  return points;
}

/** One batch of `bestSpread`: four starts of 20 vectors. */
export function searchPoints(): Points {
  const [restarts, vectors] = [4, 20];
  const points: Points = {};
  for (const dimensions of [3, 32]) {
    const rows = startVectors(restarts * vectors, dimensions);
    const starts = range(restarts).map((set) => rows.slice(set * vectors, (set + 1) * vectors));
    for (const iterations of [600, 6000]) {
      points[`${vectors} x ${dimensions}, ${iterationsOf(iterations)}`] = compiling(async (compile) => {
        const plan = spreadPlan('best', { vectors, dimensions, restarts, iterations, compile });
        const run = (await plan.descend(starts, 0, {})) as Trajectory<{ vectors: number[][][] }>;
        return run.loss[CHECKED]!;
      });
    }
  }
  return points;
}
