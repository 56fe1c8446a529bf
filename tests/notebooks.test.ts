// The notebooks as they are committed: executed in order, from the current source, tidy, small. And the check itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, describe } from 'node:test';
import { sha256 } from '../lib/src/data/seal';
import { figureHash } from '../lib/src/edge/payload';
import { checkCommitted, committedProblems } from '../publish/src/notebooks/committed';
import { committedForm, serialise } from '../publish/src/notebooks/committed-form';
import { libraryHash, madeFrom } from '../publish/src/notebooks/made-from';
import { plotlyMime, type Notebook, type Output } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { notebookNames } from '../publish/src/notebooks/run';
import { differences } from './support/compare';

const own = projectAt(ownRoot);
const library = libraryHash();

for (const name of notebookNames(own)) {
  test(`${name} is what a run of the current source leaves`, () => {
    const findings = checkCommitted(own, [name], library);
    assert.equal(findings.length, 0, findings.map(({ text }) => text).join('\n'));
  });
}

const png = Buffer.alloc(100);
const payload = { data: [{ y: [1, 2.5, 0] }], layout: { meta: { name: 'a-chart' } } };
const chart = (): Output => ({
  output_type: 'display_data',
  metadata: {},
  data: { [plotlyMime]: structuredClone(payload), 'image/png': png.toString('base64'), 'text/plain': 'It rises.' },
});
const stdout = (text: string): Output => ({ output_type: 'stream', name: 'stdout', text: [text] });
const plain = (text = 'loss 127.1023'): Notebook => ({
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
  cells: [
    {
      cell_type: 'code',
      id: 'a',
      metadata: {},
      source: 'show()',
      execution_count: 1,
      outputs: [stdout(text), chart()],
    },
    { cell_type: 'code', id: 'b', metadata: {}, source: 'assert.ok(loss < 128)', execution_count: 2, outputs: [] },
  ],
});

describe('the check', () => {
  mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
  const project = projectAt(mkdtempSync(join(ownRoot, 'tests', 'output', 'committed-')));
  after(() => rmSync(project.root, { recursive: true }));
  mkdirSync(project.notebooks);
  mkdirSync(project.figures);
  const entry = { notebook: '07-x', data: figureHash(payload), png: sha256(png) };
  writeFileSync(join(project.figures, 'manifest.json'), JSON.stringify({ 'a-chart': entry }));

  /** What is said of a notebook, broken by `change` after it was written as a run writes it. */
  const said = (change: (notebook: Notebook) => void = () => undefined, text = plain()): string[] => {
    const notebook = committedForm(text, text, madeFrom(text, library));
    change(notebook);
    writeFileSync(join(project.notebooks, '07-x.ipynb'), serialise(notebook));
    return committedProblems(project, '07-x', library).map(({ what }) => what);
  };

  test('finds nothing in a good notebook', () => assert.deepEqual(said(), []));

  const breaks: Record<string, [RegExp, (notebook: Notebook) => void]> = {
    'a cell that was not run': [/was not executed in order/, ({ cells }) => (cells[1]!.execution_count = null)],
    'cells run out of order': [/was not executed in order/, ({ cells }) => (cells[1]!.execution_count = 7)],
    'code that was changed': [/its code was changed since/, ({ cells }) => (cells[0]!.source = 'show(2)')],
    'another library': [
      /the library was changed since/,
      ({ metadata }) => ((metadata['made_from'] as { library: string }).library = '0'),
    ],
    'other data': [
      /its data were changed since/,
      ({ metadata }) => ((metadata['made_from'] as { data: string }).data = '0'),
    ],
    'no word on its source': [/does not say what it was made from/, ({ metadata }) => delete metadata['made_from']],
    'a time': [/prints a time.*: 12\.5 s/, ({ cells }) => cells[0]!.outputs!.push(stdout('done in 12.5 s'))],
    'a date': [/prints a date/, ({ cells }) => cells[0]!.outputs!.push(stdout('2026-01-31T12:00:00Z'))],
    'a warning': [/prints a warning/, ({ cells }) => cells[0]!.outputs!.push(stdout('DeprecationWarning: x\nwarning'))],
    'a token': [
      /holds a token: token=012/,
      ({ cells }) => cells[0]!.outputs!.push(stdout('http://localhost/?token=0123456789abcdef')),
    ],
    'a path': [/holds a path of this machine/, ({ cells }) => cells[0]!.outputs!.push(stdout(join(project.root, 'x')))],
    "an editor's traces": [/was saved by an editor/, ({ cells }) => (cells[0]!.metadata = { scrolled: true })],
    "another Python's metadata": [
      /was saved by an editor/,
      ({ metadata }) => (metadata['kernelspec'] = { name: 'python3' }),
    ],
    'a chart that the manifest does not know': [
      /does not know the chart a-chart/,
      ({ cells }) =>
        ((cells[0]!.outputs![1] as unknown as { data: { [plotlyMime]: { data: object[] } } }).data[plotlyMime].data[0] =
          { y: [9] }),
    ],
  };
  for (const [what, [message, change]] of Object.entries(breaks)) {
    test(`finds ${what}`, () => assert.match(said(change).join('\n'), message));
  }

  test('names the notebook and the command that mends it', () => {
    said(({ cells }) => (cells[1]!.execution_count = 7));
    const [finding] = checkCommitted(project, ['07-x'], library);
    assert.match(
      finding!.text,
      /^07-x\.ipynb, cell \[2\]: was not executed in order[^]*to mend it: npm run figures -- 07$/,
    );
  });
});

describe("the library's hash", () => {
  const root = mkdtempSync(join(tmpdir(), 'library-'));
  after(() => rmSync(root, { recursive: true }));
  const hashWith = (text: string): string => {
    mkdirSync(join(root, 'lib', 'src'), { recursive: true });
    writeFileSync(join(root, 'lib', 'src', 'rate.ts'), text);
    return libraryHash(root);
  };
  const before = hashWith('/** The rate. */\nexport const rate: number = 0.1;\n');

  test('stays where a comment or a type changes', () => {
    assert.equal(hashWith('/** The rate, per step. */\nexport const rate = 0.1; // as in the article\n'), before);
    writeFileSync(join(root, 'lib', 'src', 'types.ts'), 'export interface Rate { rate: number }\n');
    assert.equal(hashWith('export const rate = 0.1;'), before);
  });
  test('changes with the code', () => assert.notEqual(hashWith('export const rate = 0.2;'), before));
});

describe('a fresh run', () => {
  const with_ = (change: (notebook: Notebook) => void, text?: string): string[] => {
    const fresh = plain(text);
    change(fresh);
    return differences(plain(), fresh);
  };
  const draw =
    (value: number) =>
    ({ cells }: Notebook): void => {
      (cells[0]!.outputs![1] as unknown as { data: { [plotlyMime]: { data: object[] } } }).data[plotlyMime].data[0] = {
        y: [1, value, 1e-4],
      };
    };

  test('may differ in the last digit and within a thousandth', () => {
    assert.deepEqual(
      with_(() => undefined, 'loss 127.1024'),
      [],
    );
    assert.deepEqual(with_(draw(2.501)), []);
  });
  test('has the same numbers in what it prints', () =>
    assert.deepEqual(
      with_(() => undefined, 'loss 127.9'),
      ['cell [1]: gives 127.9 and not 127.1023'],
    ));
  test('says the same', () => assert.match(with_(() => undefined, 'error 127.1023').join(), /says "error/));
  test('draws the same', () => assert.deepEqual(with_(draw(2.6)), ['cell [1]: 0.data.0.y.1 is 2.6 and not 2.5']));
  test('has the same charts', () =>
    assert.match(with_(({ cells }) => cells[0]!.outputs!.pop()).join(), /cell \[1\]: 0 is undefined and not/));
});

test('the git hook looks only where a commit touches the notebooks or their source, and then stops it', () => {
  const repository = mkdtempSync(join(tmpdir(), 'hook-'));
  try {
    const hook = join(repository, 'scripts', 'hooks', 'pre-commit');
    mkdirSync(join(repository, 'scripts', 'hooks'), { recursive: true });
    mkdirSync(join(repository, 'bin'));
    cpSync(join(ownRoot, 'scripts', 'hooks', 'pre-commit'), hook);
    writeFileSync(join(repository, 'bin', 'node'), '#!/bin/sh\necho "$@" > checked\nexit 1\n', { mode: 0o755 });
    const env = {
      ...process.env,
      PATH: `${join(repository, 'bin')}:${process.env.PATH}`,
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    };
    const git = (...args: string[]) => spawnSync('git', args, { cwd: repository, env }).status;
    git('init', '-q');
    git('config', 'core.hooksPath', 'scripts/hooks');
    writeFileSync(join(repository, 'README.md'), 'x');
    git('add', 'README.md');
    assert.equal(git('commit', '-qm', 'words'), 0);
    mkdirSync(join(repository, 'notebooks'));
    writeFileSync(join(repository, 'notebooks', '01.ipynb'), '{}');
    git('add', 'notebooks');
    assert.notEqual(git('commit', '-qm', 'a notebook'), 0);
    assert.match(readFileSync(join(repository, 'checked'), 'utf8'), /scripts\/check-notebooks\.ts/);
  } finally {
    rmSync(repository, { recursive: true });
  }
});
