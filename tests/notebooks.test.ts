// The notebooks as they are committed: executed in order, from the current source, tidy, small. And the check itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after, describe } from 'node:test';
import { sha256 } from '../lib/src/data/seal';
import { figureHash } from '../lib/src/edge/payload';
import { checkCommitted, committedProblems } from '../publish/src/notebooks/committed';
import { committedForm, serialise } from '../publish/src/notebooks/committed-form';
import { libraryHash, madeFrom } from '../publish/src/notebooks/made-from';
import { readManifest, type Manifest } from '../publish/src/notebooks/manifest';
import { plotlyMime, readNotebook, type Notebook, type Output } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { publish } from '../publish/src/notebooks/publish';
import { notebookNames } from '../publish/src/notebooks/run';
import { differences } from './support/compare';

const own = projectAt(ownRoot);

for (const name of notebookNames(own)) {
  test(`${name} is what a run of the current source leaves`, async () => {
    const findings = await checkCommitted(own, [name]);
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
  const manifest = (others: Manifest = {}): void =>
    writeFileSync(join(project.figures, 'manifest.json'), JSON.stringify({ 'a-chart': entry, ...others }));
  manifest();

  const from = madeFrom(plain());

  /** What is said of a notebook, broken by `change` after it was written as a run writes it. */
  const said = async (change: (notebook: Notebook) => void = () => undefined, text = plain()): Promise<string[]> => {
    const notebook = committedForm(text, text, { ...(await from) });
    change(notebook);
    writeFileSync(join(project.notebooks, '07-x.ipynb'), serialise(notebook));
    return (await committedProblems(project, '07-x')).map(({ what }) => what);
  };

  test('finds nothing in a good notebook', async () => assert.deepEqual(await said(), []));

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
    test(`finds ${what}`, async () => assert.match((await said(change)).join('\n'), message));
  }

  test('finds entries of the manifest that no notebook draws, and the next run drops them', async () => {
    manifest({ 'old-chart': entry, 'lost-chart': { ...entry, notebook: '06-gone' } });
    assert.deepEqual(await said(), ['does not draw the chart old-chart, which figures/manifest.json has of it']);
    const findings = await checkCommitted(project, ['07-x']);
    assert.deepEqual(
      findings.map(({ notebook }) => notebook),
      ['07-x', '06-gone'],
    );
    assert.equal(
      findings[1]!.text,
      '06-gone.ipynb is not there, and figures/manifest.json has its chart lost-chart\nto mend it: npm run figures',
    );
    writeFileSync(join(project.figures, 'lost-chart.png'), png);
    await publish(project, '07-x', readNotebook(join(project.notebooks, '07-x.ipynb')), () => assert.fail());
    assert.deepEqual(readManifest(project), { 'a-chart': entry });
    assert.ok(!existsSync(join(project.figures, 'lost-chart.png')));
    assert.deepEqual(await checkCommitted(project, ['07-x']), []);
  });

  test('names the notebook and the command that mends it', async () => {
    await said(({ cells }) => (cells[1]!.execution_count = 7));
    const [finding] = await checkCommitted(project, ['07-x']);
    assert.match(
      finding!.text,
      /^07-x\.ipynb, cell \[2\]: was not executed in order[^]*to mend it: npm run figures -- 07$/,
    );
  });
});

describe("the library's hash", () => {
  const root = mkdtempSync(join(tmpdir(), 'library-'));
  after(() => rmSync(root, { recursive: true }));
  const good: Record<string, string> = {
    'index.ts': "export * from './lines';\nexport * as figures from './figures';\nexport { rate } from './rate';\n",
    'lines/index.ts': "export * from './slope';\nexport * from './fit';\n",
    'lines/slope.ts':
      "import type { Rate } from '../types';\nimport { half } from './half';\n\n" +
      '/** By the rate. */\nexport const slope = ({ rate }: Rate): number => {\n  const given = half(rate);\n  return given;\n};\n',
    'lines/half.ts': 'export function half(x: number): number {\n  return x / 2;\n}\n',
    'lines/fit.ts':
      'export const table = new Map([[1, Math.sqrt(2)]]);\nexport const fit = (): unknown => table.get(1);\n',
    'figures/index.ts': "export * from './dots';\nexport * from './bars';\n",
    'figures/dots.ts': 'export const dots = (): number => 1;\n',
    'figures/bars.ts': 'export const bars = (): number => 2;\n',
    'rate.ts': 'export const rate = 0.1;\n',
    'acts/index.ts': "import './acts';\n",
    'acts/acts.ts': "import { loud } from './loud';\n\nconsole.log(loud);\n",
    'acts/loud.ts': "export const loud = 'loud';\n",
    'types.ts': 'export interface Rate {\n  rate: number;\n}\n',
  };
  /** The hash for a notebook of these cells, of the library with some files in another form. */
  const hash = (cells: string[], changed: Record<string, string> = {}): Promise<string> => {
    for (const [file, text] of Object.entries({ ...good, ...changed })) {
      mkdirSync(dirname(join(root, 'lib', 'src', file)), { recursive: true });
      writeFileSync(join(root, 'lib', 'src', file), text);
    }
    const [cell] = plain().cells;
    return libraryHash({ ...plain(), cells: cells.map((source) => ({ ...cell!, source })) }, root);
  };
  const edited = (file: string, from: string, to: string): Record<string, string> => {
    assert.ok(good[file]!.includes(from));
    return { [file]: good[file]!.replace(from, to) };
  };
  const slope = ["import { slope, type Rate } from 'descent-lab';\nslope({ rate: 1 });"];
  const figures = ["import { figures } from 'descent-lab';\nfigures.dots();"];
  const everything = ["import * as lab from 'descent-lab';"];
  const passedOn = ["import { figures } from 'descent-lab';\nconsole.log(figures);"];
  const taken = ["import { figures } from 'descent-lab';\nconst { bars } = figures;"];

  test('stays with comments, types, formatting and local names', async () => {
    for (const change of [
      edited('lines/slope.ts', 'By the rate.', 'By half the rate.'),
      edited('lines/slope.ts', ': number', ''),
      edited('types.ts', 'number', 'number | undefined'),
      edited('lines/half.ts', '\n  return x / 2;\n', ' return x/2 '),
      { 'lines/slope.ts': good['lines/slope.ts']!.replaceAll('given', 'halved') },
      { 'lines/half.ts': good['lines/half.ts']!.replace(/\bx\b/g, 'whole') },
    ]) {
      assert.equal(await hash(slope, change), await hash(slope), JSON.stringify(change));
    }
  });

  test('stays where something changes that the notebook does not reach', async () => {
    for (const change of [
      edited('rate.ts', '0.1', '0.2'),
      edited('lines/fit.ts', '2', '3'),
      edited('figures/dots.ts', '1', '3'),
      { 'lines/new.ts': 'export const more = 1;\n' },
    ]) {
      assert.equal(await hash(slope, change), await hash(slope), JSON.stringify(change));
    }
    const bars = edited('figures/bars.ts', '2', '3');
    assert.equal(await hash(figures, bars), await hash(figures));
  });

  test('changes with what it reaches, and with what acts by itself', async () => {
    for (const [cells, change] of [
      [slope, edited('lines/slope.ts', 'half(rate)', 'half(rate) + 1')],
      [slope, edited('lines/half.ts', '/ 2', '/ 3')],
      [slope, edited('acts/acts.ts', 'log', 'error')],
      [slope, edited('acts/loud.ts', "'loud'", "'louder'")],
      [["import { rate as r } from 'descent-lab';"], edited('rate.ts', '0.1', '0.2')],
      [
        ["import {\n  slope,\n} from 'descent-lab';", "import { fit } from 'descent-lab';"],
        edited('lines/fit.ts', '2', '3'),
      ],
      [figures, edited('figures/dots.ts', '1', '3')],
      [passedOn, edited('figures/bars.ts', '2', '3')],
      [taken, edited('figures/bars.ts', '2', '3')],
      [everything, edited('rate.ts', '0.1', '0.2')],
      [["const { slope } = require('descent-lab');"], edited('rate.ts', '0.1', '0.2')],
      [["const { slope } = await import('descent-lab');"], edited('rate.ts', '0.1', '0.2')],
    ] as const) {
      assert.notEqual(await hash([...cells], change), await hash([...cells]), JSON.stringify([cells, change]));
    }
  });
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
