/** What an optimiser keeps in mind of one number's gradient, iteration by iteration. */
export interface GradientMoments {
  /** Adam's momentum: the moving mean of the gradients, its bias taken out. */
  mean: number[];
  /** The root of the moving mean of the squares, with the bias taken out where Adam does. */
  size: number[];
}

/**
 * The moments that Adam keeps of a list of gradients, of which it makes the step rate * mean / size. With beta1 = 0 and
 * without the correction they are RMSprop's.
 */
export function gradientMoments(
  gradients: readonly number[],
  options: { beta1?: number; beta2?: number; correct?: boolean } = {},
): GradientMoments {
  const { beta1 = 0.9, beta2 = 0.999, correct = true } = options;
  const moments: GradientMoments = { mean: [], size: [] };
  let [m, v] = [0, 0];
  gradients.forEach((g, i) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    moments.mean.push(correct ? m / (1 - beta1 ** (i + 1)) : m);
    moments.size.push(Math.sqrt(correct ? v / (1 - beta2 ** (i + 1)) : v));
  });
  return moments;
}

/** Where the gradient changes its sign, and where the momentum follows: the updates, counted from 0. */
export interface Turn {
  gradient: number;
  momentum: number;
}

/** Each change of the gradient's sign that the momentum follows before the next one. */
export function turnsOf(gradients: readonly number[], { mean }: Pick<GradientMoments, 'mean'>): Turn[] {
  const changes = (values: readonly number[]): number[] =>
    values.flatMap((value, i) => (i > 0 && value * values[i - 1]! < 0 ? [i] : []));
  const [first, second] = [changes(gradients), changes(mean)];
  return first.flatMap((gradient, i) => {
    const momentum = second.find((k) => k >= gradient && k < (first[i + 1] ?? Infinity));
    return momentum === undefined ? [] : [{ gradient, momentum }];
  });
}
