import { axis, chart, marks, palette, seriesColor } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import type { Figure, FigureOptions, FindingOptions } from '../chart';
import { rangeOf } from '../chart/range';

/** Where one loss ends, on average over seeds, as in data/spread-losses.csv; angles in degrees. */
export interface LossRow {
  /** How many vectors. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** The loss's name. */
  loss: string;
  /** The least angle at the end, its mean over the seeds. */
  mean: number;
  /** The best known least angle. */
  bestKnown: number;
}

/** How `lossShareFigure` draws. */
export interface LossShareOptions extends FigureOptions {
  /** What the bars are grouped by. */
  groups: 'dimensions' | 'vectors';
}

/** What share of the best known angle each of the article's losses reaches, one group of bars for each case. */
export function lossShareFigure(rows: readonly LossRow[], options: LossShareOptions): Figure {
  const { title, groups } = options;
  const wide = groups === 'dimensions';
  const losses = [...new Set(rows.map((row) => row.loss))];
  const ends = rows.map(
    ({ vectors, dimensions, loss, mean, bestKnown }) =>
      `${vectors} in ${dimensions}-D, ${loss}: ${mean.toFixed(1)} of ${bestKnown.toFixed(1)} degrees`,
  );
  // Upright inside the bars, the angles fit at every width.
  const upright = {
    textposition: 'inside',
    insidetextanchor: 'end',
    textangle: -90,
    textfont: { color: palette.paper },
  };
  return chart(options, {
    says: `${title}. The least angle that each loss ends with: ${ends.join('; ')}.`,
    marks: losses.map((loss, i) => {
      const some = rows.filter((row) => row.loss === loss).sort((a, b) => a[groups] - b[groups]);
      return marks.bars({
        name: loss,
        color: seriesColor(i),
        x: some.map((row) => String(row[groups])),
        y: some.map((row) => (100 * row.mean) / row.bestKnown),
        hover: `%{x} ${wide ? 'dimensions' : 'points'}<br>%{y:.1f} % of the best known angle`,
        extra: wide ? { text: some.map((row) => `${row.mean.toFixed(1)}°`), ...upright } : {},
      });
    }),
    legend: true,
    x: { title: wide ? 'dimensions' : 'points on the sphere', extra: { type: 'category' } },
    y: { title: 'least angle, share of the best known', unit: '%', range: [0, 103] },
    extra: { barmode: 'group' },
  });
}

/** The time of one iteration, as in data/spread-costs.csv. */
export interface CostRow {
  /** The loss's name. */
  loss: string;
  /** How many vectors. */
  vectors: number;
  /** Of the space that they lie in. */
  dimensions: number;
  /** For an iteration. */
  milliseconds: number;
}

/** Times that grow by less than this, while the work grows, are mostly the operations' fixed cost. */
const FLAT = 1.5;

/**
 * Milliseconds for an iteration against the number of vectors, a panel for each loss and a line for each dimension. Its
 * title says up to where they hardly grow, and how they do at the end, unless there is one.
 */
export function costFigure(rows: readonly CostRow[], options: FindingOptions): Figure {
  const losses = [...new Set(rows.map((row) => row.loss))];
  const dimensions = [...new Set(rows.map((row) => row.dimensions))];
  const lines = losses
    .flatMap((loss, panel) =>
      dimensions.map((d, k) => {
        const own = rows.filter((row) => row.loss === loss && row.dimensions === d);
        return { loss, d, panel, k, own: own.sort((a, b) => a.vectors - b.vectors) };
      }),
    )
    .filter(({ own }) => own.length > 0);
  const counts = [...new Set(rows.map((row) => row.vectors))].sort((a, b) => a - b);
  const [fastest, slowest] = rangeOf(rows.map((row) => row.milliseconds));
  const [fewest, most] = rangeOf(counts);
  const factors = (from: number, to: number): number[] =>
    lines.flatMap(({ own }) => {
      const [first, last] = [from, to].map((count) => own.find(({ vectors }) => vectors === count)?.milliseconds);
      return first && last ? [last / first] : [];
    });
  const flat = counts.filter((count) => factors(fewest, count).every((factor) => factor < FLAT)).at(-1)!;
  const before = counts.at(-2) ?? fewest;
  const growth = rangeOf(factors(before, most)).map((factor) => factor.toFixed(1));
  const finding =
    `Up to ${flat} vectors an iteration costs little more than for ${fewest}; from ${before} to ${most}, ` +
    `${[...new Set(growth)].join(' to ')} times as much`;
  return chart(options, {
    finding: finding,
    says:
      `Time of one iteration for ${fewest} to ${most} vectors, from ${fastest} to ${slowest} milliseconds. ` +
      `${finding}: first each operation's fixed cost rules, then the square of the number of vectors.`,
    marks: lines.map(({ loss, d, panel, k, own }) =>
      marks.line({
        name: `${d} dimensions`,
        panel,
        legend: panel === 0,
        x: own.map((row) => row.vectors),
        y: own.map((row) => row.milliseconds),
        color: seriesColor(k),
        marker: { size: 6 },
        hover: `${loss}<br>%{x} vectors: %{y:.3~g} ms an iteration`,
      }),
    ),
    legend: true,
    height: 440,
    headings: 1,
    grid: {
      columns: losses.length,
      gapX: 0.08,
      panels: losses.map((title, i) => {
        const y = { title: 'an iteration', unit: 'ms', titled: i === 0, extra: { showticklabels: i === 0 } };
        return {
          title,
          x: axis({ title: 'vectors', log: true, range: [fewest / 1.3, most * 1.3] }),
          y: axis({ ...y, log: true, range: [fastest / 1.5, slowest * 1.5] }),
        };
      }),
    },
  });
}

/** The least angles that several seeds end with under one loss, in degrees. */
export interface Ends {
  /** The loss's name. */
  loss: string;
  /** One for each seed. */
  minAngles: number[];
  /** What to hold them against: the median of another implementation's. */
  median: number;
}

/** What `endsFigure` holds the ends against. */
export interface EndsOptions extends FindingOptions {
  /** The largest least angle there can be, in degrees. */
  bestDegrees: number;
  /** Whose the medians are: `the article's ten`. */
  medianOf: string;
}

/** Where several seeds end under each loss, a dot for each. Its title says how many come to the best, unless there is one. */
export function endsFigure(groups: readonly Ends[], options: EndsOptions): Figure {
  const { bestDegrees: best, medianOf } = options;
  const all = groups.flatMap(({ minAngles }) => minAngles);
  const there = all.filter((angle) => angle > best - 0.05).length;
  const [least, most] = rangeOf(all);
  const lowest = Math.min(least, ...groups.map(({ median }) => median));
  const losses = groups.map(({ loss }) => loss);
  const mark = (name: string) => ({ name, x: losses, hover: `${name}, %{x}<br>least angle %{y:.4~g}°<extra></extra>` });
  const ends = groups.map(({ loss, minAngles, median }) => {
    const range = rangeOf(minAngles).map((angle) => angle.toFixed(1));
    return `${loss}: ${minAngles.length} seeds, ${range.join(' to ')} degrees, median of ${medianOf} ${median}`;
  });
  return chart(options, {
    finding:
      there > 0
        ? `${there} of ${all.length} seeds come to ${best}°`
        : `None of ${all.length} seeds comes to ${best}°; the best ends at ${most.toFixed(2)}°`,
    says: `Where seeds end under each loss; the optimum is ${best} degrees. ${ends.join('; ')}.`,
    marks: [
      marks.dots({
        ...mark('a seed'),
        x: groups.flatMap(({ loss, minAngles }) => minAngles.map(() => loss)),
        y: all,
        size: 9,
        opacity: 0.6,
      }),
      marks.dots({
        ...mark(`median of ${medianOf}`),
        y: groups.map(({ median }) => median),
        color: palette.start,
        symbol: 'line-ew-open',
        size: 34,
        edge: { color: palette.start, width: 3 },
      }),
      marks.line({ ...mark('optimum'), y: losses.map(() => best), ...OPTIMUM_LINE }),
    ],
    legend: true,
    height: 420,
    x: { title: 'loss', extra: { type: 'category' } },
    y: { title: 'least angle at the end', unit: '°', range: [Math.floor(lowest) - 1, best + 1] },
  });
}
