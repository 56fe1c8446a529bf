// Cells that were compiled when the site was built, for servers whose policy forbids a page to compile code.
import { compileCell, namesOf, type CellFunction } from './compile';
import { CellSyntaxError } from './parse';

/** The compiled cells of a notebook, by their sources, in a script of which errors tell a line. */
export interface ReadyCells {
  /** The script's name, without its folder. */
  file: string;
  /** `line` is where a cell begins in the script. */
  cells: Record<string, { line: number; run: CellFunction }>;
}

declare global {
  /** What such a script hands over. */
  var readyCells: ReadyCells | undefined;
}

/** The script of a notebook's cells, in their order; what is no TypeScript is left out. */
export function readyScript(sources: readonly string[], file: string): string {
  const declared = new Set(sources.flatMap((source) => [...(within(source, namesOf)?.declares.keys() ?? [])]));
  const isGlobal = (name: string): boolean => name in globalThis && !declared.has(name);
  let script = `globalThis.readyCells = { file: ${JSON.stringify(file)}, cells: {`;
  for (const source of new Set(sources)) {
    const code = within(source, () => compileCell(source, isGlobal).code);
    if (code === undefined) continue;
    const line = script.split('\n').length + 2; // below the source and the number
    script += `\n${JSON.stringify(source)}: { line: ${line}, run:\n${code} },`;
  }
  return `${script}\n} };\n`;
}

/** What becomes of a source; undefined for one that is no TypeScript. */
function within<T>(source: string, work: (source: string) => T): T | undefined {
  try {
    return work(source);
  } catch (error) {
    if (error instanceof CellSyntaxError) return undefined;
    throw error;
  }
}
