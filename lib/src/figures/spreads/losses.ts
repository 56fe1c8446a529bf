import type { CostRow, LossRow } from '../../spreads/tables';
import { axis, chart, marks, palette, round, seriesColor } from '../chart';
import type { AxisOptions, Figure, FindingOptions, JsonObject } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import { rangeOf } from '../chart/range';
import { grouped, lossColor, lossInWords } from './names';

/** How `lossShareFigure` draws. */
export interface LossShareOptions extends FindingOptions {
  /** What the bars are grouped by. */
  groups: 'dimensions' | 'vectors';
}

/**
 * What share of the best known angle each of the article's losses reaches, one group of bars for each case; a line at
 * each bar's end goes from the worst seed to the best. Its title names the best loss of the first group and of the last,
 * unless there is one.
 */
export function lossShareFigure(rows: readonly LossRow[], options: LossShareOptions): Figure {
  const { groups } = options;
  const wide = groups === 'dimensions';
  const losses = [...new Set(rows.map((row) => row.loss))];
  const shareOf = ({ bestKnown }: LossRow, angle: number): number => (100 * angle) / bestKnown;
  const ends = rows.map(
    ({ vectors, dimensions, loss, mean, min, max, bestKnown }) =>
      `${vectors} in ${dimensions}-D, ${lossInWords(loss)}: ${mean.toFixed(1)} (${min.toFixed(1)} to ${max.toFixed(1)}) ` +
      `of ${bestKnown.toFixed(1)} degrees`,
  );
  const [fewest, most] = rangeOf(rows.map((row) => row[groups]));
  const closest = (at: number): string => {
    const own = rows.filter((row) => row[groups] === at);
    const first = own.reduce((a, b) => (shareOf(b, b.mean) > shareOf(a, a.mean) ? b : a));
    const where = wide ? `in ${at}-D` : `with ${at} points`;
    return `${where} ${lossInWords(first.loss)} (${shareOf(first, first.mean).toFixed(0)} %)`;
  };
  return chart(options, {
    finding: `Closest to the best known angle: ${[...new Set([fewest, most])].map(closest).join(', ')}`,
    says: `The least angle that each loss ends with, its mean over seeds and the worst and best of them: ${ends.join('; ')}.`,
    marks: losses.map((loss) => {
      const some = rows.filter((row) => row.loss === loss).sort((a, b) => a[groups] - b[groups]);
      return marks.bars({
        name: lossInWords(loss),
        color: lossColor(loss),
        x: some.map((row) => String(row[groups])),
        y: some.map((row) => shareOf(row, row.mean)),
        hover: `%{x} ${wide ? 'dimensions' : 'points'}<br>%{y:.1f} % of the best known angle`,
        extra: {
          text: some.map((row) => `${row.mean.toFixed(1)}°`),
          // Upright at the bars' feet, the angles fit at every width.
          textposition: 'inside',
          insidetextanchor: 'start',
          textangle: -90,
          textfont: { color: palette.paper },
          error_y: {
            type: 'data',
            array: round(some.map((row) => shareOf(row, row.max - row.mean))),
            arrayminus: round(some.map((row) => shareOf(row, row.mean - row.min))),
            color: palette.text,
            thickness: 1.2,
            width: 3,
          },
        },
      });
    }),
    legend: true,
    x: { title: wide ? 'dimensions' : 'points on the sphere', extra: { type: 'category' } },
    y: { title: 'least angle, share of the best known', unit: '%', range: [0, 103] },
    // Angles that would be too small to read in a narrow window are left out.
    extra: { barmode: 'group', uniformtext: { mode: 'hide', minsize: 9 } },
  });
}

/** A logarithmic axis labelled 0.1, 1, 10 ... */
const tens = ({ extra, ...options }: Omit<AxisOptions, 'log'>): JsonObject =>
  axis({
    ...options,
    log: true,
    extra: { dtick: 1, exponentformat: 'none', separatethousands: true, tickfont: { size: 12 }, ...extra },
  });

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
    `Up to ${grouped(flat)} vectors an iteration costs little more than for ${fewest}; from ${grouped(before)} to ${grouped(most)}, ` +
    `${[...new Set(growth)].join(' to ')} times as much`;
  return chart(options, {
    finding: finding,
    says:
      `Time of one iteration for ${fewest} to ${grouped(most)} vectors, from ${fastest} to ${slowest} milliseconds. ` +
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
        hover: `${lossInWords(loss)}<br>%{x} vectors: %{y:.3~g} ms an iteration`,
      }),
    ),
    legend: true,
    height: 440,
    headings: 1,
    grid: {
      columns: losses.length,
      gapX: 0.1,
      panels: losses.map((loss, i) => ({
        title: lossInWords(loss),
        x: tens({ title: 'vectors', range: [fewest / 1.3, most * 1.3] }),
        y: tens({ ...{ title: 'an iteration', unit: 'ms', titled: i === 0 }, range: [fastest / 1.5, slowest * 1.5] }),
      })),
    },
  });
}

/** The least angles that several starts end with under one loss, in degrees. */
export interface Ends {
  /** The loss's name. */
  loss: string;
  /** One for each start. */
  minAngles: number[];
  /** What to hold their median against: that of another implementation. */
  median: number;
}

/** What `endsFigure` holds the ends against. */
export interface EndsOptions extends FindingOptions {
  /** The largest least angle there can be, in degrees. */
  bestDegrees: number;
  /** Whose the medians are: `the article's code`. */
  medianOf: string;
}

const medianOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

/**
 * Where several starts end under each loss, a dot for each, with their median and that of another implementation. Its
 * title says how many come to the best, unless there is one.
 */
export function endsFigure(groups: readonly Ends[], options: EndsOptions): Figure {
  const { bestDegrees: best, medianOf: other } = options;
  const all = groups.flatMap(({ minAngles }) => minAngles);
  const there = all.filter((angle) => angle > best - 0.05).length;
  const [least, most] = rangeOf(all);
  const lowest = Math.min(least, ...groups.map(({ median }) => median));
  const losses = groups.map(({ loss }) => loss);
  const own = groups.map(({ minAngles }) => medianOf(minAngles));
  const mark = (name: string) => ({ name, x: losses, hover: `${name}, %{x}<br>least angle %{y:.4~g}°<extra></extra>` });
  const bar = (name: string, y: number[], color: string): JsonObject =>
    marks.dots({ ...mark(name), y, color, symbol: 'line-ew-open', size: 34, edge: { color, width: 3 } });
  const ends = groups.map(({ loss, minAngles, median }, i) => {
    const range = rangeOf(minAngles).map((angle) => angle.toFixed(1));
    const medians = `median ${own[i]!.toFixed(1)}, that of ${other} ${median}`;
    return `${loss}: ${minAngles.length} starts, ${range.join(' to ')} degrees, ${medians}`;
  });
  const label = { x: 1, xref: 'paper', xanchor: 'right', y: best, yref: 'y', yanchor: 'bottom' };
  return chart(options, {
    finding:
      there > 0
        ? `${there} of ${all.length} starts come to ${best}°`
        : `None of ${all.length} starts comes to ${best}°; the best ends at ${most.toFixed(2)}°`,
    says: `Where starts end under each loss; the most there is are ${best} degrees. ${ends.join('; ')}.`,
    marks: [
      marks.dots({
        ...mark('a start'),
        x: groups.flatMap(({ loss, minAngles }) => minAngles.map(() => loss)),
        y: all,
        size: 9,
        opacity: 0.5,
      }),
      bar('median of these', own, palette.model),
      bar(
        `median of ${other}`,
        groups.map(({ median }) => median),
        palette.start,
      ),
    ],
    legend: true,
    height: 420,
    x: {
      title: 'loss',
      extra: { type: 'category', tickvals: losses, ticktext: losses.map((loss) => loss.replace(' and ', '<br>and ')) },
    },
    y: { title: 'least angle at the end', unit: '°', range: [Math.floor(lowest) - 1, best + 1] },
    extra: {
      shapes: [marks.guide({ y: best }, OPTIMUM_LINE)],
      annotations: [marks.note(`the most there is: ${best}°`, label, palette.optimum)],
    },
  });
}
