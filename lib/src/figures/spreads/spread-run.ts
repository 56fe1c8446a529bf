import { animate, axis, chart, marks, palette, pickFrames, round } from '../chart';
import type { Figure, FindingOptions, JsonObject, Panel } from '../chart';
import { pickEvenly } from '../chart/frames';
import { rangeOf } from '../chart/range';
import { movers, turnedDegrees } from '../../spreads/moves';
import type { SpreadRecord } from '../../spreads/spread';
import { arrows, arrowsOf, besideTip, circle, circleAxes } from './circle';
import { capital, grouped, span } from './names';
import { globe, globeScene, movedOnGlobe, onGlobe } from './sphere';

/** What is drawn of a run: a part of what `spread` returns. */
export interface SpreadRunView {
  /** The loss after 0, 1, 2 ... updates. */
  loss: number[];
  /** The states to show, each with its least angle. */
  records: SpreadRecord[];
  /** The numbers of updates before each of them. */
  recorded: number[];
}

/** How the animation of a spread is drawn. */
export interface SpreadRunOptions extends FindingOptions {
  /** The least angle that could be reached, in degrees. */
  bestDegrees: number;
  /** The loss's unit, if it has one. */
  unit?: string;
  /** A logarithmic loss axis. Default: false. */
  log?: boolean;
  /** The index of a vector in the plane that is drawn in another colour and named, to be followed. Default: none. */
  marked?: { index: number; name: string };
  /** How many frames at most. Default 60. */
  frames?: number;
}

/** A point of each curve for so many iterations at most: what an eye can tell apart. */
const POINTS = 300;

/** Where the panels stand in the grid: the vectors over the full height on the left, the curves on the right. */
const [CIRCLE, LOSS, ANGLE] = [0, 1, 3] as const;

/** The part of the width between left and right. */
const GAP = 0.16;

/** How those are drawn over the vectors that move in a step. */
const MOVING = { name: 'moves in this step', legend: true, color: palette.warning, width: 4 };

/** How vectors are shown: what stays, what moves, that as a frame has it, and where. */
interface Ground {
  says: string;
  /** What the best is that a run is measured by: in the plane it is proven. */
  best: string;
  fixed: JsonObject[];
  moving: (vectors: number[][]) => JsonObject[];
  moved: (vectors: number[][]) => JsonObject[];
  axes: Panel | null;
  layout: JsonObject;
}

const plane: Ground = {
  says: 'vectors in the plane',
  best: 'the most there is',
  fixed: [circle(CIRCLE)],
  moving: (vectors) => [arrows(vectors, palette.model, CIRCLE)],
  moved: (vectors) => [round(arrowsOf(vectors))],
  axes: circleAxes(),
  layout: {},
};

const space: Ground = {
  says: 'points on the sphere',
  best: 'the most that is known',
  fixed: globe(),
  moving: onGlobe,
  moved: movedOnGlobe,
  axes: null,
  layout: { scene: { ...globeScene(), domain: { x: [0, (1 - GAP) / 2], y: [0, 1] } } },
};

/** Who moved in the step before each recorded state, where each step is recorded and most vectors stay where they are. */
function fewMovers({ records, recorded }: SpreadRunView): number[][] | undefined {
  if (records.length < 2 || recorded.some((iteration, i) => iteration !== i)) return undefined;
  const steps = movers({ records });
  const most = Math.max(...steps.map(({ length }) => length));
  return most > 0 && 2 * most <= records[0]!.vectors.length ? [[], ...steps] : undefined;
}

/** What is drawn over the vectors of the plane: those that move, and the marked one with its name. */
interface Overlay {
  looks: JsonObject[];
  /** The same as the frame of a state has it. */
  at: (state: number) => JsonObject[];
}

function overlayOf({ records }: SpreadRunView, few?: number[][], marked?: SpreadRunOptions['marked']): Overlay {
  return {
    looks: [
      ...(few ? [marks.line({ ...MOVING, panel: CIRCLE })] : []),
      ...(marked
        ? [
            arrows([records.at(-1)!.vectors[marked.index]!], palette.start, CIRCLE),
            marks.text(
              { panel: CIRCLE, legend: false, extra: { text: [marked.name], cliponaxis: false } },
              { color: palette.series[1]!, size: 12 },
            ),
          ]
        : []),
    ],
    at: (state) => {
      const { vectors } = records[state]!;
      const own = marked && vectors[marked.index]!;
      return [
        ...(few ? [arrowsOf(few[state]!.map((k) => vectors[k]!))] : []),
        ...(own ? [arrowsOf([own]), besideTip(own)] : []),
      ];
    },
  };
}

/** How many move at a time where these are few, or how far the marked one has turned, and where it all ends. */
function findingOf(run: SpreadRunView, few: number[][] | undefined, options: SpreadRunOptions): string {
  const { records, recorded } = run;
  const { bestDegrees, marked } = options;
  const { vectors, minAngleDegrees } = records.at(-1)!;
  const turned = marked && `${capital(marked.name)} turns ${turnedDegrees(run, marked.index).toFixed(0)}°`;
  const moved = few && `${span(rangeOf(few.slice(1).map(({ length }) => length)))} of ${vectors.length} vectors move at a time`; // prettier-ignore
  const reached = `${minAngleDegrees.toFixed(1)} of ${bestDegrees.toFixed(1)} degrees`;
  return [moved ?? turned ?? [], `${reached} after ${grouped(recorded.at(-1)!)} iterations`].flat().join('; ');
}

/**
 * A run in the plane or on the sphere, animated: the vectors on the left, loss and least angle against the iteration
 * right. Where few vectors of the plane move at a time, those are drawn in another colour. Its title says so, or how far
 * the marked one has turned, and where the least angle ends, unless there is one.
 */
export function spreadRunFigure(run: SpreadRunView, options: SpreadRunOptions): Figure {
  const { loss, records, recorded } = run;
  const { bestDegrees, unit, log, marked, frames = 60 } = options;
  const [first, last] = [records[0]!, records.at(-1)!];
  const isFlat = first.vectors[0]!.length < 3;
  const ground = isFlat ? plane : space;
  const iterations = recorded[records.length - 1]!;
  const picked = pickFrames(records.length, frames);
  // With the frames' own points, so that no dot stands beside its curve.
  const shown = picked.map((i) => recorded[i]!);
  const curve = pickEvenly(loss.length, POINTS, shown);
  const angles = pickEvenly(records.length, POINTS, picked);
  const losses = curve.map((i) => loss[i]!);
  const few = isFlat ? fewMovers(run) : undefined;
  const overlay = overlayOf(run, few, isFlat ? marked : undefined);
  const finding = findingOf(run, few, options);
  const dot = (panel: number): JsonObject => marks.dots({ panel, legend: false, size: 9 });
  const curves = { legend: false, width: 1.5 };
  const [least, most] = rangeOf(losses);
  const range = log ? ([least / 1.2, most * 1.2] as const) : rangeOf(losses, 0.05);
  const x = axis({ title: 'iteration', range: [-0.02 * iterations, 1.02 * iterations] });
  const y = axis({ title: 'loss', unit, log, range });
  const best = { x: 1, xref: 'x4 domain', xanchor: 'right', y: bestDegrees, yref: 'y4', yanchor: 'bottom' };
  const figure = chart(options, {
    finding,
    says:
      `${options.title ?? finding}. ${first.vectors.length} ${ground.says}. After ${iterations} iterations the least ` +
      `angle is ${last.minAngleDegrees.toFixed(2)} of ${bestDegrees.toFixed(2)} degrees; it began at ` +
      `${first.minAngleDegrees.toFixed(2)}.`,
    marks: [
      ...ground.fixed,
      marks.line({
        ...curves,
        panel: LOSS,
        x: curve,
        y: losses,
        hover: `iteration %{x}<br>loss %{y:.4~g}${unit ? ` ${unit}` : ''}`,
      }),
      marks.line({
        ...curves,
        panel: ANGLE,
        x: angles.map((i) => recorded[i]!),
        y: angles.map((i) => records[i]!.minAngleDegrees),
        hover: 'iteration %{x}<br>least angle %{y:.4~g}°',
      }),
      marks.best(bestDegrees, [0, iterations], { panel: ANGLE, legend: false, hover: `${ground.best}: %{y:.4~g}°` }),
      ...ground.moving(last.vectors),
      dot(LOSS),
      dot(ANGLE),
      ...overlay.looks,
    ],
    legend: few !== undefined,
    height: 480,
    grid: {
      columns: 2,
      gapX: GAP,
      gapY: 0.12,
      panels: [
        ground.axes,
        { x: { ...x, title: { text: '' }, showticklabels: false }, y },
        null,
        { x, y: axis({ title: 'least angle', unit: '°', range: [0, bestDegrees * 1.2] }) },
      ],
    },
    extra: {
      ...ground.layout,
      annotations: [marks.note(`${ground.best}: ${bestDegrees.toFixed(1)}°`, best, palette.optimum)],
    },
  });
  const states = picked.map((i) => {
    const { vectors, minAngleDegrees } = records[i]!;
    const dots = round([loss[recorded[i]!]!, minAngleDegrees].map((y) => ({ x: [recorded[i]!], y: [y] })));
    return { label: String(recorded[i]), data: [...ground.moved(vectors), ...dots, ...round(overlay.at(i))] };
  });
  return animate(figure, states);
}
