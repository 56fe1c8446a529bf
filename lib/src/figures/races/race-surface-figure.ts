import { animate, chart, marks, palette, pickFrames, round, type Figure, type JsonObject } from '../chart';
import { heightScale, heightAt, inside, regionOf, surface } from '../../races/surface';
import type { Race, RaceFigureOptions } from './race-figure';
import { bends, drawnSteps } from './path';
import { describe, lookOf, raceLegend, sharedBy, stateAt } from './style';

/** How far above the ground the balls roll, as a part of its height: half of a ball would be inside it. */
const LIFT = 0.025;

/** The race in space: balls that roll down the ground, all in step. The reader can turn it. */
export function raceSurfaceFigure({ objective, runs }: Race, options: RaceFigureOptions): Figure {
  const { title, shown, frames = 24 } = options;
  const region = regionOf(objective, runs);
  const ground = surface(objective, region, 45);
  const { at: height, span, log, drawn } = heightScale(ground);
  const picked = pickFrames(Math.max(1, ...runs.map(({ steps }) => steps)) + 1, frames);
  const z = (loss: number): number => height(loss) + LIFT * span;

  /** What cannot be told apart in the drawing: a five-hundredth of its sides. */
  const fine = [...[region.x, region.y].map(([from, to]) => to - from), span].map((side) => side / 500);
  const paths = runs.map((run) => bends(drawnSteps(run, picked), (k) => [...run.path[k]!, height(run.loss[k]!)], fine));

  const moving = (f: number): JsonObject[] =>
    runs.flatMap((run, i) => {
      const head = stateAt(run, picked[f]!);
      const trail = [...paths[i]!.filter((k) => k < head.k).map((k) => stateAt(run, k)), head];
      // A point beside the shown ground is a gap in the path.
      const heights = trail.map(({ point, loss }) => (inside(region, point) ? z(loss) : null));
      return [
        round({ x: trail.map(({ point }) => point[0]), y: trail.map(({ point }) => point[1]), z: heights }, 3),
        round({ x: [head.point[0]], y: [head.point[1]], z: [inside(region, head.point) ? z(head.loss) : null] }, 3),
      ];
    });

  const land = marks.surface({
    x: ground.x,
    y: ground.y,
    z: drawn,
    digits: 3,
    // Lighter than a chart's greys: paths meet where the ground is lowest, and darkest.
    colors: [
      [0, palette.muted],
      [1, palette.shade],
    ],
    legend: false,
    level: { color: palette.data },
    extra: { opacity: 0.85 },
  });
  const goals = marks.dots({
    name: 'lowest point',
    x: objective.optima.map(([x]) => x),
    y: objective.optima.map(([, y]) => y),
    z: objective.optima.map((point) => z(heightAt(objective, point))),
    symbol: 'diamond',
    size: 6,
    color: palette.paper,
    edge: { color: palette.text, width: 2 },
  });
  const runners = runs.flatMap((run): JsonObject[] => {
    const { color, symbol } = lookOf(run.optimizer);
    const own = sharedBy(run, shown);
    const hover = `x %{x:.3~g}<br>y %{y:.3~g}<extra>${run.optimizer}</extra>`;
    return [
      marks.line({ ...own, color, width: 5 }),
      marks.dots({ ...own, color, symbol, size: 5, legend: false, hover }),
    ];
  });

  const side = (text: string, range?: readonly [number, number]): JsonObject => ({
    title: { text },
    gridcolor: palette.grid,
    backgroundcolor: palette.paper,
    showspikes: false,
    ...(range && { range: [...range] }),
  });
  const { margin, legend } = raceLegend(title, runs.length + 1);
  const figure = chart(options, {
    says: describe(title, runs),
    marks: [land, ...[goals, ...runners].map(marks.inSpace)],
    height: 500,
    legend: 'grouped',
    extra: {
      legend,
      margin: { ...(margin as JsonObject), b: 4 }, // no axis title below
      scene: {
        xaxis: side('x', region.x),
        yaxis: side('y', region.y),
        zaxis: { ...side(log ? 'loss (logarithm)' : 'loss'), showticklabels: false },
        aspectratio: { x: 1.2, y: 1.2, z: 0.7 },
        camera: { eye: { x: -1.16, y: -1.55, z: 1.02 }, center: { x: 0, y: 0, z: -0.2 } },
      },
    },
  });
  const states = picked.map((k, f) => ({ label: String(k), data: moving(f) }));
  return animate(figure, states, { prefix: 'step ' });
}
