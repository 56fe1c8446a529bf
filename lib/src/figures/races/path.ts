import { pickEvenly } from '../chart/frames';
import type { RaceRun } from '../../races/race';

/** Runs of no more steps are drawn with each of them: a line that joins fewer points hides how it swings. */
const EVERY_STEP = 150;

/** The steps that a run's lines join: all, or in an animation of a long run those that the frames show and some between. */
export function drawnSteps({ path }: RaceRun, shown: number[]): number[] {
  return pickEvenly(
    path.length,
    shown.length === 1 ? path.length : EVERY_STEP + 1,
    shown.filter((k) => k < path.length),
  );
}

/**
 * Those of the steps at which a path bends; between them it is straight to within `fine`, one number for each
 * coordinate of its points, so that the drawing lacks nothing (Douglas and Peucker's algorithm).
 */
export function bends(steps: number[], pointAt: (step: number) => number[], fine: readonly number[]): number[] {
  if (steps.length < 3) return steps;
  const points = steps.map((step) => pointAt(step).map((value, axis) => value / fine[axis]!));
  const kept = [steps[0]!];
  const divide = (from: number, to: number): void => {
    let [farthest, most] = [from, 1];
    for (let i = from + 1; i < to; i++) {
      const distance = offWay(points[i]!, points[from]!, points[to]!);
      if (distance > most) [farthest, most] = [i, distance];
    }
    if (farthest === from) return void kept.push(steps[to]!);
    divide(from, farthest);
    divide(farthest, to);
  };
  divide(0, steps.length - 1);
  return kept;
}

/** How far a point is off the straight way from one point to another. In loops: a control asks for thousands. */
function offWay(point: number[], from: number[], to: number[]): number {
  let [along, length] = [0, 0];
  for (let axis = 0; axis < point.length; axis++) {
    const way = to[axis]! - from[axis]!;
    along += (point[axis]! - from[axis]!) * way;
    length += way * way;
  }
  const part = Math.min(1, Math.max(0, along / (length || 1)));
  let square = 0;
  for (let axis = 0; axis < point.length; axis++) {
    square += (point[axis]! - from[axis]! - part * (to[axis]! - from[axis]!)) ** 2;
  }
  return Math.sqrt(square);
}
