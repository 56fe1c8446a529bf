import { chart, marks, palette, type Figure, type FindingOptions, type JsonObject } from '../chart';
import { lengthOf } from '../../spreads/measure';
import { arrows, besideTip, circle, circleAxes } from './circle';

/** Vectors in the plane, and where a step would push each: minus a loss's gradient, as long as the step. */
export interface Pushes {
  /** Unit vectors of two numbers. */
  vectors: number[][];
  /** As many: the push of each. */
  pushes: number[][];
  /** What each is called, beside its tip. Default: `1`, `2` ... */
  names?: string[];
}

/** Shorter pushes are none: no arrow is drawn. */
const NO_PUSH = 1e-6;

/** Vectors in the plane, and an arrow from each tip where a step pushes it. Its title counts those pushed, unless there is one. */
export function pushesFigure({ vectors, pushes, names }: Pushes, options: FindingOptions): Figure {
  const pushed = pushes.map((push) => lengthOf(push) > NO_PUSH);
  const count = pushed.filter(Boolean).length;
  const finding = `The gradient pushes ${count} of ${vectors.length} vectors and leaves the others where they are`;
  const named = vectors.map((_, i) => names?.[i] ?? String(i + 1));
  const told = named.map((name, i) => `${name} ${pushed[i] ? 'is pushed' : 'is not'}`);
  return chart(options, {
    finding: count === vectors.length ? `The gradient pushes all ${count} vectors` : finding,
    says: `${vectors.length} vectors on the unit circle, an arrow from each tip where the step pushes it: ${told.join(', ')}.`,
    marks: [
      circle(0),
      arrows(vectors, palette.model, 0),
      ...vectors.map((vector, i) =>
        marks.text(
          { panel: 0, extra: { ...besideTip(vector), text: [named[i]!], cliponaxis: false } },
          { color: palette.model, size: 14 },
        ),
      ),
    ],
    height: 380,
    margin: { b: 16 }, // no axis title below
    grid: { columns: 1, panels: [circleAxes('x', 1.2)] },
    extra: { annotations: vectors.flatMap((tip, i) => (pushed[i] ? [arrowFrom(tip, pushes[i]!)] : [])) },
  });
}

/** An arrow from a point along a push, as one of the layout's annotations. */
const arrowFrom = ([x, y]: number[], [dx, dy]: number[]): JsonObject => ({
  text: '',
  showarrow: true,
  ...{ ax: x!, ay: y!, axref: 'x', ayref: 'y' },
  ...{ x: x! + dx!, y: y! + dy!, xref: 'x', yref: 'y' },
  ...{ arrowhead: 2, arrowsize: 1.2, arrowwidth: 2.5, arrowcolor: palette.warning },
});
