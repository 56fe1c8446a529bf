// What a notebook's outputs were made from, as hashes that stand in its metadata: they tell when it has to run again.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { readIfThere } from './files';
import { codeCells, textOf, type Notebook } from './notebook';
import { ownRoot } from './project';

/** Hashes of a notebook's code cells, of the library, and of the data and the model behind both. */
export interface MadeFrom {
  code: string;
  library: string;
  data: string;
}

/** Sixteen hexadecimal digits: enough to notice a change. */
function hashOf(parts: Iterable<string | Buffer>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

const named = (root: string, file: string): string => relative(root, file).split(sep).join('/');

/**
 * All of lib/src as it runs: without comments and types, so that a better doc comment makes no notebook old. Which of
 * its files a notebook reaches is not asked: it imports the whole library.
 */
export function libraryHash(root = ownRoot): string {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, removeComments: true };
  const code = filesIn(join(root, 'lib', 'src'))
    .filter((file) => file.endsWith('.ts'))
    .map(
      (file) =>
        [named(root, file), ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText] as const,
    );
  const types = ts.transpileModule('export {}', { compilerOptions }).outputText; // a file of types alone leaves this
  return hashOf(code.filter(([, text]) => text !== types).flat());
}

/** The tables that the notebook's code names, and the model that the project ships. */
function dataHash(notebook: Notebook, root: string): string {
  const code = codeCells(notebook)
    .map(({ source }) => textOf(source))
    .join('\n');
  const tables = [...new Set([...code.matchAll(/\.\.\/(data\/[\w./-]+\.csv)/g)].map(([, name]) => name!))].sort();
  const model = filesIn(join(root, 'models', 'cats-dogs')).filter((file) => !file.endsWith('.md'));
  return hashOf(
    [...tables, ...model.map((file) => named(root, file))].flatMap((name) => [
      name,
      readIfThere(join(root, name)) ?? '',
    ]),
  );
}

/** What a notebook is made from as things stand now. */
export const madeFrom = (notebook: Notebook, library = libraryHash(), root = ownRoot): MadeFrom => ({
  code: hashOf(codeCells(notebook).map(({ source }) => textOf(source))),
  library,
  data: dataHash(notebook, root),
});
