import { axis, baseLayout, palette, round, seriesColor, type Figure, type JsonObject } from '../chart';
import type { Line } from '../../losses/line';
import type { LossGrid } from '../../regression/surface';
import { digits, logTicks, type LineRun } from './traces';

/** What a map of the loss shows. */
export interface LossSurfaceOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding, as the title. */
  title: string;
  /** The losses to map. */
  grid: LossGrid;
  /** The descents to draw, by what is said about each. */
  runs: Record<string, LineRun>;
  /** The slope's axis title, with its unit. Default: `slope`. */
  slopeTitle?: string;
  /** The intercept's axis title, with its unit. Default: `intercept`. */
  interceptTitle?: string;
  /** The loss's unit, if it has one. */
  lossUnit?: string;
  /** Draw one unit of slope as long as one of intercept, so that a round bowl looks round. Default: false. */
  equal?: boolean;
}

/** The loss as a map: one contour for each power of two or so, the exact fit, and the way that each descent took. */
export function lossContours(options: LossSurfaceOptions): Figure {
  const { name, title, grid, runs, slopeTitle = 'slope', interceptTitle = 'intercept', equal = false } = options;
  const { tickvals, ticktext } = decades(grid.loss);
  return {
    name,
    description: describe(options),
    data: [
      {
        type: 'contour',
        x: round(grid.slopes),
        y: round(grid.intercepts, 5),
        z: round(logarithms(grid.loss)),
        colorscale: palette.sequential,
        reversescale: true,
        ncontours: 24,
        line: { width: 0.5, color: palette.paper },
        colorbar: { title: { text: lossTitle(options) }, tickvals, ticktext, thickness: 14 },
        customdata: round(grid.loss, 3),
        hovertemplate: hover(options),
      },
      ...Object.entries(runs).map(([label, { records, loss }], i): JsonObject => ({
        type: 'scatter',
        name: label,
        ...path(records),
        ...told(options, label, loss),
        mode: 'lines+markers',
        line: { color: runColor(i), width: 2.5 },
        marker: { color: runColor(i), size: 6, line: { color: palette.paper, width: 1 } },
      })),
      {
        type: 'scatter',
        name: 'exact fit',
        mode: 'markers',
        hovertemplate: exactly(options),
        x: round([grid.exact.slope]),
        y: round([grid.exact.intercept], 5),
        marker: { symbol: 'star', size: 15, color: palette.paper, line: { color: palette.optimum, width: 2 } },
      },
    ],
    layout: {
      ...baseLayout({ title, legend: true, height: 500 }),
      xaxis: axis({
        title: slopeTitle,
        range: [grid.slopes[0]!, grid.slopes.at(-1)!],
        extra: equal ? { constrain: 'domain' } : {},
      }),
      yaxis: axis({
        title: interceptTitle,
        range: [grid.intercepts[0]!, grid.intercepts.at(-1)!],
        extra: equal ? { scaleanchor: 'x', constrain: 'domain' } : {},
      }),
    },
  };
}

/** The loss as a landscape, height on a logarithmic scale, with the ways of the descents on it. */
export function lossLandscape(options: LossSurfaceOptions): Figure {
  const { name, title, grid, runs, slopeTitle = 'slope', interceptTitle = 'intercept' } = options;
  const { tickvals, ticktext } = decades(grid.loss);
  return {
    name,
    description: describe(options),
    data: [
      {
        type: 'surface',
        x: round(grid.slopes),
        y: round(grid.intercepts, 5),
        z: round(logarithms(grid.loss)),
        colorscale: palette.sequential,
        reversescale: true,
        showscale: false,
        opacity: 0.9,
        hoverinfo: 'skip',
        contours: {
          x: { highlight: false },
          y: { highlight: false },
          z: {
            show: true,
            color: palette.paper,
            width: 1,
            start: tickvals[0]!,
            end: tickvals.at(-1)!,
            size: 0.2,
            highlight: false,
          },
        },
      },
      ...Object.entries(runs).map(([label, { records, loss }], i): JsonObject => ({
        type: 'scatter3d',
        name: label,
        ...path(records),
        z: round(loss.map((value) => Math.log10(value) + 0.02)),
        ...told(options, label, loss),
        mode: 'lines+markers',
        line: { color: runColor(i), width: 6 },
        marker: { color: runColor(i), size: 3 },
      })),
      {
        type: 'scatter3d',
        name: 'exact fit',
        mode: 'markers',
        hovertemplate: exactly(options),
        x: round([grid.exact.slope]),
        y: round([grid.exact.intercept], 5),
        z: round([Math.log10(grid.exact.mse) + 0.02]),
        marker: { symbol: 'diamond', size: 6, color: palette.optimum },
      },
    ],
    layout: {
      ...baseLayout({ title, legend: true, height: 470, extra: { margin: { t: 84, r: 16, b: 10, l: 16 } } }),
      scene: {
        xaxis: { title: { text: slopeTitle }, showspikes: false },
        yaxis: { title: { text: interceptTitle }, showspikes: false },
        zaxis: { title: { text: lossTitle(options) }, tickvals, ticktext, showspikes: false },
        // From one side of the valley, which runs from low slopes and high intercepts to the opposite where x is above
        // zero on average: seen along it, a level floor would seem to fall towards the viewer.
        camera: { eye: { x: 1.31, y: 1.01, z: 1.5 }, center: { x: 0, y: 0, z: -0.2 } },
        aspectmode: 'manual',
        aspectratio: { x: 1.3, y: 1.1, z: 0.5 },
      },
    },
  };
}

const lossTitle = ({ lossUnit }: LossSurfaceOptions): string => (lossUnit ? `loss (${lossUnit})` : 'loss');

/** What a place says to the mouse: its slope, its intercept, and the loss there, which the trace holds as `customdata`. */
function hover(
  options: LossSurfaceOptions,
  name = '',
  values = ['%{x:.4~g}', '%{y:.4~g}', '%{customdata:.4~g}'],
): string {
  const { slopeTitle = 'slope', interceptTitle = 'intercept' } = options;
  const titles = [slopeTitle, interceptTitle, lossTitle(options)];
  return `${titles.map((title, i) => `${title} ${values[i]}`).join('<br>')}<extra>${name}</extra>`;
}

/** What the states of a run say. */
const told = (options: LossSurfaceOptions, label: string, loss: number[]): JsonObject => ({
  customdata: round(loss),
  hovertemplate: `iteration %{pointNumber}<br>${hover(options, label)}`,
});

const exactly = (options: LossSurfaceOptions): string => {
  const { slope, intercept, mse } = options.grid.exact;
  return hover(options, 'exact fit', [slope, intercept, mse].map(digits));
};

/** On the map's dark and light the runs need colours that the map has not. */
const runColor = (i: number): string => [palette.warning, palette.start][i] ?? seriesColor(i);

const path = (records: Line[]): { x: number[]; y: number[] } => ({
  x: round(records.map(({ slope }) => slope)),
  y: round(
    records.map(({ intercept }) => intercept),
    6,
  ),
});

const logarithms = (loss: number[][]): number[][] => loss.map((row) => row.map((value) => Math.log10(value)));

/** Ticks for the logarithms of a loss, labelled with the loss. */
function decades(loss: number[][]): { tickvals: number[]; ticktext: string[] } {
  const all = loss.flat();
  const { tickvals, ticktext } = logTicks(
    all.reduce((a, b) => Math.min(a, b)),
    all.reduce((a, b) => Math.max(a, b)),
  );
  return { tickvals: round(tickvals.map((value) => Math.log10(value))), ticktext };
}

function describe({ title, grid, runs }: LossSurfaceOptions): string {
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
