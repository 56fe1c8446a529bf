// A result in words: lines for the terminal, and the section of README.md.
import type { Row } from './compare';
import type { Figures, Result } from './result';
import type { Summary } from './statistics';

const digits = (value: number): string =>
  (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(value < 0.1 ? 1 : 2)).padStart(1);
const spread = ({ median, low, high }: Summary): string => `${digits(median)} (${digits(low)} to ${digits(high)})`;
const megabytes = (value: number | undefined): string =>
  value && Number.isFinite(value) ? `, ${Math.round(value)} MB` : '';

/** A row's lines: ours, then each peer with the ratio, its target, and whether the results differ. */
export function rowLines({ what, point, unit, ours, peers }: Row): string[] {
  return [
    `${what}, ${point}: ${spread(ours)} ${unit}${megabytes(ours.peakMegabytes)}`,
    ...Object.entries(peers).map(([style, peer]) => {
      const { ratio, target, agrees } = peer;
      const aim = target === undefined ? '' : ratio.median <= target ? `, within ${target}` : `, MISSES ${target}`;
      return (
        `    ${style}: ${spread(peer)}${megabytes(peer.peakMegabytes)}; ratio ${spread(ratio)}${aim}` +
        (agrees === false ? '; THE RESULTS DIFFER' : '')
      );
    }),
  ];
}

/** What stands below the rows. */
export function closingLines({ growth, exponents }: Pick<Result, 'growth' | 'exponents'>): string[] {
  return [
    ...growth.map(
      ({ loop, iterations, megabytes: more, tensors }) =>
        `${loop}, ${iterations.toLocaleString('en')} iterations: ` +
        `${more > 0 ? '+' : ''}${more.toFixed(1)} MB, ${tensors > 0 ? '+' : ''}${tensors} tensors`,
    ),
    ...exponents.map(
      ({ what, of, sizes, ours, peer }) =>
        `${what}: cost ~ (${of})^${ours.toFixed(2)}` +
        `${peer === undefined ? '' : `; tf.function ^${peer.toFixed(2)}`}, from ${sizes.join(', ')}`,
    ),
  ];
}

/** The lines between which README.md holds the summary. */
export const MARKS = ['<!-- npm run bench writes from here -->', '<!-- to here -->'] as const;

/** The summary in README.md: every row that has a target, with what is slower than its peer said first. */
export function summary(result: Result, figures: Figures | undefined): string {
  const { machine, versions, threads, date, rows } = result;
  const compared = rows.flatMap((row) => Object.entries(row.peers).map(([style, peer]) => ({ row, style, ...peer })));
  const shown = compared.filter(({ target }) => target !== undefined);
  const name = ({ row, style }: (typeof shown)[number]): string => `${row.what}, ${row.point} against ${style}`;
  const slower = shown.filter(({ ratio }) => ratio.median > 1.05);
  const missed = shown.filter(({ ratio, target }) => ratio.median > target!);
  const list = (items: typeof shown): string =>
    items.map((item) => `${name(item)} (${digits(item.ratio.median)})`).join('; ');
  return [
    `Measured ${date.slice(0, 10)} on ${machine.processor}, ${threads} threads a side, Node ${versions['Node']}, ` +
      `TensorFlow ${versions['TensorFlow'] ?? 'without peers'}. Times are medians in milliseconds; a ratio is ours by the ` +
      "peer's, so less than 1 is faster. Eager is the article's style, `tf.function` is compiled.",
    '',
    '| work | ours | peer | its time | ratio (middle half) | target |',
    '|---|--:|---|--:|--:|--:|',
    ...shown.map(
      (item) =>
        `| ${item.row.what}, ${item.row.point} | ${digits(item.row.ours.median)} | ${item.style} | ` +
        `${digits(item.median)} | ${spread(item.ratio)} | ${item.target} |`,
    ),
    '',
    `**Slower than the peer:** ${list(slower) || 'none of these'}. **Targets missed:** ${list(missed) || 'none'}. ` +
      'NumPy with a gradient derived by hand stays far ahead on the small problems: it has no tape and calls no operation ' +
      'of TensorFlow.',
    ...(figures
      ? [
          '',
          `All notebooks by \`npm run figures\` (${figures.date.slice(0, 10)}): ` +
            `${Math.round(figures.unchanged['all']!)} s with nothing changed, ${Math.round(figures.anew['all']!)} s with every ` +
            'image drawn anew.',
        ]
      : []),
  ].join('\n');
}

/** A text with the summary in its place; undefined where it has no place for it. */
export function withSummary(text: string, summed: string): string | undefined {
  const [from, to] = [text.indexOf(MARKS[0]), text.indexOf(MARKS[1])];
  if (from < 0 || to < from) return undefined;
  return `${text.slice(0, from)}${MARKS[0]}\n\n${summed}\n\n${text.slice(to)}`;
}
