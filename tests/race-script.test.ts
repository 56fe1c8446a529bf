import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { DescentError, race } from 'descent-lab';
import { loadObjective } from '../lib/src/races/load-objective';
import * as raceCommand from '../scripts/race';
import { readersEnvironment } from './support/compiled';
import { fuzz } from './support/fuzz';
import { inProcess, type Answer } from './support/in-process';

interface Output {
  objective: string;
  start: number[];
  runs: {
    optimizer: string;
    hyper: Record<string, number | boolean>;
    steps: number;
    final: number[];
    finalLoss: number;
    path: number[][];
    diverged?: number;
  }[];
}

const folder = mkdtempSync(join(tmpdir(), 'race-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const command = ['--import', './scripts/tsx.mjs', 'scripts/race.ts'];
/** As a reader starts it. */
const started = (...args: string[]): Output =>
  JSON.parse(execFileSync(process.execPath, [...command, ...args, '--json'], { encoding: 'utf8' })) as Output;
const run = (...args: string[]): Promise<Answer> => inProcess(raceCommand, args);
const json = async (...args: string[]): Promise<Output> => JSON.parse((await run(...args, '--json')).stdout) as Output;
const fails = async (...args: string[]): Promise<string> => {
  const { status, stderr } = await run(...args);
  assert.equal(status, 1);
  return stderr;
};

test('--json prints the race and nothing else', () => {
  const { objective, start, runs } = started(
    '--objective',
    'rosenbrock',
    '--start=-1,2',
    '--steps',
    '2',
    '--optimizers',
    'adam,adagrad',
    '--set',
    'adam.beta1=0.8',
    '--set',
    'adagrad.initialAccumulatorValue=0.2',
    '--learning-rate',
    '0.01',
  );
  assert.equal(objective, 'rosenbrock');
  assert.deepEqual(start, [-1, 2]);
  assert.deepEqual(
    runs.map(({ optimizer }) => optimizer),
    ['adam', 'adagrad'],
  );
  const [adam, adagrad] = runs;
  assert.deepEqual(Object.keys(adam!), ['optimizer', 'hyper', 'steps', 'final', 'finalLoss', 'path']);
  assert.deepEqual([adam!.hyper['beta1'], adam!.hyper['learningRate']], [0.8, 0.01]);
  assert.equal(adagrad!.hyper['initialAccumulatorValue'], 0.2);
  assert.equal(adam!.steps, 2);
  assert.equal(adam!.path.length, 3);
  assert.deepEqual(adam!.path[0], [-1, 2]);
  assert.deepEqual(adam!.path[2], adam!.final);
  // The first step of Adam is the rate, against the sign of the gradient (400 - 4, 200).
  assert.ok(Math.abs(adam!.path[1]![0]! + 1.01) < 1e-5 && Math.abs(adam!.path[1]![1]! - 1.99) < 1e-5);
});

test('an own surface, and divergence as a result', async () => {
  const file = join(folder, 'bowl.ts');
  writeFileSync(
    file,
    'export const start = [3, -1];\nexport default (point: any, tf: any) => tf.sum(point.square());\n',
  );
  const { start, runs } = await json(
    '--objective',
    file,
    '--optimizers',
    'sgd,lion',
    '--steps',
    '9',
    '--set',
    'sgd.learningRate=1e20',
    '--set',
    'lion.learningRate=0.5',
  );
  assert.deepEqual(start, [3, -1]);
  assert.ok(runs[0]!.diverged! <= 3);
  assert.deepEqual(runs[1]!.path[1], [2.5, -0.5]);
  const shown = await run('--objective', file, '--optimizers', 'sgd', '--learning-rate', '1e20');
  assert.match(shown.stdout, new RegExp(`diverged at step ${runs[0]!.diverged}`));
});

test('--tune, --csv and --html', async () => {
  const [csv, html] = [join(folder, 'race.csv'), join(folder, 'race.html')];
  const ravine = ['--objective', 'ravine', '--optimizers', 'sgd', '--steps', '20'];
  const { stdout } = await run(...ravine, '--tune', '--csv', csv, '--html', html);
  assert.match(stdout, /^ravine: .*\noptimizer .*\nsgd +0\.03\d+ +20 /);
  const rows = readFileSync(csv, 'utf8').trim().split('\n');
  assert.equal(rows[0], 'optimizer,step,x,y,loss');
  assert.equal(rows.length, 22);
  assert.match(rows[1]!, /^sgd,0,-4,1,33$/);
  assert.match(readFileSync(html, 'utf8'), /The number beside each optimiser is its learning rate/);
});

test('what an own surface imports is not replaced, although no option names it', async () => {
  const [helper, settings, file] = ['helper.ts', 'settings.json', 'imports-own.ts'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(helper, 'export const height = (p: any) => p.square().sum();\n');
  writeFileSync(settings, '{"k":2}\n');
  writeFileSync(
    file,
    "import { height } from './helper';\nimport own from './settings.json';\nexport default (p: any) => height(p).mul(own.k);\n",
  );
  for (const [option, own] of [
    ['--csv', helper],
    ['--html', helper],
    ['--csv', settings],
    ['--html', settings],
  ] as const) {
    const before = readFileSync(own, 'utf8');
    assert.match(
      await fails('--objective', file, '--steps', '1', '--optimizers', 'sgd', option, own),
      /^--(csv|html): the name of \S+ must end in \.(csv|html or \.htm)\n$/,
    );
    assert.equal(readFileSync(own, 'utf8'), before);
  }
});

test('an own surface may import the library, wherever it lies and of whichever module system it is', () => {
  const env = readersEnvironment(); // an ES module reads the names of the library from what was compiled
  const code = "import { tf } from 'descent-lab';\nexport default (point) => tf.sum(point.square());\n";
  for (const name of ['imports.mjs', 'imports.ts']) {
    const file = join(folder, name);
    writeFileSync(file, code);
    const args = ['--objective', file, '--optimizers', 'sgd', '--learning-rate', '0.25', '--steps', '1', '--json'];
    const { runs } = JSON.parse(
      execFileSync(process.execPath, [...command, ...args], { encoding: 'utf8', env }),
    ) as Output;
    assert.deepEqual(runs[0]!.final, [0.5, 0.5], name);
  }
});

test('what is wrong with an own surface is told in one line, with its file and its line, and no stack', async () => {
  const cases: [name: string, code: string, message: RegExp][] = [
    [
      'throws.ts',
      '\nexport default (p: any) => p.matMull(3);',
      /throws\.ts, line 2: p\.matMull is not a function \(export default \(point, tf\) =>/,
    ],
    ['text.ts', "export default () => { throw 'no'; };", /text\.ts: it throws 'no' \(/],
    [
      'no-gradient.ts',
      '\n\nexport default (p: any, tf: any) => tf.unique(p).values.sum();',
      /no-gradient\.ts, line 3: the operation Unique has no gradient: the loss has to do without it$/,
    ],
    [
      'truth.ts',
      'export default (p: any) => p.sum().greater(0);',
      /truth\.ts: no gradient reaches the variable 'point' at iteration 0: the way back ends at greater, whose/,
    ],
    [
      'no-scalar.ts',
      'export default (p: any) => p;',
      /no-scalar\.ts: the function must return a scalar, and its result has the shape \[2\]: end it/,
    ],
    ['number.ts', 'export default () => 3;', /number\.ts: the function must return a tensor, not 3: export default/],
    ['async.ts', "export default async () => { throw new Error('no'); };", /async\.ts: the function must not be async/],
    [
      'constant.ts',
      'export default (p: any, tf: any) => tf.scalar(p.dataSync()[0]);',
      /constant\.ts: no gradient reaches the variable 'point'/,
    ],
    [
      'disposes.ts',
      'export default (p: any) => { const s = p.sum(); s.dispose(); return s; };',
      /disposes\.ts: the function must not dispose/,
    ],
    [
      'uses.ts',
      'export default (p: any) => { const s = p.sum(); p.dispose(); return s; };',
      /uses\.ts: the function must not dispose its point/,
    ],
    [
      'start.ts',
      'export const start = 10n; export default (p: any) => p.sum();',
      /start\.ts: start must be two numbers, x and y, not 10n$/,
    ],
    ['top.ts', "\nthrow new Error('up\\nhere');", /top\.ts, line 2, cannot be read: up here$/],
    ['syntax.ts', 'export default (p: any) => {', /syntax\.ts cannot be read: .*syntax\.ts:1:28/],
  ];
  for (const [name, code, message] of cases) {
    const file = join(folder, name);
    writeFileSync(file, code);
    const runIt = async (): Promise<unknown> =>
      race({ objective: await loadObjective(file), steps: 2, runners: [{ optimizer: 'sgd' }] });
    await assert.rejects(
      runIt,
      (error: Error) => {
        assert.ok(error instanceof DescentError, error.stack);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
      name,
    );
  }
  assert.match(
    await fails('--objective', join(folder, 'throws.ts')),
    /^\S+throws\.ts, line 2: p\.matMull is not a function .*\n$/,
  );
});

test('of a damaged surface too', async () => {
  const whole = Buffer.from(
    'export const start = [3, -1];\nexport default (point, tf) => {\n  const [x, y] = tf.unstack(point);\n' +
      '  return x.mul(2).sub(1).square().add(y.pow(4)).add(tf.maximum(x, y)).mean();\n};\n',
  );
  let copies = 0;
  const load = async (path: string): Promise<void> => {
    const copy = `${path}-${copies++}.mjs`; // a module is read once
    copyFileSync(path, copy);
    await race({ objective: await loadObjective(copy), steps: 1, runners: [{ optimizer: 'sgd' }] });
  };
  const path = join(folder, 'damaged.js');
  writeFileSync(path, whole);
  await load(path);
  await fuzz({ path, whole, load });
});

test('mistakes get one line and exit 1', async () => {
  const only = join(folder, 'two.ts');
  writeFileSync(only, 'export const a = () => 1;\nexport const b = () => 2;\n');
  const { status, stderr } = spawnSync(process.execPath, [...command, '--optimizers', 'sdg'], { encoding: 'utf8' });
  assert.deepEqual([status, stderr], [1, await fails('--optimizers', 'sdg')], 'as in a process of its own');
  assert.match(await fails('--optimizers', 'sdg'), /^unknown optimizer 'sdg'; known: sgd, momentum, .*ftrl\b.*\n$/);
  assert.match(
    await fails('--objective', 'hill'),
    /^unknown objective 'hill'; known: beale, rosenbrock, saddle, ravine, or a .*\n$/,
  );
  assert.match(await fails('--objective', only), /must export one function of a tensor.*it exports a, b\n$/);
  assert.match(await fails('--tune', '--learning-rate', '1'), /^give --tune or --learning-rate, not both\n$/);
  assert.match(await fails('--start=1'), /Two numbers are needed: --start=-1\.5,1\.5/);
});
