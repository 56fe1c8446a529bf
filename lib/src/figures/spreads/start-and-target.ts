import { chart, palette, type Figure, type FindingOptions } from '../chart';
import { minAngleDegrees } from '../../spreads/measure';
import { arrows, circle, circleAxes } from './circle';

/** Two states of the same vectors, each as an array of vectors. */
export interface StartAndTarget {
  /** Where they start. */
  start: number[][];
  /** Where they are to go. */
  target: number[][];
}

/** Two states of vectors in the plane side by side. Its title gives both least angles, unless there is one. */
export function startAndTargetFigure({ start, target }: StartAndTarget, options: FindingOptions): Figure {
  const [from, to] = [start, target].map((vectors) => minAngleDegrees(vectors).toFixed(2));
  const title = `${start.length} vectors, the closest ${from}° apart, are to stand ${to}° apart`;
  return chart(options, {
    finding: title,
    says:
      `${start.length} vectors on the unit circle. Left, the start: the least angle is ${from} degrees. ` +
      `Right, the target: ${to} degrees.`,
    marks: [circle(0), arrows(start, palette.start, 0), circle(1), arrows(target, palette.optimum, 1)],
    headings: 1,
    height: 350,
    margin: { b: 16 }, // no axis title below
    grid: {
      columns: 2,
      panels: [
        { ...circleAxes(), title: 'start' },
        { ...circleAxes('x2'), title: 'target' },
      ],
    },
  });
}
