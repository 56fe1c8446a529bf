/** The least and the largest of the values, with a margin on both sides as a fraction of what lies between. */
export function rangeOf(values: readonly number[] | Float64Array, margin = 0): [number, number] {
  const all: readonly number[] = values as number[];
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  const room = margin * (high - low || 1);
  return [low - room, high + room];
}

/** Round numbers from 0 to a last one, beyond which an axis goes on, as for names: about five. */
export function ticksUpTo(last: number): number[] {
  const power = 10 ** Math.floor(Math.log10(last / 4));
  const step = Math.max(1, [1, 2, 2.5, 5, 10].find((factor) => factor * power >= last / 4)! * power);
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, i) => i * step);
}
