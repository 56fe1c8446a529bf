import { readFrame } from '../../data/frame';
import { DescentError } from '../../errors';
import type { EvaluationRow } from './summarise';

const NUMBERS = ['epsilon', 'n', 'accuracy', 'success', 'low', 'high', 'linf', 'l2', 'psnr', 'transfer'] as const;

/**
 * Reads the table that `npm run evaluate` wrote: a row an attack and size.
 *
 * @throws DescentError for a file that is no such table
 */
export function readEvaluation(path: string): EvaluationRow[] {
  const frame = readFrame(path);
  const missing = ['attack', ...NUMBERS].find((column) => !frame.columns.includes(column));
  if (missing !== undefined) {
    throw new DescentError(`${path} is no table of npm run evaluate: it has no column '${missing}'`);
  }
  const number = (cell: unknown): number | null => (cell === null || cell === '' ? null : Number(cell));
  return (frame.toRecords() as Record<string, unknown>[]).map((row) => ({
    attack: String(row['attack']),
    ...Object.fromEntries(NUMBERS.map((column) => [column, number(row[column])])),
  } as unknown as EvaluationRow));
}
