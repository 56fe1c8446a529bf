import { animate, axis, palette, panelAxes, panels, pickFrames, round, type Figure, type JsonObject } from '../chart';
import type { Objective } from '../../race/objectives';
import type { RaceRun } from '../../race/race';
import { heightScale, regionOf, surface } from '../../race/surface';
import { bends, drawnSteps } from './path';
import { optimizerBall, optimizerLine, raceLayout, runLabel, stateAt } from './style';

/** What the animation of a race shows. */
export interface RaceFigureOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding. */
  title: string;
  /** The surface that they race over. */
  objective: Objective;
  /** The runners, one path each. */
  runs: RaceRun[];
  /** The optimisers that are seen at once; the others wait in the legend. Default: all. */
  shown?: readonly string[];
  /** How many frames at most. Default 28. */
  frames?: number;
}

/** Losses below this are drawn here: a logarithmic axis has no zero. */
const FLOOR = 1e-8;

const floorLabel: JsonObject = {
  shapes: [
    {
      type: 'line',
      xref: 'x2 domain',
      x0: 0,
      x1: 1,
      yref: 'y2',
      y0: FLOOR,
      y1: FLOOR,
      layer: 'below',
      line: { color: palette.muted, width: 1, dash: 'dash' },
    },
  ],
  annotations: [
    {
      text: 'drawn no lower',
      xref: 'x2 domain',
      x: 0.02,
      xanchor: 'left',
      yref: 'y2',
      y: Math.log10(FLOOR),
      yanchor: 'bottom',
      showarrow: false,
      font: { size: 11, color: palette.data },
    },
  ],
};

/** The race from above, and beside it the losses: all paths move in step. */
export function raceFigure({ name, title, objective, runs, shown, frames = 28 }: RaceFigureOptions): Figure {
  const region = regionOf(objective, runs);
  const ground = surface(objective, region);
  const { at: height } = heightScale(ground);
  const longest = Math.max(1, ...runs.map(({ steps }) => steps));
  const picked = pickFrames(longest + 1, frames);
  const drawnLoss = (loss: number): number => Math.max(loss, FLOOR);
  const losses = runs.flatMap((run) => run.loss.filter(Number.isFinite)).map(drawnLoss);
  const startLoss = drawnLoss(runs[0]?.loss[0] ?? 1);
  const lossRange: [number, number] = [
    losses.reduce((a, b) => Math.min(a, b), startLoss) / 2,
    Math.min(
      losses.reduce((a, b) => Math.max(a, b), startLoss),
      startLoss * 1000,
    ) * 2,
  ];

  /** What cannot be told apart in the drawing: a thousandth of its sides. */
  const fine = [region.x, region.y].map(([from, to]) => (to - from) / 1000);
  const paths = runs.map((run) => bends(drawnSteps(run, picked), (k) => run.trajectory[k]!, fine));

  /** What moves, when frame f is shown: for each run its trail so far, its head, and its dot on the loss curve. */
  const moving = (f: number): JsonObject[] =>
    runs.flatMap((run, i) => {
      const { point, loss, k } = stateAt(run, picked[f]!);
      const trail = [...paths[i]!.filter((step) => step < k).map((step) => run.trajectory[step]!), point];
      return [
        {
          x: round(
            trail.map(([x]) => x),
            3,
          ),
          y: round(
            trail.map(([, y]) => y),
            3,
          ),
        },
        { x: round([point[0]]), y: round([point[1]]) },
        { x: [k], y: round([drawnLoss(loss)]) },
      ];
    });

  const common = (run: RaceRun): JsonObject => ({
    type: 'scatter',
    legendgroup: run.optimizer,
    name: runLabel(run),
    showlegend: false,
    visible: !shown || shown.includes(run.optimizer) ? true : 'legendonly',
  });
  const still: JsonObject[] = [
    {
      type: 'contour',
      x: round(ground.x),
      y: round(ground.y),
      z: round(
        ground.z.map((row) => row.map(height)),
        3,
      ),
      colorscale: palette.grey,
      reversescale: false,
      opacity: 0.55,
      showscale: false,
      ncontours: 24,
      hoverinfo: 'skip',
      contours: { coloring: 'heatmap' },
      line: { color: palette.muted, width: 0.6 },
      showlegend: false,
    },
    {
      type: 'scatter',
      mode: 'markers',
      ...round({ x: objective.optima.map(([x]) => x), y: objective.optima.map(([, y]) => y) }),
      // The palette's green is a runner's here.
      marker: { symbol: 'star', size: 15, color: palette.text, line: { color: palette.paper, width: 1.5 } },
      name: 'lowest point',
      showlegend: false,
      hovertemplate: 'x %{x}<br>y %{y}<extra>lowest point</extra>',
    },
    ...runs.map((run): JsonObject => {
      const curve = drawnSteps(run, picked);
      return {
        ...common(run),
        ...panelAxes(1),
        mode: 'lines',
        showlegend: true,
        x: curve,
        y: round(
          curve.map((k) => drawnLoss(run.loss[k]!)),
          3,
        ),
        line: { ...optimizerLine(run.optimizer), width: 1.5 },
        hovertemplate: `step %{x}<br>loss %{y:.3g}<extra>${run.optimizer}</extra>`,
      };
    }),
  ];
  const last = moving(picked.length - 1);
  const traces = runs
    .flatMap((run): JsonObject[] => [
      { ...common(run), mode: 'lines', line: { ...optimizerLine(run.optimizer), width: 2.5 }, hoverinfo: 'skip' },
      {
        ...common(run),
        mode: 'markers',
        hovertemplate: `x %{x:.4~g}<br>y %{y:.4~g}<extra>${run.optimizer}</extra>`,
        marker: { ...optimizerBall(run.optimizer), size: 10, line: { color: palette.paper, width: 1.5 } },
      },
      {
        ...common(run),
        ...panelAxes(1),
        mode: 'markers',
        hoverinfo: 'skip',
        marker: { ...optimizerBall(run.optimizer), size: 8 },
      },
    ])
    .map((trace, i) => ({ ...trace, ...last[i] }));

  const axes = panels({
    columns: 2,
    gapX: 0.19,
    widths: [1.25, 1],
    panels: [
      { x: axis({ title: 'x', range: region.x }), y: axis({ title: 'y', range: region.y }) },
      {
        x: axis({ title: 'step', range: [-0.03 * longest, 1.03 * longest] }),
        y: axis({
          title: 'loss',
          range: lossRange,
          log: true,
          extra: { dtick: Math.ceil(Math.log10(lossRange[1] / lossRange[0]) / 8) },
        }),
      },
    ],
  });
  const figure: Figure = {
    name,
    description: describe(title, runs),
    data: [...still, ...traces],
    layout: { ...raceLayout(title, runs.length), ...axes, ...(losses.includes(FLOOR) && floorLabel) },
  };
  return animate(
    figure,
    picked.map((k, f) => ({ label: String(k), data: moving(f) })),
    { traces: traces.map((_, i) => still.length + i), prefix: 'step ', duration: 90 },
  );
}

/** The text alternative: where each one ended. */
export function describe(title: string, runs: RaceRun[]): string {
  const ends = runs.map(
    (run) =>
      `${runLabel(run)}: loss ${run.finalLoss.toPrecision(3)} at ` +
      `(${run.final.map((value) => value.toPrecision(3)).join(', ')})`,
  );
  return `${title}. After ${Math.max(...runs.map(({ steps }) => steps))} steps: ${ends.join('; ')}.`;
}
