// The library's documentation: every public name has some, and its examples, like README.md's, run as they stand.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import test from 'node:test';
import { format } from 'node:util';
import ts from 'typescript';
import { ownRoot } from '../publish/src/notebooks/project';
import { readApi } from '../publish/src/site/api';

const require = createRequire(join(ownRoot, 'notebooks', 'example.js'));
const library = require('descent-lab') as Record<string, unknown>;
const source = join(ownRoot, 'lib', 'src');

test('every public name has a doc comment, and no doc comment speaks of what is not there', async (t) => {
  mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
  const scratch = mkdtempSync(join(ownRoot, 'tests', 'output', 'docs-'));
  t.after(() => rmSync(scratch, { recursive: true }));
  const { names, warnings } = await readApi(ownRoot, scratch);
  assert.deepEqual(warnings, []);
  const isRoom = (value: unknown): value is object => typeof value === 'object' && value !== null;
  const values = Object.entries(library).flatMap(([name, value]) => {
    if (name === 'tf') return []; // TensorFlow.js has its own documentation.
    return isRoom(value) ? Object.keys(value).map((member) => `${name}.${member}`) : [name];
  });
  assert.deepEqual(
    values.filter((name) => !names.some((known) => known.name === name || known.name.startsWith(`${name}.`))),
    [],
  );
  assert.deepEqual(
    names.filter(({ summary }) => summary === '').map(({ name }) => name),
    [],
  );
});

/** A default as a doc comment or the code writes it: `30 s` and `30_000`, `'loss'` in quotes of either kind. */
function defaultOf(text: string): string {
  const [, digits, unit] = /^([\d.,_]*\d(?:e\d+)?)( MB| s)?$/.exec(text) ?? [];
  if (digits === undefined) return text.replace(/[`']/g, '');
  return String(Number(digits.replace(/[,_]/g, '')) * (unit === ' MB' ? 1e6 : unit === ' s' ? 1000 : 1));
}

test('a default that a doc comment states is the one in the code', () => {
  const documented =
    /\/\*\*(?:(?!\*\/)[^])*?\bDefault:? (`[^`]+`|true|false|[\d.,]*\d(?: MB| s\b)?)(?:(?!\*\/)[^])*\*\/\s*(\w+)\??:/g;
  let compared = 0;
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )) {
    const text = readFileSync(join(source, file), 'utf8');
    for (const [, told, option] of text.matchAll(documented)) {
      const written = [
        ...text.matchAll(new RegExp(`[{,]\\s*${option}(?:: \\w+)? = ('[^']*'|true|false|[\\d._e]*\\d)`, 'g')),
      ];
      if (written.length > 0) compared++;
      for (const [, value] of written) {
        assert.equal(
          defaultOf(value!),
          defaultOf(told!),
          `${file}: ${option} is documented with the default ${told}, and has ${value}`,
        );
      }
    }
  }
  assert.ok(compared >= 25, `${compared} options were found`);
});

/** The examples in a source file's doc comments: what follows the tag up to the next one, without the stars. */
function examplesIn(file: string): { name: string; code: string }[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/\/\*\*(?:(?!\*\/)[^])*\*\//g)].flatMap(({ 0: comment, index }) => {
    const lines = comment
      .slice(3, -2)
      .split('\n')
      .map((line) => line.replace(/^\s*\* ?/, ''));
    const from = lines.findIndex((line) => line.startsWith('@example'));
    if (from < 0) return [];
    const length = lines.slice(from + 1).findIndex((line) => line.startsWith('@'));
    const code = lines
      .slice(from + 1, length < 0 ? undefined : from + 1 + length)
      .join('\n')
      .replace(/^```.*$/gm, '');
    const subject = /\b(?:function|class|const|interface) (\w+)/.exec(text.slice(index + comment.length))?.[1];
    return [{ name: `${relative(source, file)}: ${subject}`, code }];
  });
}

/** `// => text` behind a console.log says what it prints. */
const stated = (code: string): string[] => [...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text]) => text!.trim());

/** Runs code as a notebook's cell would, with all of the library in reach, and returns what it prints where it says so. */
async function run(code: string): Promise<string[]> {
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const names = Object.keys(library).filter(
    (name) => !new RegExp(`\\b(const|let|function) ${name}\\b`).test(outputText),
  );
  const printed: string[] = [];
  const lines = code.split('\n').filter((line) => line.includes('console.log('));
  const log = (...values: unknown[]): void => {
    if (lines[printed.length]?.includes('// =>')) printed.push(format(...values));
  };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- documentation is code that has to be run
  const body = new Function('require', 'exports', 'console', ...names, `return (async () => {${outputText}\n})();`);
  await (body as (...values: unknown[]) => Promise<void>)(
    require,
    {},
    { ...console, log },
    ...names.map((name) => library[name]),
  );
  return printed;
}

const files = (readdirSync(source, { recursive: true }) as string[]).filter((file) => file.endsWith('.ts'));
const examples = files.flatMap((file) => examplesIn(join(source, file)));
const readme = readFileSync(join(ownRoot, 'README.md'), 'utf8');
const ofReadme = [...readme.matchAll(/```ts\n([^]*?)```/g)].map(([, code], i) => ({
  name: `README.md: ${i + 1}`,
  code: code!,
}));

test('there are examples, of the loop above all', () => {
  assert.ok(examples.some(({ name }) => name.endsWith(': descend')) && ofReadme.length > 0);
  assert.ok(examples.flatMap(({ code }) => stated(code)).length >= 10, 'most state their result');
});

for (const { name, code } of [...examples, ...ofReadme]) {
  test(`the example of ${name}`, async () => {
    const folder = process.cwd();
    process.chdir(join(ownRoot, 'notebooks')); // Where a reader stands, for paths.
    try {
      assert.deepEqual(await run(code), stated(code));
    } finally {
      process.chdir(folder);
    }
  });
}

test('a page or notebook that says `node --import … FILE` names files that are there', () => {
  const folders = readdirSync(ownRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/^\.|^(node_modules|site|tests)$/.test(entry.name))
    .map(({ name }) => name);
  const pages = ['', ...folders]
    .flatMap((folder) =>
      readdirSync(join(ownRoot, folder), { recursive: folder !== '', encoding: 'utf8' }).map((name) =>
        join(folder, name),
      ),
    )
    .filter((path) => /\.(md|ipynb)$/.test(path) && !/node_modules|checkpoints/.test(path));
  const named = pages.flatMap((page) =>
    [...readFileSync(join(ownRoot, page), 'utf8').matchAll(/\bnode --import ([\w./-]+)(?: ([\w./-]+\.\w+))?/g)].flatMap(
      ([command, ...files]) => files.flatMap((file) => (file ? [{ page, command, file }] : [])),
    ),
  );
  assert.ok(named.length >= 10 && named.some(({ page }) => page.endsWith('.ipynb')), String(named.length));
  assert.deepEqual(
    named.filter(({ file }) => !existsSync(join(ownRoot, file))).map(({ page, command }) => `${page}: ${command}`),
    [],
  );
});

test('the example of docs/many-machines.md, which needs a Redis, is right in its types', (t) => {
  mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
  const scratch = mkdtempSync(join(ownRoot, 'tests', 'output', 'docs-'));
  t.after(() => rmSync(scratch, { recursive: true }));
  const text = readFileSync(join(ownRoot, 'docs', 'many-machines.md'), 'utf8');
  const files = [...text.matchAll(/```ts\n([^]*?)```/g)].map(([, code], i) => {
    const file = join(scratch, `${i}.mts`);
    writeFileSync(file, code!);
    return file;
  });
  assert.ok(files.length > 0);
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  });
  const wrong = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  assert.deepEqual(wrong, []);
});
