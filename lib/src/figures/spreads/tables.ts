import { axis, chart, marks, seriesColor, type Figure, type FindingOptions } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import { rangeOf } from '../chart/range';

/** One number of points on the sphere, as in data/spread-sphere.csv; angles in degrees. */
export interface SphereRow {
  /** How many points. */
  vectors: number;
  /** The largest least angle that was found, in degrees. */
  minAngle: number;
  /** The best known, in degrees. */
  bestKnown: number;
  /** Random starts. */
  starts: number;
  /** How many of them ended there. */
  startsAtBestKnown: number;
}

/** What the figure of points on the sphere holds the rows against. */
export interface SphereTableOptions extends FindingOptions {
  /** A start counts as there that ends so close to the best known angle, in degrees. */
  reached: number;
  /** How close the best start is to come, for up to so many vectors; in degrees, the numbers of vectors rising. Default: no goal. */
  goals?: readonly { vectors: number; degrees: number }[];
}

/** Smaller gaps are drawn here: a logarithmic axis has no zero. In degrees. */
const LEAST_GAP = 1e-6;

/**
 * How close the best of many starts comes to the best known angle, and how many starts come there, for each N. Its title
 * gives the largest gap, unless there is one.
 */
export function sphereTableFigure(rows: readonly SphereRow[], options: SphereTableOptions): Figure {
  const { reached, goals = [] } = options;
  const n = rows.map((row) => row.vectors);
  const gaps = rows.map((row) => Math.max(LEAST_GAP, row.bestKnown - row.minAngle));
  const share = rows.map((row) => (100 * row.startsAtBestKnown) / row.starts);
  // Rounded up: no gap may pass what the title promises.
  const worst = (Math.ceil(Math.max(...gaps) * 1e4) / 1e4).toFixed(4);
  const never = n.filter((_, i) => share[i] === 0).join(', ') || 'no number';
  const [least, most] = rangeOf(n);
  const range = [least - 1, most + 1] as const;
  const heights = [Math.min(...gaps) / 2, 5 * Math.max(...gaps, ...goals.map(({ degrees }) => degrees))] as const;
  // A step halfway between the last number of the one goal and the first of the next.
  const ends = goals.map(({ vectors }, i) => (i === goals.length - 1 ? most : vectors + 0.5));
  const steps = goals.flatMap(({ degrees }, i) => [ends[i - 1] ?? least, ends[i]!].map((x) => ({ x, y: degrees })));
  return chart(options, {
    finding: `Up to ${most} points, within ${worst}° of every best known packing`,
    says:
      `For ${n[0]!} to ${n.at(-1)!} points on the sphere the least angle found is within ${worst} degrees of the ` +
      `best known. Below: how many of the starts came within ${reached} degrees; none for ${never}.`,
    marks: [
      marks.dots({
        name: 'found',
        panel: 0,
        x: n,
        y: gaps,
        hover: '%{x} points: %{y:.1~g}° below the best known<extra></extra>',
      }),
      marks.line({ name: 'goal', panel: 0, x: steps.map(({ x }) => x), y: steps.map(({ y }) => y), ...OPTIMUM_LINE }),
      marks.bars({
        panel: 1,
        legend: false,
        x: n,
        y: share,
        labels: share.map((part) => (part === 0 ? '0' : '')),
        hover: `%{x} points: %{y:.3~g} % of the starts within ${reached}°`,
      }),
    ],
    legend: true,
    height: 520,
    grid: {
      columns: 1,
      gapY: 0.14,
      panels: [
        {
          x: axis({ title: '', range }),
          y: axis({ title: 'below the best known', unit: '°', log: true, range: heights }),
        },
        {
          x: axis({ title: 'points on the sphere', range }),
          y: axis({ title: `starts within ${reached}°`, unit: '%', range: [0, 105] }),
        },
      ],
    },
  });
}

/** A famous configuration and a way to look for it, as in data/spread-famous.csv. */
export interface FamousRow {
  /** The configuration's name. */
  name: string;
  /** How many vectors it has. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** How it was searched: what the legend says. */
  method: string;
  /** From how many random starts. */
  starts: number;
  /** How many of them ended in it. */
  found: number;
}

/** How often each famous configuration is found, by way of looking for it. Its title names those never found, unless there is one. */
export function famousFigure(rows: readonly FamousRow[], options: FindingOptions): Figure {
  const methods = [...new Set(rows.map((row) => row.method))];
  const found = new Set(rows.filter((row) => row.found > 0).map(({ name }) => name));
  const never = [...new Set(rows.map(({ name }) => name).filter((name) => !found.has(name)))];
  const placeOf = ({ vectors, dimensions }: FamousRow): string => `${vectors} in ${dimensions}-D`;
  const shares = rows.map((row) => `${row.name} (${placeOf(row)}), ${row.method}: ${row.found} of ${row.starts}`);
  return chart(options, {
    finding:
      never.length === 0 ? 'All famous configurations are found from random starts' : `Not found: ${never.join(', ')}`,
    says: `How many random starts end in each famous configuration. ${shares.join('; ')}.`,
    marks: methods.map((method, i) => {
      const some = rows.filter((row) => row.method === method);
      return marks.bars({
        name: method,
        lying: true,
        color: seriesColor(i),
        x: some.map((row) => (100 * row.found) / row.starts),
        y: some.map((row) => `${row.name}, ${placeOf(row)}`),
        labels: some.map((row) => `${row.found} of ${row.starts}`),
        hover: '%{y}<br>found by %{text} starts (%{x:.3~g} %)<extra></extra>',
      });
    }),
    legend: true,
    height: 560,
    x: { title: 'starts that end in it', unit: '%', range: [0, 145], extra: { tickvals: [0, 25, 50, 75, 100] } },
    y: { title: '', extra: { autorange: 'reversed', automargin: true } },
    extra: { barmode: 'group' },
  });
}
