import { animate, axis, chart, marks, palette, pickFrames, round } from '../chart';
import type { Figure, FindingOptions, JsonObject } from '../chart';
import { labelsBeside, roomFor } from '../chart/beside';
import { rangeOf, ticksUpTo } from '../chart/range';
import type { Objective } from '../../races/objectives';
import type { RaceRun } from '../../races/race';
import { heightScale, regionOf, surface } from '../../races/surface';
import { bends, drawnSteps } from './path';
import { describe, findingOf, HILLS, labelOf, lookOf, stateAt, optimizerTitle } from './style';

/** A race: the surface that they run over, and the runners, one path each. */
export interface Race {
  /** The surface. */
  objective: Objective;
  /** The runs, as `race` returns them. */
  runs: readonly RaceRun[];
}

/** How the animation of a race is drawn. */
export interface RaceFigureOptions extends FindingOptions {
  /** How many frames at most; one alone makes a still, for `interact`. Default 40, in space 24. */
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
    marks.note('or lower', {
      xref: 'x2 domain',
      x: 0.1,
      xanchor: 'left',
      yref: 'y2',
      y: Math.log10(FLOOR),
      yanchor: 'bottom',
      font: { size: 11 },
    }),
  ],
};

/** About how large the two panels are, in pixels: as in narrow windows, so that names stay apart there too. */
const [MAP, LOSSES] = [
  { width: 250, height: 230 },
  { width: 155, height: 230 },
];
/** The part of the losses' panel, left of the first step, that shows the map's greys. */
const STRIP = 0.05;

/**
 * The race from above, and beside it the losses: all paths move in step, each with its name at its head. The greys of the
 * map stand beside the axis of the losses.
 */
export function raceFigure({ objective, runs }: Race, options: RaceFigureOptions): Figure {
  const { frames = 40 } = options;
  const region = regionOf(objective, runs);
  const ground = surface(objective, region);
  const { at: height, drawn } = heightScale(ground);
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
  const looks = runs.map((run) => lookOf(run.optimizer));
  const colours = looks.map(({ color }) => color);

  /** What cannot be told apart in the drawing: a thousandth of its sides. */
  const fine = [region.x, region.y].map(([from, to]) => (to - from) / 1000);
  const paths = runs.map((run) => bends(drawnSteps(run, picked), (k) => run.path[k]!, fine));

  /** What moves, when frame f is shown: each trail so far, the heads, their names, and the dots on the loss curves. */
  const moving = (f: number): JsonObject[] => {
    const states = runs.map((run) => stateAt(run, picked[f]!));
    const trails = runs.map((run, i) => [
      ...paths[i]!.filter((step) => step < states[i]!.k).map((step) => run.path[step]!),
      states[i]!.point,
    ]);
    const heads = runs.map((run, i) => {
      const [x, y] = states[i]!.point;
      return { text: labelOf(run), x, y };
    });
    const crowd = [...objective.optima, ...heads.map(({ x, y }) => [x, y] as const)];
    const dots = { x: states.map(({ k }) => k), y: round(states.map(({ loss }) => drawnLoss(loss))) };
    return [
      ...trails.map((trail) => round({ x: trail.map(([x]) => x), y: trail.map(([, y]) => y) }, 3)),
      round({ x: heads.map(({ x }) => x), y: heads.map(({ y }) => y) }),
      round(labelsBeside(heads, { ...region, ...MAP, crowd })),
      ...(isStill ? [] : [dots]),
    ];
  };

  const edge = { color: palette.paper, width: 1.5 };
  const heights = rangeOf(drawn.flat().filter(Number.isFinite));
  const map = marks.contours({
    x: ground.x,
    y: ground.y,
    z: drawn,
    digits: 3,
    colors: HILLS,
    range: heights,
    legend: false,
    extra: { line: { color: palette.data, width: 0.5 }, autocontour: false, contours: linesOver(heights) },
  });
  const [stripLeft, right] = [-STRIP * longest, longest / (1 - roomFor(runs.map(labelOf), LOSSES.width))];
  const levels = Array.from({ length: 100 }, (_, i) => lossRange[0] * (lossRange[1] / lossRange[0]) ** (i / 99));
  const strip = marks.cells({
    panel: 1,
    x: [1.5 * stripLeft, 0.5 * stripLeft],
    y: levels,
    z: levels.map((loss) => [height(loss), height(loss)]),
    digits: 3,
    colors: HILLS,
    range: heights,
    legend: false,
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
  const curves = runs.map((run, i) => {
    const steps = drawnSteps(run, picked);
    const { color, dash } = looks[i]!;
    return marks.line({
      name: optimizerTitle(run.optimizer),
      panel: 1,
      x: steps,
      y: steps.map((k) => drawnLoss(run.loss[k]!)),
      digits: 3,
      color,
      dash,
      width: 1.5,
      hover: 'step %{x}<br>loss %{y:.3g}',
    });
  });
  const ends = labelsBeside(
    runs.map((run) => ({ text: labelOf(run), x: run.steps, y: Math.log10(drawnLoss(run.loss.at(-1) ?? startLoss)) })),
    { ...LOSSES, x: [2 * stripLeft, right], y: [Math.log10(lossRange[0]), Math.log10(lossRange[1])] },
  );
  const names = { color: colours, size: 11 };
  const symbols = looks.map(({ symbol }) => symbol);
  const told = {
    text: runs.map(({ optimizer }) => optimizerTitle(optimizer)),
    marker: { color: colours, symbol: symbols },
  };
  const head = { size: 11, line: edge };
  const decades = Math.ceil(Math.log10(lossRange[1] / lossRange[0]) / 8);
  const figure = chart(options, {
    finding: findingOf(objective, runs),
    says: describe(runs),
    marks: [
      map,
      goals,
      strip,
      ...curves,
      marks.text(
        {
          panel: 1,
          ...ends,
          y: ends.y.map((y) => 10 ** y),
          extra: { text: ends.text, textposition: ends.textposition, cliponaxis: false },
        },
        names,
      ),
      ...runs.map(({ optimizer }, i) => marks.line({ name: optimizerTitle(optimizer), width: 2.5, ...looks[i] })),
      marks.dots({
        hover: 'x %{x:.4~g}<br>y %{y:.4~g}<extra>%{text}</extra>',
        extra: { ...told, marker: { ...told.marker, ...head } },
      }),
      marks.text({}, names),
      ...(isStill ? [] : [marks.dots({ panel: 1, extra: { ...told, marker: { ...told.marker, size: 7 } } })]),
    ],
    height: 470,
    grid: {
      columns: 2,
      gapX: 0.21,
      panels: [
        { x: axis({ title: 'x', range: region.x }), y: axis({ title: 'y', range: region.y }) },
        {
          x: axis({ title: 'step', range: [2 * stripLeft, right], extra: { tickvals: ticksUpTo(longest) } }),
          y: axis({
            title: 'loss',
            unit: 'greys as on the map',
            range: lossRange,
            log: true,
            extra: { dtick: decades },
          }),
        },
      ],
    },
    extra: losses.includes(FLOOR) ? floorLabel : {},
  });
  const states = picked.map((k, f) => ({ label: String(k), data: moving(f) }));
  return animate(figure, states, { prefix: 'step ' });
}

/** Where a map has its lines. Plotly would keep those that it has chosen for another ground that a control showed before. */
function linesOver([low, high]: readonly [number, number], count = 20): JsonObject {
  const size = (high - low) / count;
  return round({ start: low + size / 2, end: high, size }, 3);
}
