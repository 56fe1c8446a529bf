// A cell of TypeScript as an async function in JavaScript. Its own names stay its own variables, as fast as ever; what it
// takes from other cells is asked for by name, so that a cell that is run anew counts for all from then on.
import { TraceMap } from '@jridgewell/trace-mapping';
import type { BlockStatement, ImportDeclaration, Node, Program } from 'acorn';
import { full, simple } from 'acorn-walk';
import MagicString from 'magic-string';
import { declaredAtTop, referencesOf, type Kind, type Reference } from './names';
import { before, parseCell, type Place } from './parse';

/** What a cell makes and takes at its top level. */
export interface CellNames {
  /** The names that it declares. */
  declares: ReadonlyMap<string, Kind>;
  /** The names from outside that it reads or assigns: of other cells, and global ones. */
  takes: ReadonlySet<string>;
  /** Those of them that it assigns. */
  assigns: ReadonlySet<string>;
  /** Those of them that its functions alone take, which may ask for them when later cells have run. */
  takesLater: ReadonlySet<string>;
}

/** A cell that can run. */
export interface CompiledCell extends CellNames {
  /** An expression that is a `CellFunction`; it has the source's lines. */
  code: string;
  /** Where in the source a place of the code comes from; the column is not known where the code was put in. */
  placeOf: (place: Place) => Place | undefined;
}

/** How another cell reads a name, and how it gives it another value: not at all where it is a constant. */
export type Accessors = Record<string, [get: () => unknown, set?: (value: unknown) => void]>;

/** What an import takes of a module: the export, the name that it has here, and whether this cell uses it as a value. */
export type Imported = [exported: string, local: string, isUsed: boolean];

/** The code of a cell as a function: what it is given, in this order. */
export type CellFunction = (
  /** The names of other cells, and what nobody has made: all that it does not declare. */
  cells: object,
  /** Hands over its own names. */
  own: (accessors: Accessors) => void,
  importModule: (name: string, wanted?: Imported[]) => Promise<Record<string, unknown>>,
  /** Notes the line of what is waited for. */
  at: (line: number, value: unknown) => unknown,
  /** Notes the line of what is thrown. */
  thrown: (line: number, value: unknown) => unknown,
) => Promise<[value: unknown] | undefined>;

/** What a cell makes and takes. @throws CellSyntaxError */
export const namesOf = (source: string): CellNames => namesIn(parseCell(source).program).names;

/** Its names, where it takes others', and which names it uses of those that it imports. */
function namesIn(program: Program): { names: CellNames; taken: Reference[]; used: ReadonlySet<string> } {
  const declares = declaredAtTop(program);
  const imports = new Set(importsOf(program));
  const own = [...declares.keys()].filter((name) => !imports.has(name));
  const references = referencesOf(program, own);
  const taken = references.filter(({ identifier }) => !imports.has(identifier.name));
  const takes = namesOfAll(taken);
  const assigns = namesOfAll(taken.filter(({ assigned }) => assigned));
  const atOnce = namesOfAll(taken.filter(({ isLater }) => !isLater));
  const takesLater = new Set([...takes].filter((name) => !atOnce.has(name)));
  return { names: { declares, takes, assigns, takesLater }, taken, used: namesOfAll(references) };
}

const namesOfAll = (references: readonly Reference[]): Set<string> =>
  new Set(references.map(({ identifier }) => identifier.name));

/**
 * Compiles a cell.
 * @param isGlobal whether a name is that of the place where the cell runs: it stays as it is, and as fast
 * @throws CellSyntaxError
 */
export function compileCell(source: string, isGlobal: (name: string) => boolean): CompiledCell {
  const { js, program, fromSource } = parseCell(source);
  const { names, taken, used } = namesIn(program);
  const text = new MagicString(js);
  const statements = statementStarts(program);
  const [cells, own, load, at, thrown] = freeNames(js);

  for (const { identifier, role } of taken) {
    const { name, start, end } = identifier;
    if (isGlobal(name)) continue;
    if (role === 'shorthand') text.appendLeft(start, `${name}: ${cells}.`);
    else if (role === 'asked')
      text.appendLeft(start, `('${name}' in ${cells} ? ${cells}.`).appendLeft(end, ' : void 0)');
    else if (role !== 'callee') text.appendLeft(start, `${cells}.`);
    // called as it is, and not as a method; a line that begins with a bracket would go on with the one above
    else text.appendLeft(start, `${statements.has(start) ? ';' : ''}(0, ${cells}.`).appendLeft(end, ')');
  }
  const lineOf = (place: number): number => js.slice(0, place).split('\n').length;
  const note = (by: string, { start, end }: { start: number; end: number }): unknown =>
    text.prependLeft(start, `${by}(${lineOf(start)}, (`).appendLeft(end, '))');
  simple(program, {
    // Firefox and Safari forget who waited: an error that comes later has to be told its line
    AwaitExpression: ({ argument }) => note(at, argument),
    ThrowStatement: ({ argument }) => note(thrown, argument),
    ImportExpression: ({ start }) => text.overwrite(start, start + 'import'.length, load),
  });
  program.body.forEach((node, i) => {
    if (node.type === 'ImportDeclaration') text.overwrite(node.start, node.end, importing(node, used, load));
    else if (node.type === 'ExportAllDeclaration')
      text.overwrite(node.start, node.end, `await ${load}(${JSON.stringify(node.source.value)});`);
    // all that a cell declares is there for the others: an export is what it exports
    else if (node.type === 'ExportNamedDeclaration') text.remove(node.start, node.declaration?.start ?? node.end);
    else if (node.type === 'ExportDefaultDeclaration') {
      if (isNamed(node.declaration)) text.remove(node.start, node.declaration.start);
      else text.overwrite(node.start, node.declaration.start, 'void ');
    } else if (node.type === 'ExpressionStatement' && i === program.body.length - 1) {
      // in an array: a promise would be waited for, and a property gives a function its name
      text.prependLeft(node.start, 'return [(');
      text.appendLeft(js[node.end - 1] === ';' ? node.end - 1 : node.end, ')]');
    }
  });
  const accessors = Array.from(names.declares, ([name, kind]) =>
    kind === 'const' ? `${name}: [() => ${name}]` : `${name}: [() => ${name}, (${own}) => { ${name} = ${own}; }]`,
  );
  text.prepend(`(async (${[cells, own, load, at, thrown].join(', ')}) => { ${own}({ ${accessors.join(', ')} }); `);
  text.append('\n})');
  const fromJs = new TraceMap(text.generateMap({ source: 'cell', hires: true }) as never);
  const code = text.toString();
  const placeOf = (place: Place): Place | undefined => before(fromSource, before(fromJs, atName(code, place)));
  return { ...names, code, placeOf };
}

/** V8 tells of a call of `(0, cells.name)` where its arguments begin: a reader looks for the name. */
function atName(code: string, { line, column }: Place): Place {
  const ahead = (code.split('\n')[line - 1] ?? '').slice(0, column - 1);
  const called = /\(0, \$+cells\.([^().]+)\)$/.exec(ahead);
  return { line, column: called ? column - 1 - called[1]!.length : column };
}

/** Names for what the code is given, none of which the reader has. */
function freeNames(js: string): [cells: string, own: string, load: string, at: string, thrown: string] {
  const names = (mark: string) =>
    [`${mark}cells`, `${mark}own`, `${mark}load`, `${mark}at`, `${mark}thrown`] as ReturnType<typeof freeNames>;
  let mark = '$';
  while (names(mark).some((name) => js.includes(name))) mark += '$';
  return names(mark);
}

/** Where statements begin that follow others: there a semicolon is one more empty statement. */
function statementStarts(program: Program): Set<number> {
  const starts = new Set<number>();
  const add = (body: readonly Node[]): void => body.forEach(({ start }) => starts.add(start));
  add(program.body.at(-1)?.type === 'ExpressionStatement' ? program.body.slice(0, -1) : program.body); // that is returned
  full(program, (node) => {
    if (node.type === 'BlockStatement' || node.type === 'StaticBlock') add((node as BlockStatement).body);
    if (node.type === 'SwitchCase') add(node.consequent);
  });
  return starts;
}

/** An import as a declaration. */
function importing({ specifiers, source }: ImportDeclaration, used: ReadonlySet<string>, load: string): string {
  const named = specifiers.flatMap((one): Imported[] => {
    if (one.type === 'ImportNamespaceSpecifier') return [];
    const exported = one.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(one.imported);
    return [[exported, one.local.name, used.has(one.local.name)]];
  });
  const wanted = `await ${load}(${JSON.stringify(source.value)}, ${JSON.stringify(named)})`;
  const all = specifiers.find((one) => one.type === 'ImportNamespaceSpecifier')?.local.name;
  const parts = named.map(([exported, local]) => `${JSON.stringify(exported)}: ${local}`).join(', ');
  if (all === undefined) return named.length === 0 ? `${wanted};` : `let { ${parts} } = ${wanted};`;
  return `let ${all} = ${wanted}${named.length === 0 ? '' : `, { ${parts} } = ${all}`};`;
}

const importsOf = (program: Program): string[] =>
  program.body.flatMap((node) =>
    node.type === 'ImportDeclaration' ? node.specifiers.map(({ local }) => local.name) : [],
  );

/** Whether what is exported is a declaration that has a name. */
const isNamed = ({ type, ...rest }: Node): boolean => /Declaration$/.test(type) && 'id' in rest && rest.id !== null;

const nameOf = (node: { type: string; name?: string; value?: unknown }): string => node.name ?? String(node.value);
