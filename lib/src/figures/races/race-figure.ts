import { animate, axis, chart, marks, palette, pickFrames, round } from '../chart';
import type { Figure, FigureOptions, JsonObject } from '../chart';
import { rangeOf } from '../chart/range';
import type { Objective } from '../../races/objectives';
import type { RaceRun } from '../../races/race';
import { heightScale, regionOf, surface } from '../../races/surface';
import { bends, drawnSteps } from './path';
import { describe, lookOf, raceLegend, sharedBy, stateAt } from './style';

/** A race: the surface that they run over, and the runners, one path each. */
export interface Race {
  /** The surface. */
  objective: Objective;
  /** The runs, as `race` returns them. */
  runs: readonly RaceRun[];
}

/** How the animation of a race is drawn. */
export interface RaceFigureOptions extends FigureOptions {
  /** The optimisers that are seen at once; the others wait in the legend. Default: all. */
  shown?: readonly string[];
  /** How many frames at most. Default 28, in space 24. */
  frames?: number;
}

/** Losses below this are drawn here: a logarithmic axis has no zero. */
const FLOOR = 1e-8;

/** Where it is, said in the panel of the losses. */
const floorLabel: JsonObject = {
  shapes: [
    marks.guide(
      { y: FLOOR },
      { color: palette.muted, width: 1, dash: 'dash' },
      { xref: 'x2 domain', yref: 'y2', layer: 'below' },
    ),
  ],
  annotations: [
    marks.note('drawn no lower', {
      xref: 'x2 domain',
      x: 0.02,
      xanchor: 'left',
      yref: 'y2',
      y: Math.log10(FLOOR),
      yanchor: 'bottom',
      font: { size: 11 },
    }),
  ],
};

/** The race from above, and beside it the losses: all paths move in step. */
export function raceFigure({ objective, runs }: Race, options: RaceFigureOptions): Figure {
  const { title, shown, frames = 28 } = options;
  const region = regionOf(objective, runs);
  const ground = surface(objective, region);
  const { drawn } = heightScale(ground);
  const longest = Math.max(1, ...runs.map(({ steps }) => steps));
  const picked = pickFrames(longest + 1, frames);
  const isStill = picked.length === 1; // its curves end where dots would stand
  const drawnLoss = (loss: number): number => Math.max(loss, FLOOR);
  const losses = runs.flatMap((run) => run.loss.filter(Number.isFinite)).map(drawnLoss);
  const startLoss = drawnLoss(runs[0]?.loss[0] ?? 1);
  const [least, most] = rangeOf([...losses, startLoss]);
  // whole decades: the axis stands while a control moves the start
  const decade = (loss: number, to: (x: number) => number): number => 10 ** to(Math.log10(loss));
  const lossRange = [decade(least, Math.floor), decade(Math.min(most, startLoss * 1000), Math.ceil)] as const;

  /** What cannot be told apart in the drawing: a thousandth of its sides. */
  const fine = [region.x, region.y].map(([from, to]) => (to - from) / 1000);
  const paths = runs.map((run) => bends(drawnSteps(run, picked), (k) => run.path[k]!, fine));

  /** What moves, when frame f is shown: for each run its trail so far, its head, and its dot on the loss curve. */
  const moving = (f: number): JsonObject[] =>
    runs.flatMap((run, i) => {
      const { point, loss, k } = stateAt(run, picked[f]!);
      const trail = [...paths[i]!.filter((step) => step < k).map((step) => run.path[step]!), point];
      return [
        round({ x: trail.map(([x]) => x), y: trail.map(([, y]) => y) }, 3),
        { x: round([point[0]]), y: round([point[1]]) },
        ...(isStill ? [] : [{ x: [k], y: round([drawnLoss(loss)]) }]),
      ];
    });

  const edge = { color: palette.paper, width: 1.5 };
  const map = marks.contours({
    x: ground.x,
    y: ground.y,
    z: drawn,
    digits: 3,
    colors: palette.grey,
    reverse: false,
    legend: false,
    extra: { opacity: 0.45, line: { color: palette.muted, width: 0.6 } },
  });
  const goals = marks.dots({
    name: 'lowest point',
    legend: false,
    x: objective.optima.map(([x]) => x),
    y: objective.optima.map(([, y]) => y),
    symbol: 'star',
    size: 15,
    color: palette.text, // the palette's green is a runner's here
    edge,
    hover: 'x %{x}<br>y %{y}',
  });
  const curves = runs.map((run) => {
    const steps = drawnSteps(run, picked);
    const { color, dash } = lookOf(run.optimizer);
    return marks.line({
      ...sharedBy(run, shown),
      panel: 1,
      legend: true,
      x: steps,
      y: steps.map((k) => drawnLoss(run.loss[k]!)),
      digits: 3,
      color,
      dash,
      width: 1.5,
      hover: `step %{x}<br>loss %{y:.3g}<extra>${run.optimizer}</extra>`,
    });
  });
  const runners = runs.flatMap((run): JsonObject[] => {
    const { color, dash, symbol } = lookOf(run.optimizer);
    const own = { ...sharedBy(run, shown), legend: false };
    const hover = `x %{x:.4~g}<br>y %{y:.4~g}<extra>${run.optimizer}</extra>`;
    return [
      marks.line({ ...own, color, dash, width: 2.5 }),
      marks.dots({ ...own, color, symbol, size: 10, edge, hover }),
      ...(isStill ? [] : [marks.dots({ ...own, color, symbol, panel: 1 })]),
    ];
  });
  const decades = Math.ceil(Math.log10(lossRange[1] / lossRange[0]) / 8);
  const figure = chart(options, {
    says: describe(title, runs),
    marks: [map, goals, ...curves, ...runners],
    height: 500,
    legend: 'grouped',
    grid: {
      columns: 2,
      gapX: 0.19,
      widths: [1.25, 1],
      panels: [
        { x: axis({ title: 'x', range: region.x }), y: axis({ title: 'y', range: region.y }) },
        {
          x: axis({ title: 'step', range: [-0.03 * longest, 1.03 * longest] }),
          y: axis({ title: 'loss', range: lossRange, log: true, extra: { dtick: decades } }),
        },
      ],
    },
    extra: { ...raceLegend(title, runs.length), ...(losses.includes(FLOOR) && floorLabel) },
  });
  const states = picked.map((k, f) => ({ label: String(k), data: moving(f) }));
  return animate(figure, states, { prefix: 'step ' });
}
