import { DescentError } from '../errors';
import type { EvaluationRow } from './tally';

/** How far a size may be off the one that is asked for, in 255ths: less than sizes lie apart. */
const NEAR = 1e-3;

/**
 * The row of an attack at a size in 255ths.
 * @throws DescentError that lists the attack's sizes, or the table's attacks, where there is none
 * @example
 * const rows = evaluation.readEvaluation('../data/evaluation.csv');
 * console.log(evaluation.rowAt(rows, 'article', 4).success); // => 1
 */
export function rowAt(rows: readonly EvaluationRow[], attack: string, size: number): EvaluationRow {
  const own = rows.filter((row) => row.attack === attack);
  const found = own.find(({ epsilon }) => Math.abs(255 * epsilon - size) < NEAR);
  if (found) return found;
  const known = own.length
    ? `'${attack}' has the sizes ${own.map(({ epsilon }) => `${Number((255 * epsilon).toFixed(3))}/255`).join(', ')}`
    : `the table has ${[...new Set(rows.map((row) => row.attack))].join(', ')}`;
  throw new DescentError(`no row of '${attack}' at ${size}/255: ${known}`);
}
