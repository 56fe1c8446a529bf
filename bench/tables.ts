// Rows in words: lines for the terminal, and what the tables in README.md and docs/benchmark.md are made of.
import type { Comparison, Row, Side } from './compare';
import type { Growth, Result } from './result';
import type { Exponent } from './exponents';
import type { Summary } from './statistics';

/** As many digits as a measurement deserves. */
export const digits = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(value < 0.1 ? 1 : 2)));
/** The median, and between what the middle half lies. */
export const spread = ({ median, low, high }: Summary): string =>
  `${digits(median)} (${digits(low)} to ${digits(high)})`;
/** The most memory, if it is known. */
export const megabytes = ({ peakMegabytes: value }: Side): string =>
  value && Number.isFinite(value) ? `${Math.round(value)} MB` : '';

/** Whether a comparison is within what is aimed at, if anything is. */
const aim = ({ ratio, target }: Comparison): string =>
  target === undefined ? '' : ratio.median <= target ? `, within ${target}` : `, MISSES ${target}`;

/** A ratio in words, with its target; of `ours`, unless another style of ours is named. */
export const ratioText = (comparison: Comparison): string =>
  `${comparison.ours === 'ours' ? '' : `${comparison.ours}: `}ratio ${spread(comparison.ratio)}${aim(comparison)}`;

/** All styles of a point but `ours`, each with the comparisons that are made with it. */
export const othersOf = ({ ours: { ours: _, ...own }, peers, comparisons }: Row) =>
  Object.entries({ ...own, ...peers }).map(([style, side]) => ({
    style,
    side,
    comparisons: comparisons.filter(({ against }) => against === style),
  }));

/** A row's lines: ours, then each other style with its ratios, their targets, and whether the results differ. */
export function rowLines(row: Row): string[] {
  const time = (side: Side): string => [spread(side), row.unit].join(' ') + (megabytes(side) && `, ${megabytes(side)}`);
  return [
    `${row.what}, ${row.point}: ${time(row.ours.ours)}`,
    ...othersOf(row).map(
      ({ style, side, comparisons }) =>
        `    ${[`${style}: ${time(side)}`, ...comparisons.map(ratioText)].join('; ')}` +
        (side.agrees === false ? '; THE RESULTS DIFFER' : ''),
    ),
  ];
}

const signed = (value: number, text: string): string => `${value > 0 ? '+' : ''}${text}`;

export const growthLine = ({ loop, iterations, megabytes: more, tensors }: Growth): string =>
  `${loop}, ${iterations.toLocaleString('en')} iterations: ` +
  `${signed(more, more.toFixed(1))} MB, ${signed(tensors, String(tensors))} tensors`;

export const exponentLine = ({ what, of, sizes, ours, peer }: Exponent): string =>
  `${what}: cost ~ (${of})^${ours.toFixed(2)}` +
  `${peer === undefined ? '' : `; tf.function ^${peer.toFixed(2)}`}, from ${sizes.join(', ')}`;

/** What stands below the rows. */
export const closingLines = ({ growth, exponents }: Pick<Result, 'growth' | 'exponents'>): string[] => [
  ...growth.map(growthLine),
  ...exponents.map(exponentLine),
];

/** A table in Markdown; the first column is text, the others are as `align` says, l or r. */
export const markdownTable = (align: string, head: string[], rows: string[][]): string[] =>
  [head, [...align].map((side) => (side === 'r' ? '--:' : '---')), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

/** On what machine, with what, and when. */
export const circumstances = ({ date, machine, threads, versions }: Result): string =>
  `Measured ${date.slice(0, 10)} on ${machine.processor}, ${threads} threads a side, ` +
  ['Node', 'TensorFlow.js', 'Python', 'TensorFlow', 'NumPy', 'JAX', 'SciPy']
    .flatMap((name) => (versions[name] === undefined ? [] : [`${name} ${versions[name]}`]))
    .join(', ');
