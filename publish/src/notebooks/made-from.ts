// What a notebook's outputs were made from, as hashes that stand in its metadata: they tell when it has to run again.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build, transform } from 'esbuild';
import ts from 'typescript';
import { readIfThere } from './files';
import { libraryNames, namespacesOf } from './library-names';
import { codeCells, textOf, type Notebook } from './notebook';
import { ownRoot } from './project';

/** Hashes of a notebook's code cells, of what they reach of the library, and of the data and the model behind both. */
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

const acting = new Map<string, boolean>(); // by the text of a module

/** Whether a module does something when it is imported, beyond saying what its names mean. */
function acts(file: string): boolean {
  const text = readFileSync(file, 'utf8');
  if (!acting.has(text)) acting.set(text, actsAtImport(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022)));
  return acting.get(text)!;
}

const actsAtImport = ({ statements }: ts.SourceFile): boolean =>
  statements.some(
    (statement) =>
      !(ts.isImportDeclaration(statement) && statement.importClause) &&
      !ts.isExportDeclaration(statement) &&
      !ts.isVariableStatement(statement) &&
      !ts.isFunctionDeclaration(statement) &&
      !ts.isClassDeclaration(statement) &&
      !ts.isInterfaceDeclaration(statement) &&
      !ts.isTypeAliasDeclaration(statement) &&
      !ts.isModuleDeclaration(statement),
  );

/** What a notebook uses of the library, as `export`s say it. */
function exportsFor(notebook: Notebook, root: string): string {
  const namespaces = namespacesOf(root);
  const names = libraryNames(
    codeCells(notebook).map(({ source }) => textOf(source)),
    namespaces,
  );
  if (!names) return "export * from './index';";
  return names
    .map((name) => {
      const [room, member] = name.split('.');
      if (member === undefined) return `export { ${name} } from './index';`;
      return `export { ${member} as ${room}_${member} } from '${namespaces.get(room!)}';`;
    })
    .join('\n');
}

/**
 * What of lib/src a notebook's imports reach, and what acts by itself when the library is imported, in a form that does
 * not change with comments, types, formatting and the names of what is local.
 */
export async function libraryHash(notebook: Notebook, root = ownRoot): Promise<string> {
  const source = join(root, 'lib', 'src');
  // what stands in for Node in a page acts there alone
  const own = filesIn(source).filter((file) => file.endsWith('.ts') && !file.startsWith(join(source, 'browser')));
  const active = new Set(own.filter(acts));
  const effects = [...active].map((file) => `import ${JSON.stringify(file)};\n`);
  const { outputFiles } = await build({
    stdin: { contents: effects.join('') + exportsFor(notebook, root), resolveDir: source, loader: 'ts' },
    bundle: true,
    packages: 'external',
    minifyWhitespace: true,
    minifySyntax: true,
    treeShaking: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    tsconfigRaw: '{}',
    logLevel: 'silent',
    write: false,
    plugins: [
      {
        name: 'only what acts or is asked for',
        setup: (bundle) =>
          bundle.onResolve({ filter: /^[./]/ }, async ({ path, resolveDir, kind, pluginData }) => {
            if (pluginData === 'asked') return undefined;
            const found = await bundle.resolve(path, { resolveDir, kind, pluginData: 'asked' });
            return { ...found, sideEffects: active.has(found.path) };
          }),
      },
    ],
  });
  // How often a letter stands in the source, types included, decides which short names come first: so in a second turn.
  const { code } = await transform(outputFiles[0]!.text, { format: 'esm', minify: true });
  return hashOf([code]);
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
export const madeFrom = async (notebook: Notebook, root = ownRoot): Promise<MadeFrom> => ({
  code: hashOf(codeCells(notebook).map(({ source }) => textOf(source))),
  library: await libraryHash(notebook, root),
  data: dataHash(notebook, root),
});
