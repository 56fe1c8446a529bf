import type { Random } from 'descent-lab';
import { csvOf } from 'descent-lab/internal';

/** Means, variances and covariance of two quantities, all divided by n, not by n - 1. */
export interface Moments {
  /** x's mean, in x's unit. */
  meanX: number;
  /** y's mean, in y's unit. */
  meanY: number;
  /** x's variance, in the square of x's unit. */
  varianceX: number;
  /** y's variance, in the square of y's unit. */
  varianceY: number;
  /** The two's covariance, in the product of their units. */
  covariance: number;
}

/**
 * The moments of the 150 adult males in the article "The Many Applications of Gradient Descent in TensorFlow"
 * (A. Reiner, 2020); x is the height in inches, y the weight in pounds. Mean squared error, and so every full-batch run
 * of the article, depends on the data through these five numbers alone.
 */
export const ARTICLE_MOMENTS: Moments = {
  meanX: 68.88158895396604,
  meanY: 185.59078006817163,
  varianceX: 6.252235854399778,
  varianceY: 355.27831931,
  covariance: 37.77049073573878,
};

/**
 * `rows` points of a normal distribution, adjusted so that their own moments are exactly the given ones: they are centred
 * and decorrelated first, then stretched and sheared. (Cholesky's factor of a 2x2 covariance matrix, twice.)
 */
export function pointsWithMoments(random: Random, rows: number, moments: Moments): [x: number, y: number][] {
  const drawn = random.array(() => random.normal(), rows, 2) as [number, number][];
  const found = momentsOf(drawn);
  const from = cholesky(found);
  const to = cholesky(moments);
  return drawn.map(([x, y]) => {
    const u = (x - found.meanX) / from.a;
    const v = (y - found.meanY - from.b * u) / from.c;
    return [moments.meanX + to.a * u, moments.meanY + to.b * u + to.c * v];
  });
}

/** The moments of points, divided by n. */
export function momentsOf(points: readonly (readonly [x: number, y: number])[]): Moments {
  const mean = (f: (x: number, y: number) => number): number =>
    points.reduce((sum, [x, y]) => sum + f(x, y), 0) / points.length;
  const meanX = mean((x) => x);
  const meanY = mean((_x, y) => y);
  return {
    meanX,
    meanY,
    varianceX: mean((x) => (x - meanX) ** 2),
    varianceY: mean((_x, y) => (y - meanY) ** 2),
    covariance: mean((x, y) => (x - meanX) * (y - meanY)),
  };
}

/** The lower triangle [[a, 0], [b, c]] whose product with its transpose is the covariance matrix. */
function cholesky({ varianceX, varianceY, covariance }: Moments): { a: number; b: number; c: number } {
  const a = Math.sqrt(varianceX);
  const b = covariance / a;
  return { a, b, c: Math.sqrt(varianceY - b * b) };
}

/** The text of data/height-weight.csv: 150 adult males with the article's moments. Nine decimals keep them to 1e-9. */
export function heightWeightCsv(random: Random): string {
  const rows = pointsWithMoments(random, 150, ARTICLE_MOMENTS).map(([height, weight]) => [
    'Male',
    height.toFixed(9),
    weight.toFixed(9),
  ]);
  return csvOf(['Gender', 'Height', 'Weight'], rows);
}
