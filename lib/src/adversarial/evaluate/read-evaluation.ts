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
  const frame = readFrame(path, { guarded: true });
  const missing = ['attack', ...NUMBERS].find((column) => !frame.columns.includes(column));
  if (missing !== undefined) {
    throw new DescentError(`${path} is no table of npm run evaluate: it has no column '${missing}'`);
  }
  const numbers = NUMBERS.map((column) => [column, toNumbers(path, frame.getColumn(column))] as const);
  return toTexts(frame.getColumn('attack')).map((attack, i) =>
    ({ attack, ...Object.fromEntries(numbers.map(([column, values]) => [column, values[i]])) }) as EvaluationRow);
}
