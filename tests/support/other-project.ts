// Another project, in an empty folder, that uses the packed library; and how programs run in it.
import { spawn } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';

/** This project's own npm settings, which its npm hands down to its scripts, are not those of another folder. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(npm_(?!config_)|npm_config_(ignore_scripts|loglevel|.*prefix)$|INIT_CWD$)/i.test(name),
  ),
);

/** Runs a program to its end in a folder. */
export function runIn(cwd: string, command: string, args: string[], more: Record<string, string> = {}) {
  const child = spawn(command, args, { cwd, env: { ...env, ...more }, shell: process.platform === 'win32' });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString();
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The code in a Markdown text that stands alone: the first block that imports the library. */
export const standaloneCode = (markdown: string): string => /```ts\n(import [^]*?)```/.exec(markdown)![1]!;

/** Top-level await is for ES modules alone. */
export const inAsyncFunction = (code: string): string =>
  code.replace(/^(.*\n)([^]*)/, '$1void (async () => {\n$2})();\n');

/** An ES module's code as CommonJS. */
export const asCommonJs = (code: string): string =>
  inAsyncFunction(code.replace(/^import (\{.*\}) from '(.*)';/, "const $1 = require('$2');"));

/**
 * What a compiler says of files in a folder and of the library's declarations there, `file: message`. Of other
 * packages' it is not asked: TensorFlow.js' are at odds with `strict`.
 */
export function typeProblems(compiler: typeof ts, folder: string, files: string[], mode: ts.CompilerOptions): string[] {
  const options = { ...mode, noEmit: true, strict: true, target: compiler.ScriptTarget.ES2022, types: ['node'] };
  const host = { ...compiler.createCompilerHost(options), getCurrentDirectory: () => folder };
  const program = compiler.createProgram(
    files.map((file) => path.join(folder, file)),
    options,
    host,
  );
  const library = path.join(folder, 'node_modules', 'descent-lab');
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getSourceFiles().flatMap((source) => {
      const file = path.normalize(source.fileName);
      if (path.dirname(file) !== folder && !file.startsWith(library)) return [];
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    }),
  ].map(
    ({ file, messageText }) =>
      `${file ? path.relative(folder, file.fileName) : 'options'}: ` +
      compiler.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

/** A copy of a folder that takes no space. */
export function linkTree(from: string, to: string, wanted: (name: string) => boolean): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target, wanted);
    else if (entry.isSymbolicLink()) cpSync(source, target, { verbatimSymlinks: true });
    else if (wanted(entry.name)) linkSync(source, target);
  }
}
