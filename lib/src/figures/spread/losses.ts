import {
  axis,
  baseLayout,
  OPTIMUM_LINE,
  palette,
  panelAxes,
  panels,
  round,
  seriesColor,
  type Figure,
  type JsonObject,
} from '../chart';

/** Where one loss ends, on average over seeds, as in data/spread-losses.csv; angles in degrees. */
export interface LossRow {
  vectors: number;
  dimensions: number;
  loss: string;
  mean: number;
  bestKnown: number;
}

/** What share of the best known angle each of the article's losses reaches, one group of bars for each case. */
export function lossShareFigure(
  rows: LossRow[],
  { name, title, groups }: { name: string; title: string; groups: 'dimensions' | 'vectors' },
): Figure {
  const losses = [...new Set(rows.map((row) => row.loss))];
  return {
    name,
    description: `${title}. The least angle that each loss ends with: ${rows
      .map(
        (row) =>
          `${row.vectors} in ${row.dimensions}-D, ${row.loss}: ` +
          `${row.mean.toFixed(1)} of ${row.bestKnown.toFixed(1)} degrees`,
      )
      .join('; ')}.`,
    data: losses.map((loss, i): JsonObject => {
      const some = rows.filter((row) => row.loss === loss).sort((a, b) => a[groups] - b[groups]);
      return {
        type: 'bar',
        name: loss,
        marker: { color: seriesColor(i) },
        x: some.map((row) => String(row[groups])),
        y: round(some.map((row) => (100 * row.mean) / row.bestKnown)),
        hovertemplate: `%{x} ${groups === 'dimensions' ? groups : 'points'}<br>%{y:.1f} % of the best known angle<extra>${loss}</extra>`,
        // Upright inside the bars, the angles fit at every width.
        ...(groups === 'dimensions' && {
          text: some.map((row) => `${row.mean.toFixed(1)}°`),
          textposition: 'inside',
          insidetextanchor: 'end',
          textangle: -90,
          textfont: { color: palette.paper },
        }),
      };
    }),
    layout: {
      ...baseLayout({ title, legend: true }),
      barmode: 'group',
      xaxis: axis({
        title: groups === 'dimensions' ? 'dimensions' : 'points on the sphere',
        extra: { type: 'category' },
      }),
      yaxis: axis({ title: 'least angle, share of the best known', unit: '%', range: [0, 103] }),
    },
  };
}

/** The time of one iteration, as in data/spread-costs.csv. */
export interface CostRow {
  loss: string;
  vectors: number;
  dimensions: number;
  milliseconds: number;
}

/** Times that grow by less than this, while the work grows, are mostly the operations' fixed cost. */
const FLAT = 1.5;

/** Milliseconds for an iteration against the number of vectors, a panel for each loss and a line for each dimension. */
export function costFigure(rows: CostRow[]): Figure {
  const losses = [...new Set(rows.map((row) => row.loss))],
    dimensions = [...new Set(rows.map((row) => row.dimensions))];
  const lines = losses
    .flatMap((loss, panel) =>
      dimensions.map((d, k) => ({
        loss,
        d,
        panel,
        k,
        rows: rows.filter((row) => row.loss === loss && row.dimensions === d).sort((a, b) => a.vectors - b.vectors),
      })),
    )
    .filter((line) => line.rows.length > 0);
  const counts = [...new Set(rows.map((row) => row.vectors))].sort((a, b) => a - b);
  const times = rows.map((row) => row.milliseconds);
  const rangeY: [number, number] = [Math.min(...times) / 1.5, Math.max(...times) * 1.5];
  const rangeX: [number, number] = [counts[0]! / 1.3, counts.at(-1)! * 1.3];
  const factors = (from: number, to: number): number[] =>
    lines.flatMap(({ rows: own }) => {
      const [first, last] = [from, to].map((count) => own.find(({ vectors }) => vectors === count)?.milliseconds);
      return first && last ? [last / first] : [];
    });
  const flat = counts.filter((count) => factors(counts[0]!, count).every((factor) => factor < FLAT)).at(-1)!;
  const [before, most] = [counts.at(-2) ?? counts[0]!, counts.at(-1)!];
  const last = [
    ...new Set(
      factors(before, most)
        .sort((a, b) => a - b)
        .map((factor) => factor.toFixed(1)),
    ),
  ];
  const finding =
    `Up to ${flat} vectors an iteration costs little more than for ${counts[0]}; from ${before} to ${most}, ` +
    `${[last[0], last.at(-1)].slice(last.length > 1 ? 0 : 1).join(' to ')} times as much`;
  return {
    name: 'spread-costs',
    description:
      `Time of one iteration for ${counts[0]} to ${most} vectors, from ${Math.min(...times)} to ` +
      `${Math.max(...times)} milliseconds. ${finding}: first each operation's fixed cost rules, then the square of the ` +
      'number of vectors.',
    data: lines.map(({ loss, d, panel, k, rows: own }): JsonObject => ({
      type: 'scatter',
      mode: 'lines+markers',
      x: own.map((row) => row.vectors),
      y: own.map((row) => row.milliseconds),
      hovertemplate: `${loss}<br>%{x} vectors: %{y:.3~g} ms an iteration<extra>${d} dimensions</extra>`,
      line: { color: seriesColor(k) },
      name: `${d} dimensions`,
      showlegend: panel === 0,
      ...panelAxes(panel),
    })),
    layout: {
      ...baseLayout({ title: finding, legend: true, height: 440, headings: 1 }),
      ...panels({
        columns: losses.length,
        gapX: 0.08,
        panels: losses.map((loss, i) => ({
          x: axis({ title: 'vectors', log: true, range: rangeX }),
          title: loss,
          y: axis({
            title: i === 0 ? 'an iteration' : '',
            unit: i === 0 ? 'ms' : undefined,
            log: true,
            range: rangeY,
            extra: { showticklabels: i === 0 },
          }),
        })),
      }),
    },
  };
}

/** The least angles that several seeds end with under one loss, degrees, and the median of the article's own ten. */
export interface Ends {
  loss: string;
  minAngles: number[];
  articleMedian: number;
}

/** Where several seeds end under each loss: a dot for each, and the article's median as a line. */
export function endsFigure(groups: Ends[], bestDegrees: number): Figure {
  const hover = (name: string): string => `${name}, %{x}<br>least angle %{y:.4~g}°<extra></extra>`;
  const all = groups.flatMap(({ minAngles }) => minAngles);
  const there = all.filter((angle) => angle > bestDegrees - 0.05).length;
  const drawn = [...all, ...groups.map(({ articleMedian }) => articleMedian)];
  return {
    name: 'spread-ends',
    description: `Where seeds end under each loss; the optimum is ${bestDegrees} degrees. ${groups
      .map(
        ({ loss, minAngles, articleMedian }) =>
          `${loss}: ` +
          `${minAngles.length} seeds, ${Math.min(...minAngles).toFixed(1)} to ${Math.max(...minAngles).toFixed(1)} degrees, ` +
          `article's median ${articleMedian}`,
      )
      .join('; ')}.`,
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'a seed',
        hovertemplate: hover('a seed'),
        x: groups.flatMap(({ loss, minAngles }) => minAngles.map(() => loss)),
        y: round(all),
        marker: { color: palette.model, size: 9, opacity: 0.6 },
      },
      {
        type: 'scatter',
        mode: 'markers',
        name: "median of the article's ten",
        hovertemplate: hover("median of the article's ten"),
        x: groups.map(({ loss }) => loss),
        y: groups.map(({ articleMedian }) => articleMedian),
        marker: { color: palette.start, symbol: 'line-ew-open', size: 34, line: { width: 3 } },
      },
      {
        type: 'scatter',
        mode: 'lines',
        name: 'optimum',
        hovertemplate: hover('optimum'),
        x: groups.map(({ loss }) => loss),
        y: groups.map(() => bestDegrees),
        line: OPTIMUM_LINE,
      },
    ],
    layout: {
      ...baseLayout({
        title:
          there > 0
            ? `${there} of ${all.length} seeds come to ${bestDegrees}°`
            : `None of ${all.length} seeds comes to ${bestDegrees}°; the best ends at ${Math.max(...all).toFixed(2)}°`,
        legend: true,
        height: 420,
      }),
      xaxis: axis({ title: 'loss', extra: { type: 'category' } }),
      yaxis: axis({
        title: 'least angle at the end',
        unit: '°',
        range: [Math.floor(Math.min(...drawn)) - 1, bestDegrees + 1],
      }),
    },
  };
}
