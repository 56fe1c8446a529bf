import { between, checkFields, finite, flag, orNone, text, whole, type Kinds } from '../data/kinds';
import { cellError, readRows } from '../data/read-rows';
import { DescentError } from '../errors';
import { attackKind, type PlannedRow } from './attack-spec';
import type { Evaluation } from './evaluate';
import { isSealedTable } from './sealed-table';
import type { Shard } from './shard';
import { writeTable } from './tables';
import type { Trial } from './trial';
import { checkTrials } from './trial-check';

/** What a part of an evaluation, made with --shard, holds: `run` names the settings, `shard` is one of `shards`. */
export interface Part {
  run: string;
  shard: number;
  shards: number;
  plan: PlannedRow[];
  trials: Trial[];
}

/** A trial's cells: in a row without a photo most are empty. */
type Cells = { [K in keyof Trial]: Trial[K] | null };

const number = orNone(finite),
  word = orNone(text),
  answer = orNone(flag);
const COLUMNS: Kinds<Cells & { run: string; shard: number; shards: number; rows: number }> = {
  index: orNone(whole(0)),
  photo: word,
  truth: word,
  label: word,
  attack: word,
  epsilon: number,
  flipped: answer,
  linf: number,
  l2: number,
  psnr: number,
  transfer: answer,
  run: text,
  shard: whole(1),
  shards: whole(1),
  rows: whole(1),
};
const EMPTY: Cells = {
  index: null,
  photo: null,
  truth: null,
  label: null,
  attack: null,
  epsilon: null,
  flipped: null,
  linf: null,
  l2: null,
  psnr: null,
  transfer: null,
};
const REMEDY = 'copy it again, or make the part anew';

/**
 * Writes a part: a row without a photo for each class and for each row of the table to come, then the trials. Every row
 * says which part it is of and how many rows that has: so a part without photos is one too, and one that was cut off
 * shows it. Any other damage shows in the file's sha256.
 */
export function writePart(
  path: string,
  { trials, plan, classes, run }: Omit<Evaluation, 'journal' | 'stopped'>,
  { index: shard, count: shards }: Shard,
): void {
  const cells: Cells[] = [
    ...classes.map((truth) => ({ ...EMPTY, truth })),
    ...plan.map((row) => ({ ...EMPTY, ...row })),
    ...trials,
  ];
  writeTable(
    path,
    cells.map((row) => ({ ...row, run, shard, shards, rows: cells.length })),
    true,
  );
}

/** Reads a part that `writePart` wrote. @throws DescentError for a table that is none, is damaged, or not all of one */
export function readPart(path: string): Part {
  const table = readRows(path, {
    what: 'part of an evaluation (--shard writes them)',
    columns: COLUMNS,
    remedy: REMEDY,
  });
  const damaged = (): DescentError =>
    new DescentError(`${path} is damaged, only a piece of a part, or of an earlier ` + `version: ${REMEDY}`);
  const { run, shard, shards } = table[0] ?? {};
  if (
    !run ||
    !shard ||
    !shards ||
    table.some((row) => row.run !== run || row.shard !== shard || row.shards !== shards || row.rows !== table.length)
  )
    throw damaged();
  const rows = table.map(({ run: _run, shard: _shard, shards: _shards, rows: _rows, ...cells }, i) => ({
    cells,
    telling: cellError(path, i, REMEDY),
  }));
  const heads = rows.filter(({ cells }) => cells.index === null),
    tried = rows.filter(({ cells }) => cells.index !== null);
  const classes = heads
    .filter(({ cells }) => cells.attack === null)
    .map(({ cells, telling }) => checkFields(cells, { truth: text }, telling).truth);
  if (classes.length === 0) throw damaged(); // before there were sums there were no such rows
  const plan = heads
    .filter(({ cells }) => cells.attack !== null)
    .map(({ cells, telling }) => {
      const { attack, epsilon } = checkFields(cells, { attack: attackKind, epsilon: between(0, 1) }, telling);
      return { attack, epsilon };
    });
  const trials = checkTrials(
    tried.map(({ cells }) => cells),
    { plan, classes },
    (i) => (tried[i] ?? rows.at(-1)!).telling,
  );
  if (!isSealedTable(path)) throw damaged();
  return { run, shard, shards, plan, trials };
}
