// A cell of TypeScript as an async function in JavaScript. Its own names stay its own variables, as fast as ever; what it
// takes from other cells is asked for by name, so that a cell that is run anew counts for all from then on.
import { GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { parse, type ImportDeclaration, type Program } from 'acorn';
import { simple } from 'acorn-walk';
import MagicString from 'magic-string';
import { transform } from 'sucrase';
import { declaredAtTop, referencesOf, type Kind } from './names';

/** A place in a cell's source, both from 1. */
export interface Place {
  line: number;
  column: number;
}

/** What a cell makes and takes at its top level. */
export interface CellNames {
  /** The names that it declares. */
  declares: ReadonlyMap<string, Kind>;
  /** The names from outside that it reads or assigns: of other cells, and global ones. */
  takes: ReadonlySet<string>;
  /** Those of them that it assigns. */
  assigns: ReadonlySet<string>;
}

/** A cell that can run. */
export interface CompiledCell extends CellNames {
  /** An expression: `async ($cells, $own, $import, $at) => { ... }` as in `CellFunction`; it begins in the cell's first line. */
  code: string;
  /** Where in the source a place of the code comes from; the column is not known where the code was put in. */
  placeOf: (place: Place) => Place | undefined;
}

/** What the code is given: other cells' names, a way to hand over its own, the modules, and what notes a line that waits. */
export type CellFunction = (
  cells: object,
  own: (accessors: Record<string, [get: () => unknown, set: (value: unknown) => void]>) => void,
  importModule: (name: string, needed?: string[]) => Promise<Record<string, unknown>>,
  at: (line: number, value: unknown) => unknown,
) => Promise<unknown>;

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

interface Parsed {
  js: string;
  program: Program;
  fromSource: TraceMap;
}

/** Without types, in as many lines, and as a tree. @throws CellSyntaxError */
function parseCell(source: string): Parsed {
  try {
    const { code: js, sourceMap } = transform(source, {
      transforms: ['typescript'],
      keepUnusedImports: true, // a later cell may use them
      disableESTransforms: true,
      preserveDynamicImport: true,
      filePath: 'cell',
      sourceMapOptions: { compiledFilename: 'cell' },
    });
    const program = parse(js, {
      ecmaVersion: 'latest',
      sourceType: 'module',
      allowAwaitOutsideFunction: true,
      allowHashBang: true,
    });
    return { js, program, fromSource: new TraceMap(sourceMap as never) };
  } catch (error) {
    const { message, loc } = error as { message: string; loc?: { line: number; column: number } };
    if (!loc) throw error;
    const text = message.replace(/^Error transforming cell: /, '').replace(/ \(\d+:\d+\)$/, '');
    // acorn counts columns from 0, sucrase from 1
    const column = error instanceof SyntaxError && 'raisedAt' in error ? loc.column + 1 : loc.column;
    throw new CellSyntaxError(text, { line: loc.line, column });
  }
}

/** What a cell makes and takes. @throws CellSyntaxError */
export const namesOf = (source: string): CellNames => namesIn(parseCell(source).program);

function namesIn(program: Program): CellNames {
  const references = referencesOf(program);
  return {
    declares: declaredAtTop(program),
    takes: new Set(references.map(({ identifier }) => identifier.name)),
    assigns: new Set(references.filter(({ assigned }) => assigned).map(({ identifier }) => identifier.name)),
  };
}

/**
 * Compiles a cell.
 * @param isOthers whether another cell has made a name; what nobody has made is left to be global
 * @throws CellSyntaxError
 */
export function compileCell(source: string, isOthers: (name: string) => boolean): CompiledCell {
  const { js, program, fromSource } = parseCell(source);
  const names = namesIn(program);
  const text = new MagicString(js);

  for (const { identifier, shorthand } of referencesOf(program)) {
    const { name, start } = identifier;
    if (isOthers(name)) text.appendLeft(start, shorthand ? `${name}: $cells.` : '$cells.');
  }
  simple(program, {
    // Firefox and Safari forget who waited: an error that comes later has to be told its line
    AwaitExpression({ argument }) {
      const line = js.slice(0, argument.start).split('\n').length;
      text.prependLeft(argument.start, `$at(${line}, (`).appendLeft(argument.end, '))');
    },
    ImportExpression: ({ start }) => text.overwrite(start, start + 'import'.length, '$import'),
  });
  program.body.forEach((node, i) => {
    if (node.type === 'ImportDeclaration') text.overwrite(node.start, node.end, importing(node, js));
    // all that a cell declares is there for the others: an export is what it exports
    else if (node.type === 'ExportNamedDeclaration') text.remove(node.start, node.declaration?.start ?? node.end);
    else if (node.type === 'ExportDefaultDeclaration') text.overwrite(node.start, node.declaration.start, 'void ');
    else if (node.type === 'ExpressionStatement' && i === program.body.length - 1) {
      text.prependLeft(node.start, 'return (').appendLeft(js[node.end - 1] === ';' ? node.end - 1 : node.end, ')');
    }
  });
  const own = [...names.declares.keys()].map((name) => `${name}: [() => ${name}, ($value) => { ${name} = $value; }]`);
  text.prepend(`(async ($cells, $own, $import, $at) => { $own({ ${own.join(', ')} }); `).append('\n})');
  const fromJs = new TraceMap(text.generateMap({ source: 'cell', hires: true }) as never);
  return { ...names, code: text.toString(), placeOf: (place) => before(fromSource, before(fromJs, place)) };
}

/** An import as a declaration: what is missing in the module counts only where the cell uses it, since it may be a type. */
function importing({ specifiers, source }: ImportDeclaration, js: string): string {
  const from = JSON.stringify(source.value);
  const named = specifiers.flatMap((one) =>
    one.type === 'ImportNamespaceSpecifier'
      ? []
      : [[one.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(one.imported), one.local.name] as const],
  );
  const isUsed = (name: string): boolean =>
    js.split(new RegExp(`(?<![\\w$.])${name.replace('$', '\\$')}(?![\\w$])`)).length > 2;
  const needed = named.filter(([, local]) => isUsed(local)).map(([name]) => name);
  const wanted = `await $import(${from}, ${JSON.stringify(needed)})`;
  const all = specifiers.find((one) => one.type === 'ImportNamespaceSpecifier')?.local.name;
  const parts = named.map(([name, local]) => `${JSON.stringify(name)}: ${local}`).join(', ');
  if (all === undefined) return named.length === 0 ? `${wanted};` : `let { ${parts} } = ${wanted};`;
  return `let ${all} = ${wanted}${named.length === 0 ? '' : `, { ${parts} } = ${all}`};`;
}

const nameOf = (node: { type: string; name?: string; value?: unknown }): string => node.name ?? String(node.value);

/** The place before a change, in the text that was changed: that of the piece of code which begins there or just before. */
function before(map: TraceMap, place: Place | undefined): Place | undefined {
  if (!place) return undefined;
  const wanted = { line: place.line, column: place.column - 1 };
  for (const bias of [GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND] as const) {
    const { line, column } = originalPositionFor(map, { ...wanted, bias });
    if (line !== null) return { line, column: column + 1 };
  }
  return undefined;
}
