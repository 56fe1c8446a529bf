// The article's losses as it runs them, and one iteration at many sizes.
import { descend, spread, tf, losses, spreads } from 'descent-lab';
import { startVectors } from './start';
import type { Points } from './subject';

/** The loss of each iteration is kept, as the peers keep it; the vectors are not. */
const twenty = (name: keyof typeof spreads.articleSpreads): Points => ({
  '20 vectors': async () => {
    const { loss, optimizer, iterations } = spreads.articleSpreads[name];
    return (await spread({ start: startVectors(20, 2), loss, optimizer: optimizer(), iterations, every: iterations }))
      .loss[0];
  },
});

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
      points[`${count} x ${dimensions}`] = async () =>
        (
          await descend({
            loss: ({ vectors }) => losses.minAngleLoss(vectors),
            variables: { vectors: start },
            optimizer: tf.train.sgd(0.01),
            constrain: losses.toUnitLength,
            iterations,
            record: false,
          })
        ).loss[0];
    }
  }
  return points;
}
