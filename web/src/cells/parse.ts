// A cell's TypeScript as a tree of JavaScript, and where in its text each place of that comes from.
import { GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { parse, type Program } from 'acorn';
import { transform } from 'sucrase';

/** A place in a cell's source, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** What is wrong with the text of a cell. */
export class CellSyntaxError extends SyntaxError {
  constructor(
    message: string,
    readonly place: Place,
  ) {
    super(message);
    this.name = 'SyntaxError';
  }
}

/** A cell's JavaScript. */
export interface Parsed {
  js: string;
  program: Program;
  fromSource: TraceMap;
}

/** Without types, in as many lines, and as a tree. @throws CellSyntaxError */
export function parseCell(source: string): Parsed {
  const { code: js, sourceMap } = withoutTypes(source);
  const fromSource = new TraceMap(sourceMap as never);
  refuseNamespaces(source, js);
  try {
    const program = parse(js, { ecmaVersion: 'latest', sourceType: 'module', allowAwaitOutsideFunction: true });
    return { js, program, fromSource };
  } catch (error) {
    const { line, column } = placed(error);
    throw syntaxError(error, before(fromSource, { line, column: column + 1 })); // acorn counts columns from 0
  }
}

function withoutTypes(source: string): ReturnType<typeof transform> {
  try {
    return transform(source, {
      transforms: ['typescript'],
      keepUnusedImports: true, // a later cell may use them
      disableESTransforms: true,
      preserveDynamicImport: true,
      filePath: 'cell',
      sourceMapOptions: { compiledFilename: 'cell' },
    });
  } catch (error) {
    throw syntaxError(error, placed(error));
  }
}

/** The place that a parser tells; what has none is no error of the reader's. */
function placed(error: unknown): Place {
  const { loc } = error as { loc?: Place };
  if (!loc) throw error;
  return loc;
}

const syntaxError = (error: unknown, place: Place | undefined): CellSyntaxError =>
  new CellSyntaxError(
    (error as Error).message.replace(/^Error transforming cell: /, '').replace(/ \(\d+:\d+\)$/, ''),
    place ?? { line: 1, column: 1 },
  );

/** What takes the types away would take a namespace away with them, and say nothing. */
function refuseNamespaces(source: string, js: string): void {
  for (const { 0: text, index } of source.matchAll(/(?<!declare\s+)\b(?:namespace|module)\s+[\w$.]+\s*\{/g)) {
    if (js.includes(text)) continue; // in a text or a comment
    const above = source.slice(0, index).split('\n');
    throw new CellSyntaxError('a namespace cannot run in a page: an object or a class can', {
      line: above.length,
      column: above.at(-1)!.length + 1,
    });
  }
}

/** The place before a change, in the text that was changed: that of the piece of code which begins there or just before. */
export function before(map: TraceMap, place: Place | undefined): Place | undefined {
  if (!place) return undefined;
  const wanted = { line: place.line, column: place.column - 1 };
  for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
    const { line, column } = originalPositionFor(map, { ...wanted, bias });
    if (line !== null) return { line, column: column + 1 };
  }
  return undefined;
}
