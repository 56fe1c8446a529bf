// docs/benchmark.md: the whole result.
import type { Row } from './compare';
import type { Figures, Result } from './result';
import { standing } from './summary';
import {
  circumstances,
  digits,
  exponentLine,
  growthLine,
  markdownTable,
  megabytes,
  othersOf,
  ratioText,
  spread,
} from './tables';

export function page(result: Result, figures: Figures | undefined): string {
  const { rows, growth, exponents } = result;
  const subjects = [...new Set(rows.map(({ what }) => what))];
  return [
    '# The benchmark',
    '',
    'Written by `npm run bench`, which measures both sides in turn on the same threads; bench/results has the same as JSON. ' +
      `${circumstances(result)}.`,
    '',
    'Times are medians, with the middle half of the rounds in brackets. A ratio is our time by the other, of the rounds: less ' +
      'than 1 is faster. All sides keep the loss of every iteration.',
    '',
    '- **ours** compiles its loop anew each time, as the first run in a process does; **without compiling** has the plan of a run ' +
      'before; **tape** has `compile: false`.',
    '- **NumPy** has gradients derived by hand, in float32; **SciPy** has derivatives by hand, in doubles.',
    '- **JAX, jit a step** calls a jitted step from a loop of Python; **JAX, one scan** runs all steps in one program. Both have ' +
      'compiled before; **compiling** is the same with tracing and compiling in its time.',
    "- **eager** is the article's own TensorFlow, **tf.function** the same compiled.",
    '',
    '## Where ours stands',
    '',
    ...standing(rows),
    '',
    `**Slower than the other:** ${list(rows, ({ ratio }) => ratio.median > 1.05)}.`,
    '',
    `**Targets missed:** ${list(rows, ({ ratio, target }) => target !== undefined && ratio.median > target)}.`,
    '',
    ...subjects.flatMap((what) => section(rows.filter((row) => row.what === what))),
    '## Compiling',
    '',
    'What compiling adds, in milliseconds: the difference of the medians with it and without it. Of long runs it is ' +
      'within their noise.',
    '',
    ...compileTable(rows),
    '',
    ...(growth.length ? ['## What loops leave behind', '', ...growth.map((one) => `- ${growthLine(one)}`), ''] : []),
    ...(exponents.length ? ['## How the cost grows', '', ...exponents.map((one) => `- ${exponentLine(one)}`), ''] : []),
    ...(figures
      ? [
          '## The notebooks',
          '',
          `All notebooks by \`npm run figures\` (${figures.date.slice(0, 10)}): ` +
            `${Math.round(figures.unchanged['all']!)} s with nothing changed, ${Math.round(figures.anew['all']!)} s with every ` +
            'image drawn anew.',
          '',
        ]
      : []),
  ].join('\n');
}

/** The comparisons of which something is true, with their ratios. */
function list(rows: readonly Row[], holds: (comparison: Row['comparisons'][number]) => boolean): string {
  const items = rows.flatMap((row) =>
    row.comparisons
      .filter(holds)
      .map(
        ({ ours, against, ratio }) =>
          `${row.what}, ${row.point}${ours === 'ours' ? '' : ` ${ours}`} against ${against} (${digits(ratio.median)})`,
      ),
  );
  return items.join('; ') || 'none';
}

function section(rows: readonly Row[]): string[] {
  const capital = rows[0]!.what.replace(/^./, (letter) => letter.toUpperCase());
  const body = rows.flatMap((row) => [
    [row.point, 'ours', spread(row.ours.ours), megabytes(row.ours.ours), ''],
    ...othersOf(row).map(({ style, side, comparisons }) => [
      '',
      style,
      spread(side),
      megabytes(side),
      comparisons.map(ratioText).join('; '),
    ]),
  ]);
  return [
    `## ${capital}`,
    '',
    ...markdownTable('llrrl', ['', 'style', rows[0]!.unit, 'most memory', 'our time by its'], body),
    '',
  ];
}

function compileTable(rows: readonly Row[]): string[] {
  const cost = (compiling?: { median: number }, without?: { median: number }): string =>
    compiling && without ? digits(Math.max(0, compiling.median - without.median)) : '';
  const jax = ({ peers }: Row, style: string): string => cost(peers[`${style}, compiling`], peers[style]);
  return markdownTable(
    'lrrr',
    ['loop', 'ours', 'JAX, jit a step', 'JAX, one scan'],
    rows
      .filter(({ ours }) => ours['without compiling'])
      .map((row) => [
        `${row.what}, ${row.point}`,
        cost(row.ours.ours, row.ours['without compiling']),
        jax(row, 'JAX, jit a step'),
        jax(row, 'JAX, one scan'),
      ]),
  );
}
