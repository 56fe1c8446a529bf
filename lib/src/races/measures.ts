import type { Point } from './objectives';
import type { RaceRun } from './race';

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** How much longer a run's way is than the straight line from its start to its end: 1 for a run that never turns. */
export function detour({ path }: Pick<RaceRun, 'path'>): number {
  const length = path.slice(1).reduce((sum, point, k) => sum + distance(path[k]!, point), 0);
  return length / distance(path[0]!, path.at(-1)!);
}

/** The first step at which a run's point and loss satisfy the condition; undefined if none does. */
export function firstStep(
  { path, loss }: Pick<RaceRun, 'path' | 'loss'>,
  holds: (point: Point, lossHere: number) => boolean,
): number | undefined {
  const step = path.findIndex((point, k) => holds(point, loss[k]!));
  return step < 0 ? undefined : step;
}

/** The step from which on a run's loss stays below a part of the loss that it started with; undefined if it never does. */
export function settledAfter({ loss }: Pick<RaceRun, 'loss'>, part: number): number | undefined {
  const fromEnd = [...loss].reverse().findIndex((value) => !(value < part * loss[0]!));
  return fromEnd === 0 ? undefined : loss.length - fromEnd;
}
