// Errors of cells as a reader is told them: what, and where in the reader's own lines.
import { inspect } from 'node-inspect-extracted';
import type { CellError } from '../protocol';
import { CellSyntaxError, type Place } from './parse';

/** A run of a cell. */
export interface RunCell {
  /** Its number on the page. */
  cell: number;
  source: string;
  /** What stacks call the file of its code, and the line of it where that begins. */
  file: string;
  begins: number;
  /** A place of its code in its source; not there before it is compiled. */
  placeOf?: (place: Place) => { line: number; column?: number } | undefined;
}

/** A line of a cell that is known to have to do with an error. */
export interface Noted {
  ran: RunCell;
  line: number;
}

type Spot = { cell: number; source: string; line: number; column?: number };

/** Tells an error; `noted` is the line that waited for it. */
export function tell(error: unknown, runs: readonly RunCell[], noted?: Noted): CellError {
  const { name, message } = nameAndMessage(error);
  const spots = spotsOf(error, runs, noted);
  const [first, ...callers] = spots;
  const lines = [name === 'DescentError' ? message : `${name}: ${message}`];
  if (first) {
    lines.push('', `cell ${first.cell}, line ${first.line}:`, `  ${lineOf(first)}`);
    if (first.column !== undefined) lines.push(`  ${' '.repeat(first.column - 1)}^`);
    lines.push(...callers.map(({ cell, line }) => `called from cell ${cell}, line ${line}`));
  }
  return {
    name,
    message,
    ...(first && { place: { cell: first.cell, line: first.line, column: first.column ?? 1 } }),
    text: lines.join('\n'),
  };
}

function nameAndMessage(error: unknown): { name: string; message: string } {
  if (!(error instanceof Error)) return { name: 'Error', message: `a cell threw ${inspect(error)}` };
  const because = error.cause instanceof Error ? ` (because: ${error.cause.message})` : '';
  const parts =
    error instanceof AggregateError ? error.errors.map((one) => `\n  ${nameAndMessage(one).message}`).join('') : '';
  // the names of other cells are properties to the engine
  const message = error.message.replace(/\(0\s*,\s*\$+cells\.([^()]*)\)/g, '$1').replace(/\$+cells\./g, '');
  return { name: error.name, message: message + parts + because };
}

/** The places in the reader's cells that an error came through, the innermost first. */
function spotsOf(error: unknown, runs: readonly RunCell[], noted?: Noted): Spot[] {
  if (error instanceof CellSyntaxError && noted) return [{ ...noted.ran, ...error.place }];
  const frames = String((error as Error | undefined)?.stack).matchAll(/([\w.-]+\.[jt]s):(\d+):(\d+)/g);
  const spots: Spot[] = [];
  for (const [, file, line, column] of frames) {
    const ran = runs.findLast((one) => one.file === file && has(one, Number(line)));
    const place = ran?.placeOf?.({ line: Number(line) - ran.begins + 1, column: Number(column) });
    if (!ran || !place) continue;
    const { cell, source } = ran;
    const last = spots.at(-1);
    if (last?.cell !== cell || last.source !== source || last.line !== place.line)
      spots.push({ cell, source, ...place });
  }
  if (spots.length === 0 && noted) spots.push({ cell: noted.ran.cell, source: noted.ran.source, line: noted.line });
  return spots;
}

/** Whether a line of its file is one of its own. */
const has = ({ source, begins }: RunCell, line: number): boolean =>
  line >= begins && line <= begins + source.split('\n').length;

/** The source line; tabs stay one column wide. */
const lineOf = ({ source, line }: Spot): string => (source.split('\n')[line - 1] ?? '').replaceAll('\t', ' ');
