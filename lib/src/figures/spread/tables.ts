import { axis, baseLayout, OPTIMUM_LINE, palette, panelAxes, panels, round, seriesColor, type Figure } from '../chart';

/** One number of points on the sphere, as in data/spread-sphere.csv; angles in degrees. */
export interface SphereRow {
  /** How many. */
  vectors: number;
  /** The best that was found, in degrees. */
  minAngle: number;
  /** The best known, in degrees. */
  bestKnown: number;
  /** Random starts. */
  starts: number;
  /** How many of them ended there. */
  startsAtBestKnown: number;
}

/** A start counts that ends so close to the best known angle: as scripts/experiments/spread-tables.ts counts them, in degrees. */
const REACHED = 0.002;

/** How close the best of many starts comes to the best known angle, and how many starts come there, for each N. */
export function sphereTableFigure(rows: SphereRow[]): Figure {
  const gaps = rows.map((row) => Math.max(1e-6, row.bestKnown - row.minAngle)),
    n = rows.map((row) => row.vectors);
  const share = rows.map((row) => (100 * row.startsAtBestKnown) / row.starts);
  // Rounded up: no gap may pass what the title promises.
  const worst = Math.ceil(Math.max(...gaps) * 1e4) / 1e4,
    across = [Math.min(...n) - 1, Math.max(...n) + 1] as const;
  const goal = [
    [Math.min(...n), REACHED],
    [24.5, REACHED],
    [24.5, 0.02],
    [Math.max(...n), 0.02],
  ];
  return {
    name: 'spread-sphere-table',
    description:
      `For ${n[0]!} to ${n.at(-1)!} points on the sphere the least angle found is within ` +
      `${worst.toFixed(4)} degrees of the best known. Below: how many of the starts came within ${REACHED} degrees; ` +
      `none for ${n.filter((_, i) => share[i] === 0).join(', ') || 'no number'}.`,
    data: [
      {
        type: 'scatter',
        mode: 'markers',
        x: n,
        y: round(gaps),
        marker: { color: palette.model, size: 8 },
        name: 'found',
        hovertemplate: '%{x} points: %{y:.1~g}° below the best known<extra></extra>',
        ...panelAxes(0),
      },
      {
        type: 'scatter',
        mode: 'lines',
        x: goal.map(([x]) => x!),
        y: goal.map(([, y]) => y!),
        line: OPTIMUM_LINE,
        name: 'goal',
        hoverinfo: 'skip',
        ...panelAxes(0),
      },
      {
        type: 'bar',
        x: n,
        y: round(share),
        marker: { color: palette.model },
        showlegend: false,
        ...panelAxes(1),
        text: share.map((part) => (part === 0 ? '0' : '')),
        textposition: 'outside',
        cliponaxis: false,
        hovertemplate: `%{x} points: %{y:.3~g} % of the starts within ${REACHED}°<extra></extra>`,
      },
    ],
    layout: {
      ...baseLayout({
        title: `Up to ${n.at(-1)!} points, within ${worst.toFixed(4)}° of every best known packing`,
        legend: true,
        height: 520,
      }),
      ...panels({
        columns: 1,
        gapY: 0.14,
        panels: [
          {
            x: axis({ title: '', range: across }),
            y: axis({ title: 'below the best known', unit: '°', log: true, range: [5e-7, 0.1] }),
          },
          {
            x: axis({ title: 'points on the sphere', range: across }),
            y: axis({ title: `starts within ${REACHED}°`, unit: '%', range: [0, 105] }),
          },
        ],
      }),
    },
  };
}

/** A famous configuration and a way to look for it, as in data/spread-famous.csv. */
export interface FamousRow {
  /** The configuration's name. */
  name: string;
  /** How many. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** How it was searched. */
  method: string;
  /** From how many random starts. */
  starts: number;
  /** How many of them ended in it. */
  found: number;
}

/** How often each famous configuration is found, by way of looking for it. */
export function famousFigure(rows: FamousRow[]): Figure {
  const methods = [...new Set(rows.map((row) => row.method))];
  const share = (row: FamousRow): number => (100 * row.found) / row.starts;
  const isFound = ({ name }: FamousRow): boolean => rows.some((other) => other.name === name && other.found > 0);
  const never = rows.filter((row) => !isFound(row)).map((row) => row.name);
  return {
    name: 'spread-famous',
    description: `How many random starts end in each famous configuration. ${rows
      .map((row) => `${row.name} (${row.vectors} in ${row.dimensions}-D), ${row.method}: ${row.found} of ${row.starts}`)
      .join('; ')}.`,
    data: methods.map((method, i) => {
      const some = rows.filter((row) => row.method === method);
      return {
        type: 'bar',
        orientation: 'h',
        name: method === 'best' ? 'annealed' : 'electric energy alone',
        marker: { color: seriesColor(i) },
        x: round(some.map(share)),
        y: some.map((row) => `${row.name}, ${row.vectors} in ${row.dimensions}-D`),
        text: some.map((row) => `${row.found} of ${row.starts}`),
        textposition: 'outside',
        cliponaxis: false,
        hovertemplate: '%{y}<br>found by %{text} starts (%{x:.3~g} %)<extra></extra>',
      };
    }),
    layout: {
      ...baseLayout({
        title:
          never.length === 0
            ? 'All famous configurations are found from random starts'
            : `Not found: ${[...new Set(never)].join(', ')}`,
        legend: true,
        height: 560,
      }),
      barmode: 'group',
      xaxis: axis({
        title: 'starts that end in it',
        unit: '%',
        range: [0, 145],
        extra: { tickvals: [0, 25, 50, 75, 100] },
      }),
      yaxis: axis({ title: '', extra: { autorange: 'reversed', automargin: true } }),
    },
  };
}
