import { between, checkFields, finite, flag, orNone, text, whole, type Kinds } from '../data/kinds';
import { cellError, readRows } from '../data/read-rows';
import { DescentError } from '../errors';
import { attackKind, type PlannedRow } from './attack-spec';
import { isSealedTable, writeTable } from './tables';
import type { Known, Trial } from './trial';
import { checkTrials } from './trial-check';

/** A part of an evaluation: the `index`-th of `count`, from 1. */
export interface Shard {
  index: number;
  count: number;
}

/** Reads a part written as `2/8`. @throws DescentError for anything else */
export function parseShard(text: string): Shard {
  const [index, count] = (/^(\d+)\/(\d+)$/.exec(text)?.slice(1) ?? []).map(Number) as [number?, number?];
  if (!index || !count || index > count || !Number.isSafeInteger(count))
    throw new DescentError(`--shard takes a part such as 2/8, from 1/8 to 8/8, not '${text}'`);
  return { index, count };
}

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
const CELLS: Kinds<Cells> = {
  index: orNone(whole(0)),
  photo: word,
  truth: word,
  label: word,
  attack: word,
  epsilon: number,
  success: answer,
  linf: number,
  l2: number,
  psnr: number,
  transfer: answer,
};
const COLUMNS = { ...CELLS, run: text, shard: whole(1), shards: whole(1), rows: whole(1) };
const EMPTY = Object.fromEntries(Object.keys(CELLS).map((name) => [name, null])) as unknown as Cells;
const REMEDY = 'copy it again, or make the part anew';

/**
 * Writes a part: a row without a photo for each class and for each row of the table to come, then the trials. Every row
 * says which part it is of and how many rows that has: so a part without photos is one too, and one that was cut off
 * shows it. Any other damage shows in the file's sha256.
 */
export function writePart(
  path: string,
  { trials, plan, classes, run }: Known & { readonly trials: Trial[]; run: string },
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

/**
 * A whole evaluation from the files of its parts, in any order; the trials in the order of the photos.
 * @throws DescentError when a part is missing, there twice, cut off, or of another evaluation
 */
export function mergeParts(paths: readonly string[]): Pick<Part, 'trials' | 'plan'> {
  const parts = new Map<number, Part & { path: string }>();
  for (const path of paths) {
    const part = { ...readPart(path), path };
    const first = parts.values().next().value ?? part;
    if (part.run !== first.run)
      throw new DescentError(`${path} and ${first.path} are parts of evaluations with different settings`);
    if (part.shards !== first.shards)
      throw new DescentError(
        `${path} is part ${nameOf(part)} and ${first.path} part ${nameOf(first)}: they are not cut alike`,
      );
    const same = parts.get(part.shard);
    if (same)
      throw new DescentError(
        same.path === path ? `${path} is listed twice` : `${path} and ${same.path} are both part ${nameOf(part)}`,
      );
    parts.set(part.shard, part);
  }
  refuseMissing(parts);
  const trials = [...parts.values()].flatMap((part) => part.trials).sort((a, b) => a.index - b.index);
  return { trials, plan: parts.values().next().value?.plan ?? [] };
}

const nameOf = ({ shard, shards }: Pick<Part, 'shard' | 'shards'>): string => `${shard}/${shards}`;

/** Names the first few: there may be as many as the number of parts says. */
function refuseMissing(parts: ReadonlyMap<number, Part>): void {
  const shards = parts.values().next().value?.shards ?? 0;
  const missing: string[] = [];
  for (let shard = 1; shard <= shards && missing.length < 10; shard++) {
    if (!parts.has(shard)) missing.push(nameOf({ shard, shards }));
  }
  if (missing.length === 0) return;
  const more = shards - parts.size - missing.length;
  throw new DescentError(
    `of ${shards} parts these are missing: ${missing.join(', ')}` + (more > 0 ? ` and ${more} more` : ''),
  );
}
