import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';

interface Output {
  objective: string; start: number[];
  runs: { optimizer: string; hyper: Record<string, number | boolean>; steps: number; final: number[]; loss: number;
    trajectory: number[][]; diverged?: number }[];
}

const folder = mkdtempSync(join(tmpdir(), 'race-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const command = ['--import', 'tsx', 'scripts/race.ts'];
const json = (...args: string[]): Output =>
  JSON.parse(execFileSync(process.execPath, [...command, ...args, '--json'], { encoding: 'utf8' })) as Output;
const fails = (...args: string[]): string => {
  const { status, stderr } = spawnSync(process.execPath, [...command, ...args], { encoding: 'utf8' });
  assert.equal(status, 1);
  return stderr;
};

test('--json prints the race and nothing else', () => {
  const { objective, start, runs } = json('--objective', 'rosenbrock', '--start=-1,2', '--steps', '2',
    '--optimizers', 'adam,adagrad', '--set', 'adam.beta1=0.8',
    '--set', 'adagrad.initialAccumulatorValue=0.2', '--learning-rate', '0.01');
  assert.equal(objective, 'rosenbrock');
  assert.deepEqual(start, [-1, 2]);
  assert.deepEqual(runs.map(({ optimizer }) => optimizer), ['adam', 'adagrad']);
  const [adam, adagrad] = runs;
  assert.deepEqual(Object.keys(adam!), ['optimizer', 'hyper', 'steps', 'final', 'loss', 'trajectory']);
  assert.deepEqual([adam!.hyper['beta1'], adam!.hyper['learningRate']], [0.8, 0.01]);
  assert.equal(adagrad!.hyper['initialAccumulatorValue'], 0.2);
  assert.equal(adam!.steps, 2);
  assert.equal(adam!.trajectory.length, 3);
  assert.deepEqual(adam!.trajectory[0], [-1, 2]);
  assert.deepEqual(adam!.trajectory[2], adam!.final);
  // The first step of Adam is the rate, against the sign of the gradient (400 - 4, 200).
  assert.ok(Math.abs(adam!.trajectory[1]![0]! + 1.01) < 1e-5 && Math.abs(adam!.trajectory[1]![1]! - 1.99) < 1e-5);
});

test('an own surface, and divergence as a result', () => {
  const file = join(folder, 'bowl.ts');
  writeFileSync(file,
    'export const start = [3, -1];\nexport default (point: any, tf: any) => tf.sum(point.square());\n');
  const { start, runs } = json('--objective', file, '--optimizers', 'sgd,lion', '--steps', '9',
    '--set', 'sgd.learningRate=1e20', '--set', 'lion.learningRate=0.5');
  assert.deepEqual(start, [3, -1]);
  assert.ok(runs[0]!.diverged! <= 3);
  assert.deepEqual(runs[1]!.trajectory[1], [2.5, -0.5]);
  const shown = execFileSync(process.execPath,
    [...command, '--objective', file, '--optimizers', 'sgd', '--learning-rate', '1e20'], { encoding: 'utf8' });
  assert.match(shown, new RegExp(`diverged at step ${runs[0]!.diverged}`));
});

test('--tune, --csv and --html', () => {
  const [csv, html] = [join(folder, 'race.csv'), join(folder, 'race.html')];
  const { stdout } = spawnSync(process.execPath, [...command, '--objective', 'ravine', '--optimizers', 'sgd',
    '--steps', '20', '--tune', '--csv', csv, '--html', html], { encoding: 'utf8' });
  assert.match(stdout, /^ravine: .*\noptimizer .*\nsgd +0\.03\d+ +20 /);
  const rows = readFileSync(csv, 'utf8').trim().split('\n');
  assert.equal(rows[0], 'optimizer,step,x,y,loss');
  assert.equal(rows.length, 22);
  assert.match(rows[1]!, /^sgd,0,-4,1,33$/);
  assert.match(readFileSync(html, 'utf8'), /The number beside each optimiser is its learning rate/);
});

test('mistakes get one line and exit 1', () => {
  const only = join(folder, 'two.ts');
  writeFileSync(only, 'export const a = () => 1;\nexport const b = () => 2;\n');
  assert.match(fails('--optimizers', 'sdg'), /^unknown optimizer 'sdg'; known: sgd, momentum, .*ftrl\n$/);
  assert.match(fails('--objective', 'hill'),
    /^unknown objective 'hill'; known: beale, rosenbrock, saddle, ravine, or a .*\n$/);
  assert.match(fails('--objective', only), /must export one function of a tensor.*it exports a, b\n$/);
  assert.match(fails('--tune', '--learning-rate', '1'), /^give --tune or --learning-rate, not both\n$/);
  assert.match(fails('--start=1'), /Two numbers are needed: --start=-1\.5,1\.5/);
});
