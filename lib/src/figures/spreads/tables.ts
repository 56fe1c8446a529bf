import type { FamousRow, SphereRow } from '../../spreads/tables';
import { axis, chart, marks, palette, seriesColor, type Figure, type FindingOptions } from '../chart';
import { rangeOf } from '../chart/range';

/** What the figure of points on the sphere holds the rows against. */
export interface SphereTableOptions extends FindingOptions {
  /** A start counts as there that ends so close to the best known angle, in degrees. */
  reached: number;
}

/** Smaller gaps are drawn here: a logarithmic axis has no zero. In degrees. */
const LEAST_GAP = 1e-6;

/**
 * How close the best of many starts comes to the best known angle, and how many starts come there, for each N. Its title
 * counts the numbers of points for which one comes there, unless there is one.
 */
export function sphereTableFigure(rows: readonly SphereRow[], options: SphereTableOptions): Figure {
  const { reached } = options;
  const n = rows.map((row) => row.vectors);
  const gaps = rows.map((row) => Math.max(LEAST_GAP, row.bestKnown - row.minAngle));
  const share = rows.map((row) => (100 * row.startsAtBestKnown) / row.starts);
  const there = rows.filter((row) => row.startsAtBestKnown > 0).length;
  const never = n.filter((_, i) => share[i] === 0).join(', ') || 'no number';
  const [least, most] = rangeOf(n);
  const range = [least - 1, most + 1] as const;
  const heights = [Math.min(...gaps) / 2, 5 * Math.max(...gaps, reached)] as const;
  const label = { x: 0, xref: 'x domain', xanchor: 'left', y: Math.log10(reached), yref: 'y', yanchor: 'bottom' };
  return chart(options, {
    finding: `For ${there} of ${rows.length} numbers of points a start comes within ${reached}° of the best known`,
    says:
      `For ${least} to ${most} points on the sphere, how far the best of many starts ends below the best known least ` +
      `angle: ${Math.max(...gaps).toPrecision(2)} degrees at most. Below: how many of the starts came within ` +
      `${reached} degrees; none for ${never}.`,
    marks: [
      marks.best(reached, range, { panel: 0 }),
      marks.dots({ panel: 0, x: n, y: gaps, hover: '%{x} points: %{y:.1~g}° below the best known<extra></extra>' }),
      marks.bars({
        panel: 1,
        x: n,
        y: share,
        labels: share.map((part) => (part === 0 ? '0' : '')),
        hover: `%{x} points: %{y:.3~g} % of the starts within ${reached}°`,
      }),
    ],
    height: 520,
    grid: {
      columns: 1,
      gapY: 0.14,
      panels: [
        { x: axis({ title: '', range }), y: axis({ title: 'gap', unit: '°', log: true, range: heights }) },
        {
          x: axis({ title: 'points on the sphere', range }),
          y: axis({ title: `starts within ${reached}°`, unit: '%', range: [0, 105] }),
        },
      ],
    },
    extra: { annotations: [marks.note(`within ${reached}°`, label, palette.optimum)] },
  });
}

/** The ways to look for a famous configuration, as a reader calls them. */
const METHODS: { readonly [method: string]: string } = { best: 'annealed', energy: 'electric energy alone' };

/** How often each famous configuration is found, by way of looking for it. Its title names those never found, unless there is one. */
export function famousFigure(rows: readonly FamousRow[], options: FindingOptions): Figure {
  const methods = [...new Set(rows.map((row) => row.method))];
  const found = new Set(rows.filter((row) => row.found > 0).map(({ name }) => name));
  const never = [...new Set(rows.map(({ name }) => name).filter((name) => !found.has(name)))];
  const placeOf = ({ vectors, dimensions }: FamousRow): string => `${vectors} in ${dimensions}-D`;
  const wayOf = (method: string): string => METHODS[method] ?? method;
  const shares = rows.map(
    (row) => `${row.name} (${placeOf(row)}), ${wayOf(row.method)}: ${row.found} of ${row.starts}`,
  );
  return chart(options, {
    finding:
      never.length === 0 ? 'All famous configurations are found from random starts' : `Not found: ${never.join(', ')}`,
    says: `How many random starts end in each famous configuration. ${shares.join('; ')}.`,
    marks: methods.map((method, i) => {
      const some = rows.filter((row) => row.method === method);
      return marks.bars({
        name: wayOf(method),
        lying: true,
        color: seriesColor(i),
        x: some.map((row) => (100 * row.found) / row.starts),
        y: some.map((row) => `${row.name}, ${placeOf(row)}`),
        labels: some.map((row) => `${row.found} of ${row.starts}`),
        hover: '%{y}<br>found by %{text} starts (%{x:.3~g} %)<extra></extra>',
        extra: {
          textposition: some.map((row) => (4 * row.found > row.starts ? 'inside' : 'outside')),
          insidetextanchor: 'end',
          insidetextfont: { color: palette.paper },
        },
      });
    }),
    legend: true,
    height: 560,
    x: { title: 'starts that end in it', unit: '%', range: [0, 100], extra: { tickvals: [0, 25, 50, 75, 100] } },
    y: { title: '', extra: { autorange: 'reversed', automargin: true } },
    extra: { barmode: 'group' },
  });
}
