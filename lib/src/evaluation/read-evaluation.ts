import { atLeast, between, orNone, whole, type Kinds } from '../data/kinds';
import { readRows } from '../data/read-rows';
import { attackKind } from './attack-spec';
import type { EvaluationRow } from './tally';

const rate = between(0, 1);
const COLUMNS: Kinds<EvaluationRow> = {
  attack: attackKind,
  epsilon: rate,
  n: whole(0),
  accuracy: rate,
  success: orNone(rate),
  low: rate,
  high: rate,
  linf: orNone(rate),
  l2: orNone(atLeast(0)),
  psnr: orNone(atLeast(0)),
  transfer: orNone(rate),
};

/**
 * Reads the table that `npm run evaluate` wrote: a row an attack and size.
 *
 * @throws DescentError for a file that is no such table, naming the row and column that are wrong
 */
export const readEvaluation = (path: string): EvaluationRow[] =>
  readRows(path, { what: 'table of npm run evaluate', columns: COLUMNS, remedy: 'make the table anew' });
