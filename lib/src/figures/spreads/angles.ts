import { axis, chart, marks, palette, type Figure, type FindingOptions, type JsonObject } from '../chart';
import { rangeOf } from '../chart/range';
import { DescentError } from '../../errors';
import { grouped } from './names';
import { anglesDegrees, minAngleDegrees, pairAnglesDegrees } from '../../spreads/measure';

/** The same vectors before and after a descent, each as an array of vectors. */
export interface BeforeAndAfter {
  /** Where it began. */
  before: number[][];
  /** Where it ended. */
  after: number[][];
}

/** The most vectors that `angleMapsFigure` draws: it writes a number for each two of them. */
export const MOST_IN_ANGLE_MAPS = 1000;

/** From where to where the angles go, before and after, in one sentence. */
const finding = ({ before, after }: BeforeAndAfter): string => {
  const [from, to] = [before, after].map((vectors) =>
    [...new Set(rangeOf(pairAnglesDegrees(vectors)).map((angle) => `${angle.toFixed(1)}°`))].join(' to '),
  );
  return `The angles between ${before.length} vectors: ${from} before, ${to} after`;
};

/**
 * Heat maps of the angles between all vectors before and after a descent, in degrees, with one colour scale that begins
 * at a ten below the least; a vector has none with itself. Its title gives the angles' range, unless there is one.
 * @throws DescentError for more vectors than such a map can show
 */
export function angleMapsFigure({ before, after }: BeforeAndAfter, options: FindingOptions): Figure {
  if (before.length > MOST_IN_ANGLE_MAPS) {
    throw new DescentError(
      `a map shows the angles of ${MOST_IN_ANGLE_MAPS} vectors at most, not of ` +
        `${before.length}: draw their histogram`,
    );
  }
  const states = [before, after].map((vectors, i) => ({
    heading: i === 0 ? 'before' : 'after',
    angles: anglesDegrees(vectors).map((row, j) => row.map((angle, k) => (j === k ? null : angle))),
    least: `least angle ${minAngleDegrees(vectors).toFixed(2)}°`,
  }));
  const [first, last] = states.map(({ least }) => least);
  const [low, high] = rangeOf([before, after].flatMap((vectors) => rangeOf(pairAnglesDegrees(vectors))));
  const square = { constrain: 'domain', showgrid: false };
  return chart(options, {
    finding: finding({ before, after }),
    says:
      `The angles between all pairs of ${before.length} vectors in ${before[0]!.length} dimensions. ` +
      `Before: ${first}. After: ${last}.`,
    marks: states.map(({ angles }, panel) =>
      marks.cells({ panel, z: angles, digits: 3, hover: 'vectors %{x} and %{y}: %{z}°', coloraxis: 'coloraxis' }),
    ),
    height: 480,
    headings: 2,
    grid: {
      columns: 2,
      panels: states.map(({ heading, least }, i) => {
        const down = { constraintoward: 'top', autorange: 'reversed', scaleanchor: i === 0 ? 'x' : 'x2' };
        return {
          x: axis({ title: 'vector', extra: square }),
          y: axis({ title: 'vector', titled: i === 0, extra: { ...square, ...down } }),
          title: `<b>${heading}</b><br>${least}`,
        };
      }),
    },
    extra: {
      coloraxis: {
        colorscale: palette.sequential,
        cmin: 10 * Math.floor(low / 10),
        cmax: 10 * Math.ceil(high / 10),
        colorbar: {
          title: { text: 'angle (°)', side: 'top' },
          orientation: 'h',
          thickness: 14,
          y: -0.18,
          yanchor: 'top',
        },
      },
    },
  });
}

/**
 * Histograms of the angles between all pairs, before and after a descent. Its title says how many pairs end within a
 * tenth of a degree, unless there is one.
 */
export function angleHistogramFigure({ before, after }: BeforeAndAfter, options: FindingOptions): Figure {
  const states = [
    { name: 'before', color: palette.start, angles: pairAnglesDegrees(before) },
    { name: 'after', color: palette.optimum, angles: pairAnglesDegrees(after) },
  ].map((state) => ({ ...state, range: rangeOf(state.angles) }));
  const [low, high] = rangeOf(states.flatMap(({ range: [least, most] }) => [Math.floor(least), Math.ceil(most)]));
  const bin = Math.max(0.5, (high - low) / 60);
  const edges = Array.from({ length: Math.ceil((high - low) / bin) }, (_, i) => low + (i + 0.5) * bin);
  const [first, last] = states.map(({ range }) => range.map((angle) => angle.toFixed(2)).join(' to '));
  const ended = pairAnglesDegrees(after);
  const most = mostWithin(ended, 0.1);
  return chart(options, {
    finding: `Of ${grouped(ended.length)} pairs ${most === ended.length ? 'all' : grouped(most)} end within 0.1° of one angle`,
    says:
      `Histogram of the angles between ${before.length} vectors, before the descent: ` +
      `${first} degrees, after it: ${last} degrees.`,
    marks: states.map(({ name, color, angles }): JsonObject => {
      const counts = edges.map(() => 0);
      for (const angle of angles) counts[Math.min(edges.length - 1, Math.floor((angle - low) / bin))]! += 1;
      const hover = '%{y} pairs at about %{x:.1f}°';
      return marks.bars({ name, x: edges, y: counts, color, hover, extra: { opacity: 0.8, width: bin } });
    }),
    legend: true,
    height: 400,
    x: { title: 'angle between two vectors', unit: '°' },
    y: { title: 'pairs' },
    extra: { barmode: 'overlay' },
  });
}

/** How many of some values lie in a window of that width, where most do. */
function mostWithin(values: Float64Array, width: number): number {
  const sorted = values.slice().sort();
  let most = 0;
  for (let from = 0, to = 0; to < sorted.length; to++) {
    while (sorted[to]! - sorted[from]! > width) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}
