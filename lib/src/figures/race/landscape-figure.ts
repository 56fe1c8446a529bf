import { axis, baseLayout, palette, panelAxes, panels, round, type Figure, type JsonObject } from '../chart';
import { stableRange, type Ground } from '../../race/landscape';

/** Losses are drawn as factors of ten below the start's, down to this many. */
const DEEPEST = 6;

/**
 * Final loss against the learning rate, a panel for each ground and a row for each optimiser: the darker the lower. A
 * cross is where the run diverged, a dot the best rate, a line the range of rates that end below the start.
 */
export function landscapeFigure(name: string, title: string, grounds: Ground[]): Figure {
  const data = grounds.flatMap(({ landscapes, startLoss }, i): JsonObject[] => {
    const rows = [...landscapes].reverse(); // the first on top
    const names = rows.map(({ optimizer }) => optimizer);
    const depth = (loss: number | undefined): number | null =>
      loss === undefined
        ? null
        : Math.max(-1, Math.min(DEEPEST, Math.log10(startLoss / Math.max(loss, Number.MIN_VALUE))));
    const lost = rows.flatMap(({ optimizer, rates, diverged }) =>
      rates.flatMap((rate, k) => (diverged[k] === undefined ? [] : [[rate, optimizer] as const])),
    );
    const ranges = rows.flatMap(({ optimizer, ...rest }) => {
      const range = stableRange(rest, startLoss);
      return range ? [{ optimizer, ...range }] : [];
    });
    return [
      {
        type: 'heatmap',
        ...panelAxes(i),
        x: rows[0]!.rates,
        y: names,
        z: round(
          rows.map(({ losses }) => losses.map(depth)),
          3,
        ),
        zmin: -1,
        zmax: DEEPEST,
        ygap: 3,
        colorscale: palette.sequential,
        reversescale: true,
        showscale: i === 0,
        colorbar: {
          orientation: 'h',
          title: { side: 'top', text: 'final loss, in factors of ten below the start' },
          thickness: 14,
          y: -0.08,
          yanchor: 'top',
        },
        hovertemplate: 'rate %{x}<br>%{z:.2f} factors of ten below the start<extra>%{y}</extra>',
      },
      // Dark in a light casing: it stands out from every colour of the map.
      ...[
        { color: palette.paper, width: 4 },
        { color: palette.text, width: 1.5 },
      ].map((line, k) => ({
        type: 'scatter',
        mode: 'lines',
        name: 'ends below the start',
        ...panelAxes(i),
        line,
        hoverinfo: 'skip',
        x: ranges.flatMap(({ from, to }) => [from, to, null]),
        y: ranges.flatMap(({ optimizer }) => [optimizer, optimizer, null]),
        showlegend: i === 0 && k === 1,
      })),
      {
        type: 'scatter',
        mode: 'markers',
        name: 'best rate',
        showlegend: i === 0,
        ...panelAxes(i),
        x: ranges.map(({ best }) => best),
        y: ranges.map(({ optimizer }) => optimizer),
        marker: { color: palette.series[1]!, size: 9, line: { color: palette.paper, width: 1.5 } },
        hovertemplate: 'best rate %{x}<extra>%{y}</extra>',
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: 'diverged',
        showlegend: i === 0,
        ...panelAxes(i),
        x: lost.map(([rate]) => rate),
        y: lost.map(([, optimizer]) => optimizer),
        marker: { symbol: 'x-thin', size: 6, line: { color: palette.warning, width: 1.5 } },
        hovertemplate: 'diverged at rate %{x}<extra>%{y}</extra>',
      },
    ];
  });
  return {
    name,
    description: `${[title, ...grounds.map(groundInWords)].join('. ')}.`,
    data,
    layout: {
      ...baseLayout({ title, height: 380 * Math.ceil(grounds.length / 2) + 120, legend: true, headings: 1 }),
      ...panels({
        columns: 2,
        gapX: 0.06,
        gapY: 0.14,
        panels: grounds.map(({ name: ground }, i) => ({
          title: ground,
          x: axis({ title: 'learning rate', log: true }),
          y: axis({ title: '', extra: { tickfont: { size: 11 }, showticklabels: i % 2 === 0 } }),
        })),
      }),
    },
  };
}

/** `adam 0.1 (stable from 0.001 to 3)` for each optimiser: the best rate and the stable range. */
function groundInWords({ name, landscapes, startLoss }: Ground): string {
  const words = landscapes.map((landscape) => {
    const range = stableRange(landscape, startLoss);
    if (!range) return `${landscape.optimizer} never below the start`;
    return `${landscape.optimizer} ${range.best} (stable from ${range.from} to ${range.to})`;
  });
  return `${name}: ${words.join(', ')}`;
}
