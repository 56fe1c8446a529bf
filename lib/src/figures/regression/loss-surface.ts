import { chart, marks, palette, round, seriesColor, type Figure, type FindingOptions, type JsonObject } from '../chart';
import { rangeOf } from '../chart/range';
import { digits } from '../chart/words';
import type { LossGrid } from '../../regression/surface';
import { isAt, logTicks, type LineRun } from './traces';

/** A loss, and descents on it. */
export interface LossSurface {
  /** The losses to map. */
  grid: LossGrid;
  /** The descents to draw, by what is said about each. */
  runs: Record<string, LineRun>;
}

/** How a map of the loss is drawn. */
export interface LossSurfaceOptions extends FindingOptions {
  /** The slope's axis title, with its unit. Default: `slope`. */
  slopeTitle?: string;
  /** The intercept's axis title, with its unit. Default: `intercept`. */
  interceptTitle?: string;
  /** The mean squared error's unit, if it has one. */
  lossUnit?: string;
  /** Draw one unit of slope as long as one of intercept, so that a round bowl looks round. Default: false. */
  equal?: boolean;
}

/**
 * The mean squared error (MSE) as a map: one contour for each power of two or so, the exact fit, and the way that each descent took. Its title
 * says how much more it curves across than along, and how many ways end at the lowest point, unless one is given.
 */
export function lossContours({ grid, runs }: LossSurface, options: LossSurfaceOptions): Figure {
  const [slope, intercept, loss] = titlesOf(options);
  const { tickvals, ticktext } = decades(grid.loss);
  const square = options.equal ? { constrain: 'domain' } : {};
  const edge = { color: palette.paper, width: 1 };
  const finding = findingOf({ grid, runs });
  return chart(options, {
    finding,
    says: describe({ grid, runs }, options.title ?? finding),
    marks: [
      marks.contours({
        ...groundOf(grid),
        reverse: true,
        colorbar: { title: { text: loss }, tickvals, ticktext, thickness: 14 },
        hover: hover(options),
        extra: { line: { width: 0.5, color: palette.paper }, customdata: round(grid.loss, 3) },
      }),
      ...floorOf(grid, runs),
      ...Object.entries(runs).map(([name, run], i) =>
        marks.line({
          name,
          ...path(run, options),
          color: runColor(i),
          width: 2.5,
          // the first one large: there it began
          marker: { color: runColor(i), size: run.loss.map((_, k) => (k === 0 ? 11 : 6)), line: edge },
        }),
      ),
      marks.dots({
        ...exactFit(grid, options),
        symbol: 'star',
        size: 15,
        color: palette.paper,
        edge: { color: palette.optimum, width: 2 },
      }),
    ],
    legend: true,
    height: 500,
    x: { title: slope, range: rangeOf(grid.slopes), extra: square },
    y: {
      title: intercept,
      range: rangeOf(grid.intercepts),
      extra: { ...square, ...(options.equal && { scaleanchor: 'x' }) },
    },
  });
}

/** The mean squared error as a landscape, height on a logarithmic scale, with the ways of the descents on it. */
export function lossLandscape({ grid, runs }: LossSurface, options: LossSurfaceOptions): Figure {
  const { tickvals, ticktext } = decades(grid.loss);
  const few = tickvals.map((_, i) => i).filter((i) => Number.isInteger(tickvals[i])); // seen from above they lie close
  const level = { color: palette.paper, start: tickvals[0]!, end: tickvals.at(-1)!, size: 0.2 };
  /** What lies on the ground is drawn a little above it. */
  const above = (losses: number[]): number[] => round(losses.map((loss) => Math.log10(loss) + 0.02));
  const [x, y, z] = titlesOf(options).map((text) => ({ title: { text }, showspikes: false }));
  const finding = findingOf({ grid, runs });
  return chart(options, {
    finding,
    says: describe({ grid, runs }, options.title ?? finding),
    marks: [
      marks.surface({ ...groundOf(grid), reverse: true, level, extra: { opacity: 0.9 } }),
      ...Object.entries(runs).map(([name, run], i) => {
        const marker = { color: runColor(i), size: 3 };
        const way = path(run, options);
        return marks.inSpace(marks.line({ name, ...way, z: above(run.loss), color: runColor(i), width: 6, marker }));
      }),
      marks.inSpace(
        marks.dots({
          ...exactFit(grid, options),
          z: above([grid.exact.mse]),
          symbol: 'diamond',
          size: 6,
          color: palette.optimum,
        }),
      ),
    ],
    legend: true,
    height: 470,
    margin: { t: 84, r: 16, b: 10, l: 16 },
    extra: {
      scene: {
        xaxis: x,
        yaxis: y,
        zaxis: {
          ...z,
          ...(few.length > 1
            ? { tickvals: few.map((i) => tickvals[i]!), ticktext: few.map((i) => ticktext[i]!) }
            : { tickvals, ticktext }),
        },
        // From one side of the valley, which runs from low slopes and high intercepts to the opposite where x is above
        // zero on average: seen along it, a level floor would seem to fall towards the viewer.
        camera: { eye: { x: 1.26, y: 0.98, z: 1.45 }, center: { x: 0, y: 0, z: -0.34 } },
        aspectmode: 'manual',
        aspectratio: { x: 1.3, y: 1.1, z: 0.5 },
      },
    },
  });
}

/** From this condition number on the loss is called a valley. */
const VALLEY = 30;

/** How the ground is shaped, and who arrives. */
function findingOf({ grid: { slopes, intercepts, curvature, exact }, runs }: LossSurface): string {
  const times = Number(curvature.condition.toPrecision(2)).toLocaleString('en');
  const ground =
    curvature.condition < 1.5
      ? 'The MSE is a round bowl'
      : `The MSE is a ${curvature.condition < VALLEY ? 'bowl' : 'valley'}, curved ${times} times as much across as along`;
  const ends = Object.values(runs).map(({ records }) => records.at(-1)!);
  if (ends.length === 0) return ground;
  const side = (values: number[]): number => values.at(-1)! - values[0]!;
  const sides = { slope: side(slopes), intercept: side(intercepts) };
  return `${ground}: ${ends.filter((line) => isAt(line, exact, sides)).length} of ${ends.length} walks at the lowest point`;
}

/** The floor of a valley, the best slope for each intercept, with its name beside it where the runs are farthest. */
function floorOf({ slopes, intercepts, exact, curvature }: LossGrid, runs: LossSurface['runs']): JsonObject[] {
  if (curvature.condition < VALLEY) return [];
  const [[bySlope, mixed]] = curvature.hessian;
  const [low, high] = rangeOf(slopes);
  const floor = intercepts
    .map((y) => [exact.slope - (mixed / bySlope) * (y - exact.intercept), y] as const)
    .filter(([x]) => x >= low && x <= high);
  const [x, y] = [floor.map(([x]) => x), floor.map(([, y]) => y)];
  const taken = [exact, ...Object.values(runs).flatMap(({ records }) => records)].map(({ intercept }) => intercept);
  const [bottom, top] = rangeOf(intercepts);
  const edges = [bottom + 0.06 * (top - bottom), top - 0.06 * (top - bottom)];
  const free = ([, y]: readonly [number, number]): number =>
    Math.min(...[...taken, ...edges].map((at) => Math.abs(y - at)));
  const place = floor.reduce<readonly [number, number] | undefined>(
    (best, point) => (best && free(best) >= free(point) ? best : point),
    undefined,
  );
  // beside the floor, on the side that it goes away from downwards or upwards, within the frame
  const side = place && place[0] > (low + high) / 2 ? 'left' : 'right';
  const upward = mixed * bySlope > 0 === (side === 'right');
  return [
    marks.line({ x, y, digits: 5, color: palette.onScale, dash: 'dot', width: 1, legend: false }),
    ...(place
      ? [
          marks.text(
            {
              ...{ x: [place[0]], y: [place[1]], digits: 5, legend: false },
              extra: { text: ['\u2002the floor\u2002'], textposition: `${upward ? 'top' : 'bottom'} ${side}` },
            },
            { color: palette.onScale, size: 13, shadow: 'none' },
          ),
        ]
      : []),
  ];
}

/** What slope, intercept and loss are called. */
const titlesOf = ({ slopeTitle, interceptTitle, lossUnit }: LossSurfaceOptions): [string, string, string] => [
  slopeTitle ?? 'slope',
  interceptTitle ?? 'intercept',
  lossUnit ? `MSE (${lossUnit})` : 'MSE',
];

/** The ground: the logarithm of the loss at each slope and intercept. */
const groundOf = ({ slopes, intercepts, loss }: LossGrid) => ({
  x: round(slopes),
  y: intercepts,
  z: round(loss.map((row) => row.map((value) => Math.log10(value)))),
  digits: 5,
});

/** What a place says to the mouse: its slope, its intercept, and the loss there, which the trace holds as `customdata`. */
const hover = (options: LossSurfaceOptions, values = ['%{x:.4~g}', '%{y:.4~g}', '%{customdata:.4~g}']): string =>
  titlesOf(options)
    .map((title, i) => `${title} ${values[i]}`)
    .join('<br>');

/** The way of a run, and what its states say. */
const path = ({ records, loss }: LineRun, options: LossSurfaceOptions) => ({
  x: round(records.map(({ slope }) => slope)),
  y: records.map(({ intercept }) => intercept),
  digits: 6,
  hover: `iteration %{pointNumber}<br>${hover(options)}`,
  extra: { customdata: round(loss) },
});

/** The place of the exact fit, and what it says. */
const exactFit = ({ exact: { slope, intercept, mse } }: LossGrid, options: LossSurfaceOptions) => ({
  name: 'exact fit',
  x: [round(slope)],
  y: [intercept],
  digits: 5,
  hover: hover(options, [slope, intercept, mse].map(digits)),
});

/** On the map's dark and light the runs need colours that the map has not. */
const runColor = (i: number): string => [palette.warning, palette.start][i] ?? seriesColor(i);

/** Ticks for the logarithms of a loss, labelled with the loss. */
function decades(loss: number[][]): { tickvals: number[]; ticktext: string[] } {
  const { tickvals, ticktext } = logTicks(rangeOf(loss.flat()));
  return { tickvals: round(tickvals.map((value) => Math.log10(value))), ticktext };
}

function describe({ grid, runs }: LossSurface, title: string): string {
  const ways = Object.entries(runs).map(([label, { records, loss }]) => {
    const [from, to] = [records[0]!, records.at(-1)!];
    return (
      `${label}: from slope ${digits(from.slope)} and intercept ${digits(from.intercept)} to ${digits(to.slope)} and ` +
      `${digits(to.intercept)}, loss ${digits(loss.at(-1)!)}`
    );
  });
  return (
    `${title}. ${ways.join('; ')}. The least loss, ${digits(grid.exact.mse)}, is at slope ${digits(grid.exact.slope)} and ` +
    `intercept ${digits(grid.exact.intercept)}.`
  );
}
