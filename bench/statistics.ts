/** The value below which so large a part (0 to 1) of the values lies, interpolated. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = part * (sorted.length - 1),
    below = Math.floor(place);
  return sorted[below]! + (place - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
}

/** Repeated measurements of one thing: the median, and between which values the middle half lies. */
export interface Summary {
  median: number;
  low: number;
  high: number;
  count: number;
}

export const summarise = (values: readonly number[]): Summary => ({
  median: quantile(values, 0.5),
  low: quantile(values, 0.25),
  high: quantile(values, 0.75),
  count: values.length,
});

/** The exponent p of cost = c * size^p, by least squares of the logarithms. */
export function exponent(sizes: readonly number[], costs: readonly number[]): number {
  const x = sizes.map(Math.log),
    y = costs.map(Math.log);
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(x), mean(y)];
  const products = x.map((value, i) => (value - meanX) * (y[i]! - meanY));
  return mean(products) / mean(x.map((value) => (value - meanX) ** 2));
}
