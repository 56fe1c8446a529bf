// What TypeScript knows of a cell and tslab does not ask it for, or throws away: the program, the whole of each
// diagnostic, and where a place in the code that runs stands in the cell.
import { SourceMap } from 'node:module';
import path from 'node:path';
import { createBuilder } from './builder.mjs';
import { silentOperators } from './tensors.mjs';
import { replace, ts } from './tslab.mjs';

/** The program that was built last. */
export let program;
/** What TypeScript said of the code that was checked last. */
export let diagnostics = [];

const emitted = new Map(); // what tslab gets of a file, by its text
const outputs = new Map(); // what it makes of that, by its text
const scripts = new Map(); // the same by the name that stacks have for it
const mapUrl = /\n\/\/# sourceMappingURL=.*\s*$/;

// Of the packages that only hold types TypeScript reads all that lie in node_modules at each start, unless told which: a
// quarter of the work until the kernel is there. What a cell imports finds its types all the same.
replace(
  ts,
  'createWatchCompilerHost',
  (create) =>
    (files, options, system, tslabs, ...rest) =>
      create(files, { ...options, sourceMap: true, types: ['node'] }, system, createBuilder, ...rest),
);

replace(ts, 'createWatchProgram', (create) => (host) => {
  replace(host, 'afterProgramCreate', (after) => (builder) => {
    program = builder.getProgram();
    replace(builder, 'emit', (emit) => (file, write, ...rest) => {
      let map; // comes before the code
      const keep = (name, text, ...more) => {
        if (name.endsWith('.js.map')) map = text;
        if (!name.endsWith('.js')) return write(name, text, ...more);
        const code = text.replace(mapUrl, '\n');
        emitted.set(code, { file, map });
        return write(name, code, ...more);
      };
      return emit(file, keep, ...rest);
    });
    after(builder);
  });
  return create(host);
});

// By this tslab makes a CommonJS module of what was emitted.
replace(ts, 'transpileModule', (transpile) => (code, { compilerOptions, ...options }) => {
  const from = emitted.get(code);
  const made = transpile(code, { ...options, compilerOptions: { ...compilerOptions, sourceMap: from !== undefined } });
  if (!from) return made;
  const outputText = made.outputText.replace(mapUrl, '\n');
  const lines = outputText.split('\n').length;
  outputs.set(outputText, { file: from.file, lines, maps: [made.sourceMapText, from.map] });
  return { ...made, outputText };
});

for (const name of ['getPreEmitDiagnostics', 'getPreEmitDiagnosticsOfFiles']) {
  replace(ts, name, (check) => (of, files, ...rest) => {
    const said = check(of, files, ...rest);
    const silent = [files].flat().flatMap((file) => silentOperators(file, of.getTypeChecker()));
    return (diagnostics = [...said, ...silent].sort(ts.compareDiagnostics));
  });
}

/** Tells by what name stacks will call code that tslab has just made. */
export function nameScript(name, output) {
  const made = outputs.get(output);
  if (made) scripts.set(name, made);
  else scripts.delete(name);
}

/** Nothing of what was made before can still get a name. */
export function forgetUnnamed() {
  emitted.clear();
  outputs.clear();
}

/** Where a place of a script, as stacks count, stands in its source: `{ line, column, text }`, counted from 1. */
export function placeOf(name, line, column = 1) {
  const script = scripts.get(name);
  if (!script || line > script.lines) return undefined; // Below its end tslab calls it.
  let place = { originalLine: line - 1, originalColumn: column - 1 };
  for (const map of script.maps) {
    place = new SourceMap(JSON.parse(map)).findEntry(place.originalLine, place.originalColumn);
    if (place.originalLine === undefined) return undefined;
  }
  return spotOf(script.file, place.originalLine, place.originalColumn);
}

/** Where a place of a file, counted from 0, stands for whoever wrote the file. */
export function spotOf(file, line, column) {
  // tslab puts a line of its own before a cell, so that it is a module.
  const own = file.text.startsWith('export {};\n') ? 1 : 0;
  if (line < own) return undefined;
  return { line: line - own + 1, column: column + 1, text: file.text.split('\n')[line] ?? '' };
}

/** Whether a file is the cell itself. */
export const isCell = (file) => /^__tslab__\.[jt]s$/.test(path.basename(file.fileName));
