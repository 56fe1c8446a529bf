// The project's kernel and Jupyter's protocol: what jupyter_kernel_test asks, and what readers of notebooks make of it.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { before, describe } from 'node:test';
import { textOf, type Cell, type Notebook, type Output } from '../publish/src/notebooks/notebook';
import { jupyterEnv } from '../publish/src/notebooks/jupyter';
import { ownRoot } from '../publish/src/notebooks/project';
import { runIn } from './support/other-project';
import { testPython } from './support/test-python';

const env = { ...jupyterEnv(), JUPYTER_PATH: join(ownRoot, '.venv', 'share', 'jupyter') } as Record<string, string>;

const cell = (source: string, ...tags: string[]): Cell => ({
  cell_type: 'code',
  id: `cell-${source.length}`,
  metadata: { tags },
  source,
  execution_count: null,
  outputs: [],
});
const notebook = (...cells: Cell[]): Notebook => ({
  cells: cells.map((one, i) => ({ ...one, id: `cell-${i}` })),
  metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } },
  nbformat: 4,
  nbformat_minor: 5,
});

const bad = {
  throws: notebook(cell('const rate = 0.1;'), cell("throw new RangeError('too small');"), cell('rate')),
  'type-error': notebook(cell('const steps = 3;'), cell('const label: string = steps;')),
  'lost-rejection': notebook(cell("async function save() {\n  throw new Error('disk full');\n}"), cell('void save();')),
};
const good = notebook(
  cell(
    "const late = Promise.reject(new Error('no'));\nawait new Promise((resolve) => setTimeout(resolve, 50));\nawait late.catch(() => 'late')",
  ),
  cell('6 * 7'),
);
/** Cells that are to throw: tslab dropped the next ones in silence. */
const asWanted = notebook(
  cell("throw new Error('as wanted');", 'raises-exception'),
  cell("console.log('second');"),
  cell("'third'"),
);

describe('with tools of PyPI', () => {
  let found: Awaited<ReturnType<typeof testPython>>;
  before(async () => {
    found = await testPython();
  });
  const folderOf = (notebooks: Record<string, Notebook>): string => {
    const output = join(ownRoot, 'tests', 'output');
    mkdirSync(output, { recursive: true });
    const folder = mkdtempSync(join(output, 'protocol-'));
    for (const [name, content] of Object.entries(notebooks)) {
      writeFileSync(join(folder, `${name}.ipynb`), JSON.stringify(content));
    }
    return folder;
  };

  test('jupyter_kernel_test', async (t) => {
    if (found.reason !== undefined) return t.skip(found.reason);
    const file = join(__dirname, 'fixtures', 'kernel_protocol.py');
    const { code, stderr } = await runIn(join(ownRoot, 'notebooks'), found.python, [file], env);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Ran 12 tests/m);
    assert.deepEqual(
      stderr.match(/^test_\w+ .*skipped.*$/gm)?.map((line) => line.split(' ')[0]),
      ['test_pager'],
    );
  });

  for (const option of ['--nbmake', '--nbval-lax']) {
    test(`pytest ${option} fails on what is wrong, and on nothing else`, async (t) => {
      if (found.reason !== undefined) return t.skip(found.reason);
      const folder = folderOf({ ...bad, good, 'as-wanted': asWanted });
      t.after(() => rmSync(folder, { recursive: true }));
      const args = ['-m', 'pytest', option, '-p', 'no:cacheprovider', '-rA', '--color=no', '.'];
      const { stdout, stderr } = await runIn(folder, found.python, args, env);
      const failed = new Set([...stdout.matchAll(/^(?:FAILED|ERROR) ([\w-]+)\.ipynb/gm)].map(([, name]) => name));
      assert.deepEqual([...failed].sort(), Object.keys(bad).sort(), stdout + stderr);
      const passed = new Set([...stdout.matchAll(/^PASSED ([\w-]+)\.ipynb/gm)].map(([, name]) => name));
      for (const name of ['good', 'as-wanted']) assert.ok(passed.has(name), stdout);
    });
  }

  test('papermill stops at what is wrong, and keeps what was said of it', async (t) => {
    if (found.reason !== undefined) return t.skip(found.reason);
    const folder = folderOf({ ...bad, good, 'as-wanted': asWanted });
    t.after(() => rmSync(folder, { recursive: true }));
    const run = async (name: string): Promise<{ code: number | null; outputs: Output[][]; stderr: string }> => {
      const [from, to] = [`${name}.ipynb`, `${name}.out.ipynb`];
      const args = ['-m', 'papermill', '-k', 'tslab', '--no-progress-bar', from, to];
      const { code, stderr } = await runIn(folder, (found as { python: string }).python, args, env);
      const { cells } = JSON.parse(readFileSync(join(folder, to), 'utf8')) as Notebook;
      const own = cells.filter(({ id, source }) => /^cell-\d$/.test(id ?? '') && !textOf(source).startsWith('<span'));
      return { code, stderr, outputs: own.map(({ outputs }) => outputs ?? []) };
    };
    const said = (outputs: Output[]): string =>
      outputs.map((one) => (one.output_type === 'error' ? `${one.ename}: ${one.evalue}` : one.output_type)).join();
    for (const [name, error] of [
      ['throws', 'RangeError: too small'],
      ['type-error', "TS2322: Type 'number' is not assignable to type 'string'."],
      ['lost-rejection', 'Error: UnhandledPromiseRejection: disk full'],
    ] as const) {
      const { code, outputs, stderr } = await run(name);
      assert.equal(code, 1, `${name}\n${stderr}`);
      assert.equal(said(outputs[1]!), error);
      assert.deepEqual(
        outputs.slice(2),
        bad[name].cells.slice(2).map(() => []),
      );
    }
    const { code, outputs, stderr } = await run('good');
    assert.equal(code, 0, stderr);
    assert.deepEqual(outputs.map(said), ['execute_result', 'execute_result']);
  });
});
