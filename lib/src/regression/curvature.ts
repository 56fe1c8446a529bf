/** How the loss of a line curves: its second derivatives by slope and intercept are the same everywhere. */
export interface Curvature {
  /** The matrix of second derivatives, [[by slope twice, mixed], [mixed, by intercept twice]]. */
  hessian: [[number, number], [number, number]];
  /** Its larger eigenvalue: the curvature across the valley. */
  steepest: number;
  /** Its smaller eigenvalue: the curvature along the valley. */
  flattest: number;
  /** steepest / flattest: 1 for a round bowl. Plain descent needs a number of iterations in proportion to it. */
  condition: number;
  /** 2 / steepest: plain gradient descent with a larger learning rate than this diverges. */
  largestStableRate: number;
}

/** The curvature of mean((slope * x + intercept - y)^2), which depends on x alone. */
export function curvature(x: readonly number[]): Curvature {
  const mean = x.reduce((sum, value) => sum + value / x.length, 0);
  const meanSquare = x.reduce((sum, value) => sum + value ** 2 / x.length, 0);
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2 / x.length, 0);
  const trace = 2 * (meanSquare + 1);
  const determinant = 4 * variance; // meanSquare - mean^2, without its cancellation
  const steepest = trace / 2 + Math.sqrt((meanSquare - 1) ** 2 + 4 * mean ** 2);
  const flattest = determinant / steepest;
  return {
    hessian: [
      [2 * meanSquare, 2 * mean],
      [2 * mean, 2],
    ],
    steepest,
    flattest,
    condition: steepest / flattest,
    largestStableRate: 2 / steepest,
  };
}
