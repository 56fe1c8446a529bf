// What a committed notebook may not say: what differs with each run, and what nobody else may know.
import type { Problem } from './rules';
import { textOf, type Cell } from './notebook';

const printed: [what: string, pattern: RegExp][] = [
  ['prints a time, which no second run repeats', /\b\d+(\.\d+)? ?(ms|s|sec|secs|seconds?|milliseconds?|minutes?)\b/],
  ['prints a date', /\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d\d? 20\d\d\b/],
  ['prints a warning', /\bwarning\b|\bdeprecat/i],
];

const secret = new RegExp(
  [
    'token=[\\w-]{8,}',
    'Bearer [\\w.-]{12,}',
    'gh[pousr]_\\w{20,}',
    'npm_\\w{30,}',
    'sk-[\\w-]{20,}',
    'AKIA[0-9A-Z]{16}',
    '-----BEGIN [A-Z ]*PRIVATE KEY',
  ].join('|'),
);

/** Times, dates and warnings in what a cell printed; a token anywhere in it. */
export function tidyProblems(cell: Cell, number: number): Problem[] {
  const outputs = cell.outputs ?? [];
  const text = outputs.map((output) => (output.output_type === 'stream' ? textOf(output.text) : '')).join('\n');
  const found = printed.flatMap(([what, pattern]) => {
    const match = pattern.exec(text)?.[0];
    return match ? [{ cell: number, what: `${what}: ${match}` }] : [];
  });
  const token = secret.exec(JSON.stringify([cell.source, outputs]))?.[0];
  return token ? [...found, { cell: number, what: `holds a token: ${token.slice(0, 10)}...` }] : found;
}
