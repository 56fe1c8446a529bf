import { pickEvenly } from '../chart/frames';
import type { RaceRun } from '../../races/race';

/** Runs of no more steps are drawn with each of them: a line that joins fewer points hides how it swings. */
const EVERY_STEP = 150;

/** The steps that a run's lines join: all, or of a long run those that the frames show and some between. */
export function drawnSteps({ path }: RaceRun, shown: number[]): number[] {
  return pickEvenly(
    path.length,
    EVERY_STEP + 1,
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
  const [first, last] = [points[0]!, points.at(-1)!];
  const way = last.map((value, axis) => value - first[axis]!);
  const distances = points.map((point) => {
    const from = point.map((value, axis) => value - first[axis]!);
    const along = Math.min(1, Math.max(0, dot(from, way) / (dot(way, way) || 1)));
    return Math.hypot(...from.map((value, axis) => value - along * way[axis]!));
  });
  const farthest = distances.reduce((best, distance, i) => (distance > distances[best]! ? i : best), 0);
  if (!(distances[farthest]! > 1)) return [steps[0]!, steps.at(-1)!];
  const half = (part: number[]): number[] => bends(part, pointAt, fine);
  return [...half(steps.slice(0, farthest + 1)).slice(0, -1), ...half(steps.slice(farthest))];
}

const dot = (a: number[], b: number[]): number => a.reduce((sum, value, axis) => sum + value * b[axis]!, 0);
