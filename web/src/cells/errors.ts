// Errors of cells as a reader is told them: what, and where in the reader's own lines.
import { inspect } from 'node-inspect-extracted';
import type { CellError } from '../protocol';
import { CellSyntaxError, type Place } from './parse';

/** A run of a cell. */
export interface RunCell {
  /** Its number on the page. */
  cell: number;
  source: string;
  /** A place of its code in its source; not there before it is compiled. */
  placeOf?: (place: Place) => Place | undefined;
}

type Spot = { cell: number; source: string; line: number; column?: number };

/** Tells an error; `noted` is the line that waited for it. */
export function tell(
  error: unknown,
  runs: ReadonlyMap<string, RunCell>,
  noted?: { file: string; line: number },
): CellError {
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
function spotsOf(error: unknown, runs: ReadonlyMap<string, RunCell>, noted?: { file: string; line: number }): Spot[] {
  const ran = noted && runs.get(noted.file);
  if (error instanceof CellSyntaxError && ran) return [{ ...ran, ...error.place }];
  const frames = String((error as Error | undefined)?.stack).matchAll(/(cell-\d+-\d+\.ts):(\d+):(\d+)/g);
  const spots: Spot[] = [];
  for (const [, file, line, column] of frames) {
    const run = runs.get(file!);
    const place = run?.placeOf?.({ line: Number(line), column: Number(column) });
    if (!run || !place) continue;
    const { cell, source } = run;
    const last = spots.at(-1);
    if (last?.cell !== cell || last.source !== source || last.line !== place.line)
      spots.push({ cell, source, ...place });
  }
  if (spots.length === 0 && ran) spots.push({ cell: ran.cell, source: ran.source, line: noted.line });
  return spots;
}

/** The source line; tabs stay one column wide. */
const lineOf = ({ source, line }: Spot): string => (source.split('\n')[line - 1] ?? '').replaceAll('\t', ' ');
