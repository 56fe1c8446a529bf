import { readFrame, recordsOf, type Cell } from '../../data/frame';
import { DescentError } from '../../errors';
import type { PlannedRow } from './attack-spec';
import type { Evaluation } from './evaluate';
import type { Shard } from './shard';
import { writeTable } from './tables';
import type { Trial } from './trial';

/** What a part of an evaluation, made with --shard, holds: `run` names the settings, `shard` is one of `shards`. */
export interface Part { run: string; shard: number; shards: number; plan: PlannedRow[]; trials: Trial[] }

const NUMBERS = ['index', 'epsilon', 'linf', 'l2', 'psnr', 'shard', 'shards', 'rows'];
const BOOLEANS = ['flipped', 'transfer'];
const TEXTS = ['photo', 'truth', 'label', 'attack', 'run'];

/**
 * Writes a part: a row without a photo for each row of the table to come, then the trials. Every row says which part
 * it is of and, in the last column, how many rows that has: so a part without photos is one too, and one that was cut
 * off shows it.
 */
export function writePart(path: string, { trials, plan, run }: Pick<Evaluation, 'trials' | 'plan' | 'run'>,
  { index: shard, count: shards }: Shard): void {
  const planned = plan.map(({ attack, epsilon }) => ({ index: null, photo: null, truth: null, label: null, attack,
    epsilon, flipped: null, linf: null, l2: null, psnr: null, transfer: null }));
  const rows = planned.length + trials.length;
  writeTable(path, [...planned, ...trials].map((row) => ({ ...row, run, shard, shards, rows })));
}

/** Reads a part that `writePart` wrote. @throws DescentError for a table that is none, or not all of one */
export function readPart(path: string): Part {
  const frame = readFrame(path);
  const missing = [...NUMBERS, ...BOOLEANS, ...TEXTS].find((column) => !frame.names.includes(column));
  if (missing !== undefined) {
    throw new DescentError(`${path}: this is no part of an evaluation (--shard writes them): it has no column ` +
      `'${missing}'`);
  }
  const table = recordsOf(frame).map((row) => Object.fromEntries(Object.entries(row)
    .map(([column, value]) => [column, cell(column, value)])) as unknown as PartRow);
  const { run, shard, shards } = table[0] ?? {};
  if (!run || !shard || !shards || table.some((row) => row.run !== run || row.shard !== shard ||
    row.shards !== shards || row.rows !== table.length)) {
    throw new DescentError(`${path} is damaged, or only a piece of a part: copy it again, or make the part anew`);
  }
  const trials = table.map(({ run: _run, shard: _shard, shards: _shards, rows: _rows, ...trial }) => trial);
  return { run, shard, shards, plan: trials.filter(({ index }) => index === null).map(({ attack, epsilon }) =>
    ({ attack, epsilon })), trials: trials.filter(({ index }) => index !== null) as Trial[] };
}

interface PartRow extends Omit<Trial, 'index'> {
  index: number | null;
  run: string;
  shard: number;
  shards: number;
  rows: number;
}

/** CSV has only texts. */
function cell(column: string, value: Cell): Cell {
  if (value === null || value === '') return null;
  if (NUMBERS.includes(column)) return Number(value);
  return BOOLEANS.includes(column) ? String(value) === 'true' : String(value);
}
