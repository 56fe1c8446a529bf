/** The least and the largest of the values, with a margin on both sides as a fraction of what lies between. */
export function rangeOf(values: readonly number[] | Float64Array, margin = 0): [number, number] {
  const all: readonly number[] = values as number[];
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  const room = margin * (high - low || 1);
  return [low - room, high + room];
}
