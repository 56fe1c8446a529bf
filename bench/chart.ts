// The ratios as a chart.
import { figures } from 'descent-lab';
import type { Row } from './compare';

const COLOURS: Record<string, string> = { eager: figures.palette.model, 'tf.function': figures.palette.start };

const TICKS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100];

/** One line for each comparison that has a target: the ratio with its middle half, and the target. */
export function ratioFigure(rows: readonly Row[]): figures.Figure {
  const bars = rows
    .flatMap((row) =>
      row.comparisons.flatMap(({ ours, against, ratio, target }) =>
        target === undefined
          ? []
          : [
              {
                against,
                name: `${row.what}, ${row.point}${ours === 'ours' ? '' : `, ${ours}`} / ${against}`,
                ...ratio,
                target,
              },
            ],
      ),
    )
    .reverse();
  const names = bars.map(({ name }) => name);
  const shown = bars.flatMap(({ median, target }) => [median, target]);
  const slower = bars.filter(({ median }) => median > 1).length;
  return {
    name: 'benchmark-ratios',
    description: `Time of this project by time of what it is compared with: ${bars.map(({ name, median }) => `${name} ${median.toFixed(2)}`).join('; ')}.`,
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'ratio, middle half of the rounds',
        x: bars.map(({ median }) => median),
        y: names,
        marker: { size: 9, color: bars.map(({ against }) => COLOURS[against] ?? figures.palette.optimum) },
        error_x: {
          type: 'data',
          symmetric: false,
          array: bars.map(({ median, high }) => high - median),
          arrayminus: bars.map(({ median, low }) => median - low),
          color: figures.palette.muted,
          thickness: 2,
          width: 3,
        },
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'target',
        x: bars.map(({ target }) => target),
        y: names,
        marker: { size: 14, symbol: 'line-ns-open', color: figures.palette.warning, line: { width: 2 } },
      },
    ],
    layout: {
      ...figures.baseLayout({
        title: `Faster in ${bars.length - slower} of ${bars.length} comparisons`,
        legend: true,
        width: 860,
        height: 130 + 24 * bars.length,
      }),
      xaxis: figures.axis({
        title: "our time by the other's (left of 1 is faster)",
        log: true,
        range: [Math.min(...shown) / 2, Math.max(...shown) * 2],
        extra: { tickvals: TICKS, ticktext: TICKS.map(String) },
      }),
      yaxis: { ...figures.axis({ title: '' }), type: 'category', range: [-0.6, bars.length - 0.4] },
      shapes: [
        { type: 'line', x0: 1, x1: 1, y0: 0, y1: 1, yref: 'paper', line: { color: figures.palette.text, width: 1 } },
      ],
    },
  };
}
