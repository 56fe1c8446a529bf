// The runner of `npm run figures`: on notebooks that are wrong in every way that it knows, and on a good one.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownRoot, projectAt, type Project } from '../publish/src/notebooks/project';
import { checkCommitted } from '../publish/src/notebooks/committed';
import { missingGifs, notebookNames, runNotebooks, type RunOptions } from '../publish/src/notebooks/run';
import { compile } from './support/compiled';

before(compile);

const bad = join(__dirname, 'notebooks-bad');
const fixture = (name: string): string => join(bad, `${name}.ipynb`);

/** A project of some of the notebooks in notebooks-bad, inside this one, so that the kernel finds its packages. */
function projectOf(...names: string[]): Project {
  const output = join(ownRoot, 'tests', 'output');
  mkdirSync(output, { recursive: true });
  const project = projectAt(mkdtempSync(join(output, 'figures-')));
  for (const name of names) cpSync(fixture(name), join(project.notebooks, `${name}.ipynb`));
  return project;
}

/** All that a run may write and keep, by path. */
const contents = (project: Project): Map<string, string> =>
  new Map(
    [project.notebooks, project.figures].flatMap((folder) =>
      readdirSync(folder)
        .sort()
        .map((file) => [join(basename(folder), file), readFileSync(join(folder, file), 'latin1')]),
    ),
  );

let gifs = 0;
async function run(project: Project, options: Partial<RunOptions> = {}, ...names: string[]) {
  const lines: string[] = [];
  const failed = await runNotebooks(project, notebookNames(project, names), {
    timeout: 60,
    jobs: 2,
    log: (text) => lines.push(text),
    ...options,
    renderGif: () => Promise.resolve(Buffer.from(`GIF ${(gifs += 1)}`)),
  });
  return { failed, text: lines.join('\n') };
}

describe('notebooks that are wrong', () => {
  const names = readdirSync(bad)
    .map((file) => file.slice(0, -6))
    .filter((name) => name !== 'good');
  const project = projectOf(...names);
  let outcome: Awaited<ReturnType<typeof run>>;
  before(async () => {
    outcome = await run(project);
  });
  after(() => rmSync(project.root, { recursive: true }));

  /** What is said of one notebook holds these lines, in this order. */
  const says = (name: string, ...lines: string[]): void => {
    const text = outcome.text
      .split('\n')
      .filter((line) => line.trim())
      .map((line) => line.trim());
    let from = text.findIndex((line) => line.startsWith(`${name}: FAILED`));
    for (const line of lines) {
      const found = text.findIndex((candidate, i) => i > from && candidate.startsWith(line));
      assert.ok(found > from, `no "${line}" in:\n${outcome.text}`);
      from = found;
    }
  };

  test('all fail, and their files are untouched', () => {
    assert.deepEqual(outcome.failed, names);
    for (const name of names) {
      assert.ok(readFileSync(join(project.notebooks, `${name}.ipynb`)).equals(readFileSync(fixture(name))), name);
    }
    assert.deepEqual(readdirSync(project.figures), []);
    assert.deepEqual(readdirSync(project.scratch), []);
  });

  test('a cell that throws', () =>
    says(
      'throws',
      'throws.ipynb, cell [3]: failed',
      '| step(learningRate);',
      'RangeError: the rate of 0.1 is too small',
    ));
  test('a type error', () =>
    says(
      'type-error',
      'type-error.ipynb, cell [2]: failed',
      '| const label: string = steps;',
      "TS2322: Type 'number' is not assignable to type 'string'.",
      'cell [2], line 1:',
    ));
  test('a promise rejection that nobody waits for, in the last cell', () =>
    says(
      'lost-rejection',
      'lost-rejection.ipynb, cell [2]: a promise was rejected and nothing waits for it',
      '| assert.equal(1, 1);',
      '| void save();',
      'UnhandledPromiseRejection: Error: nobody waits for this',
    ));
  test('a cell that ends the kernel', () =>
    says('ends-kernel', 'ends-kernel.ipynb, cell [2]: ended the kernel', '| process.exit(3);'));
  test('a line on stderr', () =>
    says(
      'untidy',
      'untidy.ipynb, cell [2]: wrote to stderr',
      "| console.error('something is odd');",
      'something is odd',
    ));
  test('a path of this machine', () =>
    says('untidy', `untidy.ipynb, cell [3]: holds a path of this machine: ${project.root}`));
  test('an image that is too large', () =>
    says('untidy', 'untidy.ipynb, cell [4]: shows the chart too-heavy with an image of 90000 bytes'));
  test('a last cell that verifies nothing', () =>
    says('untidy', 'untidy.ipynb, cell [5]: is the last cell and verifies nothing'));
});

describe('a good notebook', () => {
  const project = projectOf('good');
  writeFileSync(project.readme, '![doubles](figures/good-doubles.gif)');
  after(() => rmSync(project.root, { recursive: true }));
  let first: Map<string, string>;

  test('keeps its outputs and gives its figures', async () => {
    const { failed, text } = await run(project);
    assert.deepEqual(failed, [], text);
    assert.deepEqual(readdirSync(project.figures).sort(), [
      'good-doubles.gif',
      'good-doubles.png',
      'good.html',
      'manifest.json',
      'plotly.js',
    ]);
    assert.deepEqual(missingGifs(project), []);
    first = contents(project);
    assert.match(first.get(join('notebooks', 'good.ipynb'))!, /\[ 2, 4, 6 \]/);
    assert.match(first.get(join('figures', 'good.html'))!, /alt="Three numbers rise from 2 to 6\."/);
  });

  test('gives the same bytes when it runs again, and draws nothing', async () => {
    // What a killed run leaves is cleared away.
    writeFileSync(join(project.figures, 'good.html.0123abcd.tmp'), 'half');
    const { failed, text } = await run(project);
    assert.deepEqual(failed, [], text);
    assert.match(text, /nothing new/);
    const second = contents(project);
    assert.deepEqual([...second.keys()], [...first.keys()]);
    for (const [file, content] of first) assert.ok(second.get(file) === content, file);
    assert.equal(gifs, 1);
  });

  test('is as it was when a run is stopped, and leaves no kernel', async () => {
    const stop = new AbortController();
    const stopped = assert.rejects(run(project, { signal: stop.signal }), { name: 'AbortError' });
    const log = join(project.scratch, `good.${process.pid}`, 'kernel.log');
    while (!existsSync(log) || !readFileSync(log, 'utf8').includes('"cell":1')) await sleep(20);
    const { pid } = JSON.parse(readFileSync(log, 'utf8').split('\n')[0]!) as { pid: number };
    stop.abort();
    await stopped;
    assert.deepEqual(readdirSync(project.scratch), []);
    assert.deepEqual([...contents(project)], [...first]);
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
      } catch {
        return false;
      }
    };
    for (let i = 0; isAlive(); i += 1) {
      assert.ok(i < 100, `the kernel ${pid} lives on`);
      await sleep(50);
    }
  });

  test('is chosen by the beginning of its name', () => {
    assert.deepEqual(notebookNames(project, ['go']), ['good']);
    assert.throws(() => notebookNames(project, ['02']), /no notebook begins with "02": there are good/);
  });
});

test('solutions run with their lesson, in their own folder, and have a page of their own', async (t) => {
  const project = projectOf();
  t.after(() => rmSync(project.root, { recursive: true }));
  cpSync(join(__dirname, 'fixtures', 'lesson'), project.notebooks, { recursive: true });
  mkdirSync(join(project.root, 'data'));
  writeFileSync(join(project.root, 'data', 'start.txt'), '16');
  const { failed, text } = await run(project, {}, '07');
  assert.deepEqual(failed, [], text);
  assert.match(text, /^solutions\/07-small: .* 0 charts, notebook updated$/m);
  const solutions = readFileSync(join(project.notebooks, 'solutions', '07-small.ipynb'), 'utf8');
  assert.match(solutions, /"2\\n"/, 'what ../../data has is read');
  assert.deepEqual(await checkCommitted(project, notebookNames(project)), []);
  const page = (name: string): string => readFileSync(join(project.figures, `${name}.html`), 'utf8');
  assert.match(page('07-small'), /href="solutions\/07-small\.html"/);
  assert.match(page('solutions/07-small'), /data-plotly="\.\.\/plotly\.js"[^]*href="\.\.\/07-small\.html#exercises"/);
  assert.deepEqual(readdirSync(project.scratch), []);
});
