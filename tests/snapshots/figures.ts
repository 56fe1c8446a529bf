import {
  animate,
  axis,
  baseLayout,
  lossChart,
  palette,
  panelAxes,
  panels,
  round,
  type Figure,
} from '../../lib/src/figures';

const loss = Array.from({ length: 31 }, (_, i) => 100 * Math.exp(-i / 8) + 20);

/** A loss chart of two runs, with the least loss. */
export const losses = (): Figure =>
  lossChart(
    [
      { name: 'rate 0.1', loss },
      { name: 'rate 0.2', loss: loss.filter((_, i) => i % 2 === 0) },
    ],
    {
      name: 'test-losses',
      title: 'The larger rate is faster',
      description: 'Two losses fall from 120 to 22 and to 20.',
      unit: 'lb²',
      least: 20,
    },
  );

/** A line that turns, and its loss beside it, in step. */
export function turningLine(): Figure {
  const state = (k: number) => [
    { x: [0, 10], y: round([0, k / 3]) },
    { x: Array.from({ length: k + 1 }, (_, i) => i), y: round(loss.slice(0, k + 1)) },
  ];
  const [line, curve] = state(30);
  return animate(
    {
      name: 'test-turning-line',
      description: 'A line turns from flat to a slope of 1 while its loss falls.',
      data: [
        { type: 'scatter', mode: 'lines', ...line, line: { color: palette.model }, ...panelAxes(0) },
        { type: 'scatter', mode: 'lines', ...curve, line: { color: palette.model }, ...panelAxes(1) },
        {
          type: 'scatter',
          mode: 'markers',
          x: [2, 5, 8],
          y: [2, 5, 8],
          marker: { color: palette.data },
          ...panelAxes(0),
        },
      ],
      layout: {
        ...baseLayout({ title: 'The line turns until it meets the points, fast at first and slower and slower' }),
        ...panels({
          columns: 2,
          panels: [
            {
              title: 'the line',
              x: axis({ title: 'x', unit: 'in', range: [0, 10] }),
              y: axis({ title: 'y', unit: 'lb', range: [0, 10] }),
            },
            {
              title: 'its loss',
              x: axis({ title: 'iteration', range: [0, 30] }),
              y: axis({ title: 'loss', log: true, range: [10, 200] }),
            },
          ],
        }),
      },
    },
    [0, 1, 5, 30].map((k) => ({ label: String(k), data: state(k) })),
    { traces: [0, 1] },
  );
}

/** A surface: what needs WebGL. */
export const surface = (): Figure => ({
  name: 'test-surface',
  description: 'A bowl.',
  data: [
    {
      type: 'surface',
      z: [
        [2, 1, 2],
        [1, 0, 1],
        [2, 1, 2],
      ],
      colorscale: palette.sequential,
      showscale: false,
    },
  ],
  layout: baseLayout({ title: 'A bowl', height: 400 }),
});
