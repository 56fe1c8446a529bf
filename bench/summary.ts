// The section of README.md: what a newcomer asks about first, and where ours stands beside the peers.
import type { Comparison, Row } from './compare';
import type { Result } from './result';
import { circumstances, digits, markdownTable } from './tables';

/** The lines between which README.md holds the summary. */
export const MARKS = ['<!-- npm run bench writes from here -->', '<!-- to here -->'] as const;

/** What README.md shows: the subjects, each at one point. */
export const SHOWN: Readonly<Record<string, string>> = {
  start: 'one process',
  regression: '1,000 iterations',
  'minimum angle': '1,200 iterations',
  variance: '1,200 iterations',
  force: '700 iterations',
  race: '200 iterations',
  search: '20 x 3, 600 iterations',
  minimisers: 'L-BFGS on a logistic regression',
  iteration: '2000 x 128',
  gradient: 'batch 1',
  attack: 'batch 8',
  training: '8 steps',
  decode: '200 photos',
};

/** The columns of the peers; of several styles the fastest is shown. */
const COLUMNS: Readonly<Record<string, string[]>> = {
  'NumPy, SciPy': ['NumPy', 'SciPy'],
  'JAX, jit a step': ['JAX, jit a step'],
  'JAX, one scan, compiling': ['JAX, one scan, compiling'],
  TensorFlow: ['eager', 'tf.function', 'Keras fit', 'tf.data'],
};

export function summary(result: Result): string {
  const { rows } = result;
  const shown = rows.filter(({ subject, point }) => SHOWN[subject] === point);
  const fastest = ({ peers }: Row, styles: string[]): string => {
    const times = styles.flatMap((style) => peers[style]?.median ?? []);
    return times.length ? digits(Math.min(...times)) : '';
  };
  const aims = rows.flatMap(({ comparisons }) => comparisons).filter(({ target }) => target !== undefined);
  const missed = aims.filter(({ ratio, target }) => ratio.median > target!).length;
  return [
    `${circumstances(result)}. Times are medians in milliseconds; ours include compiling, and TensorFlow's are its fastest ` +
      "style's.",
    '',
    ...markdownTable(
      'lr' + 'r'.repeat(Object.keys(COLUMNS).length),
      ['work', 'ours', ...Object.keys(COLUMNS)],
      shown.map((row) => [
        `${row.what}, ${row.point}`,
        digits(row.ours.ours.median),
        ...Object.values(COLUMNS).map((styles) => fastest(row, styles)),
      ]),
    ),
    '',
    ...standing(rows),
    '',
    `Of ${aims.length} targets ${missed} are missed: [docs/benchmark.md](docs/benchmark.md) lists them, with every size, ` +
      'style and compiling time.',
  ].join('\n');
}

/** A text with the summary in its place; undefined where it has no place for it. */
export function withSummary(text: string, summed: string): string | undefined {
  const [from, to] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from)}${MARKS[0]}\n\n${summed}\n\n${text.slice(to)}`;
}

const OPPONENTS: [against: string, ours: string, sentence: string][] = [
  ['NumPy', 'ours', 'NumPy with a gradient derived by hand'],
  ['JAX, jit a step', 'ours', 'JAX that calls a jitted step, compiled before'],
  ['JAX, one scan, compiling', 'ours', 'JAX that compiles one scan'],
  ['JAX, one scan', 'without compiling', 'one scan, where neither side has anything left to compile'],
  ['SciPy', 'ours', "SciPy's minimisers"],
];

/** On what ours is ahead of NumPy, JAX and SciPy, and on what behind: one item for each of them. */
export const standing = (rows: readonly Row[]): string[] =>
  OPPONENTS.flatMap(([against, ours, name]) => {
    const isAsked = (one: Comparison): boolean => one.against === against && one.ours === ours;
    const compared = rows.flatMap((row) => row.comparisons.filter(isAsked).map(({ ratio }) => ({ row, ratio })));
    if (compared.length === 0) return [];
    const isAhead = ({ ratio }: (typeof compared)[number]): boolean => ratio.median < 1;
    const [ahead, behind] = [compared.filter(isAhead), compared.filter((one) => !isAhead(one))];
    const all = compared.map(({ row }) => row);
    const list = (some: typeof compared): string =>
      named(
        some.map(({ row }) => row),
        all,
      ) || 'nothing';
    return [`- **Beside ${name}:** ahead on ${list(ahead)}; behind on ${list(behind)}.`];
  });

/** Rows by their subject, with their points where other points of the subject are not among them. */
function named(rows: readonly Row[], all: readonly Row[]): string {
  return [...new Set(rows.map(({ what }) => what))]
    .map((what) => {
      const points = (list: readonly Row[]) => list.filter((row) => row.what === what).map(({ point }) => point);
      const own = points(rows);
      return own.length === points(all).length ? what : `${what} (${own.join('; ')})`;
    })
    .join(', ');
}
