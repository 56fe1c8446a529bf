import { readFrame } from '../../data/frame';
import { toNumbers, toTexts } from '../../data/numbers';
import { DescentError } from '../../errors';
import type { EvaluationRow } from './tally';

const NUMBERS = ['epsilon', 'n', 'accuracy', 'success', 'low', 'high', 'linf', 'l2', 'psnr', 'transfer'] as const;

/**
 * Reads the table that `npm run evaluate` wrote: a row an attack and size.
 *
 * @throws DescentError for a file that is no such table
 */
export function readEvaluation(path: string): EvaluationRow[] {
  const { names, column } = readFrame(path);
  const missing = ['attack', ...NUMBERS].find((name) => !names.includes(name));
  if (missing !== undefined) {
    throw new DescentError(`${path} is no table of npm run evaluate: it has no column '${missing}'`);
  }
  const numbers = NUMBERS.map((name) => [name, toNumbers(path, name, column(names.indexOf(name)))] as const);
  return toTexts(column(names.indexOf('attack'))).map((attack, i) =>
    ({ attack, ...Object.fromEntries(numbers.map(([name, values]) => [name, values[i]])) }) as EvaluationRow);
}
