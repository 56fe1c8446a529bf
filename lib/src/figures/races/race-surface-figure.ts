import { animate, chart, marks, palette, pickFrames, round, type Figure, type JsonObject } from '../chart';
import { heightScale, heightAt, inside, regionOf, surface } from '../../races/surface';
import type { Race, RaceFigureOptions } from './race-figure';
import { rangeOf } from '../chart/range';
import { bends, drawnSteps } from './path';
import { describe, findingOf, HILLS, lookOf, stateAt, optimizerTitle } from './style';

/** How far above the ground the balls roll, as a part of its height: half of a ball would be inside it. */
const LIFT = 0.025;

/** The race in space: balls that roll down the ground, all in step. The reader can turn it. */
export function raceSurfaceFigure({ objective, runs }: Race, options: RaceFigureOptions): Figure {
  const { frames = 24 } = options;
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
    colors: HILLS,
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
    size: 7,
    color: palette.text,
    edge: { color: palette.paper, width: 2 },
    hover: 'x %{x}<br>y %{y}',
  });
  const runners = runs.flatMap((run): JsonObject[] => {
    const { color, symbol } = lookOf(run.optimizer);
    const own = { name: optimizerTitle(run.optimizer), group: run.optimizer, color };
    const hover = `x %{x:.3~g}<br>y %{y:.3~g}<extra>${own.name}</extra>`;
    return [marks.line({ ...own, width: 5 }), marks.dots({ ...own, symbol, size: 6, legend: false, hover })];
  });

  const side = (text: string, extra: JsonObject): JsonObject => ({
    title: { text, font: { size: 13 } },
    tickfont: { size: 11 },
    nticks: 6,
    gridcolor: palette.grid,
    backgroundcolor: palette.paper,
    showspikes: false,
    zeroline: false,
    ...extra,
  });
  const figure = chart(options, {
    finding: findingOf(objective, runs),
    says: describe(runs),
    marks: [land, ...[goals, ...runners].map(marks.inSpace)],
    height: 560,
    legend: 'grouped',
    margin: { l: 16, r: 0, b: 0 },
    extra: {
      scene: {
        xaxis: side('x', { range: [...region.x] }),
        yaxis: side('y', { range: [...region.y] }),
        zaxis: side(log ? 'loss (logarithmic)' : 'loss', log ? powersOfTen(ground.z.flat(), height) : {}),
        aspectratio: { x: 1.35, y: 1.35, z: 0.75 },
        camera: { eye: { x: -1.22, y: -1.65, z: 1.15 }, center: { x: 0.02, y: 0, z: -0.24 } },
      },
    },
  });
  const states = picked.map((k, f) => ({ label: String(k), data: moving(f) }));
  return animate(figure, states, { prefix: 'step ' });
}

/** Ticks at the powers of ten that the ground has, where they are drawn. */
function powersOfTen(heights: readonly number[], at: (height: number) => number): JsonObject {
  const most = Math.log10(rangeOf(heights)[1]);
  const powers = [0, 1, 2, 3, 4, 5, 6].filter((power) => power <= most).slice(-4);
  return {
    tickvals: round(powers.map((power) => at(10 ** power))),
    ticktext: powers.map((power) => String(10 ** power)),
  };
}
