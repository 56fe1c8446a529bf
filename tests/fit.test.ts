import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimizerNames } from '../lib/src/optimizers';
import { Random } from 'descent-lab';
import * as command from '../scripts/fit';
import { inProcess, type Answer } from './support/in-process';

const root = join(__dirname, '..');
const data = join(root, 'data', 'height-weight.csv');
const folder = mkdtempSync(join(tmpdir(), 'descent-lab-fit-'));
after(() => rmSync(folder, { recursive: true }));

/** As a reader starts it. */
function start(...options: string[]): Answer {
  const args = ['--import', './scripts/tsx.mjs', 'scripts/fit.ts', ...options];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { status: status!, stdout, stderr };
}
const fit = (...options: string[]): Promise<Answer> => inProcess(command, options);
const people = [data, '--x', 'Height', '--y', 'Weight'];

interface Line {
  slope: number;
  intercept: number;
  mse: number;
}
interface Result extends Line {
  descent: Line & { iterations: number; converged: boolean };
}

test('without options it stands on the exact line: --json prints that and nothing else', async () => {
  const answer = start(...people, '--json');
  assert.deepEqual(await fit(...people, '--json'), answer, 'here it answers as in a process of its own');
  const { status, stdout } = answer;
  assert.equal(status, 0);
  const result = JSON.parse(stdout) as Result;
  const { descent } = result;
  assert.deepEqual(Object.keys(result), ['slope', 'intercept', 'mse', 'descent']);
  assert.deepEqual(Object.keys(descent), ['slope', 'intercept', 'mse', 'iterations', 'converged']);
  assert.ok(Math.abs(result.slope - 6.041117388) < 1e-8);
  assert.ok(Math.abs(result.intercept + 230.530985) < 1e-5);
  assert.ok(Math.abs(result.mse - 127.102351) < 1e-5);
  assert.ok(Math.abs(descent.slope - result.slope) < 1e-5);
  assert.ok(descent.mse >= result.mse && descent.mse / result.mse < 1.000001);
  assert.ok(descent.converged && descent.iterations < 100);
});

test('every optimiser stands on the exact line at its own default rate', async () => {
  for (const name of optimizerNames) {
    if (['lion', 'rmsprop', 'adamw'].includes(name)) continue; // steps that never get small, or a pull towards 0
    const { status, stdout, stderr } = await fit(...people, '--optimizer', name);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /It stands on the exact line after \d+ iterations\./, name);
  }
});

test('--raw descends on the data as they are, and does not get there', async () => {
  const { status, stdout } = await fit(...people, '--raw', '--iterations', '50');
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^descent: Weight = .*\nexact: {3}Weight = 6\.04112 \* Height - 230\.531, mean squared error 127\.102\n/,
  );
  assert.match(
    stdout,
    /After 50 iterations it differs from the exact line by 3\.3 in slope, 230 in intercept, 70 in mean squared error: try more/,
  );
});

test('"stands on the exact line" is true of the numbers above it, also where y hardly depends on x', async () => {
  const random = new Random(9);
  const path = join(folder, 'weak.csv');
  const rows = Array.from({ length: 300 }, () => random.normal(30, 10)).map(
    (x) => `${x},${0.3 * x + random.normal(0, 50)}`,
  );
  writeFileSync(path, `a,b\n${rows.join('\n')}\n`);
  const { stdout } = await fit(path, '--x', 'a', '--y', 'b');
  const [descent, exact, verdict] = stdout.split('\n').map((line) => line.replace(/^\w+: +/, ''));
  assert.match(verdict!, /^It stands on the exact line after \d+ iterations\.$/);
  const numbers = (line: string): number[] => [...line.matchAll(/[\d.]{6,}/g)].map(([text]) => Number(text));
  assert.equal(numbers(descent!).length, 3);
  numbers(descent!).forEach((value, i) => {
    const wanted = numbers(exact!)[i]!;
    assert.ok(Math.abs(value - wanted) < 1e-5 * wanted, `${descent} is not ${exact}`);
  });
  const near = (await fit(path, '--x', 'a', '--y', 'b', '--iterations', '31')).stdout; // the slope is 0.1 % off
  assert.match(near, /After 31 iterations it differs from the exact line by 0\.000\d+ in slope, /);
});

test('points that lie on a line are stood on, as far as float32 knows them', async () => {
  const path = join(folder, 'straight.csv');
  for (const [slope, intercept] of [
    [2, 0],
    [1, 2],
    [-0.001, 500],
  ] as const) {
    writeFileSync(path, `a,b\n${[1, 2, 3, 5].map((x) => `${x},${slope * x + intercept}`).join('\n')}\n`);
    assert.match(
      (await fit(path, '--x', 'a', '--y', 'b')).stdout,
      /\nIt stands on the exact line after \d+ iterations\.\n$/,
    );
  }
});

test('divergence is one clear line that names the iteration, and exit 1', async () => {
  const { status, stdout, stderr } = await fit(...people, '--raw', '--learning-rate', '0.001', '--json');
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^the loss is Infinity at iteration \d+: the descent diverged;.*stable below 0\.000210\)\n$/);
});

test("a table that says too little itself is read with what pandas' read_csv asks for", async () => {
  const path = join(folder, 'odd.csv');
  writeFileSync(path, 'Heights\nx:y\n1,5:3\n?:4\n-1:8\n2,5:5\n-999:1\n');
  const columns = [path, '--x', 'x', '--y', 'y', '--json'];
  const layout = ['--skip-rows', '1', '--separator', ':', '--decimal', ',', '--na-values', '?,-999,-1'];
  const { stdout, stderr } = await fit(...columns, ...layout);
  assert.match(stderr, /: 2 rows; 3 left out because a value is missing \(row 2, 3, 5\)\n$/);
  const { slope, intercept } = JSON.parse(stdout) as Result;
  assert.ok(Math.abs(slope - 2) < 1e-9 && Math.abs(intercept) < 1e-9);
});

test('rows left out are reported, on stderr', async () => {
  const path = join(folder, 'gaps.csv');
  writeFileSync(path, 'a,b\n1,2\n2,\n3,6\n4,9\n');
  const { status, stdout, stderr } = await fit(path, '--x', 'a', '--y', 'b', '--json');
  assert.equal(status, 0);
  assert.equal(stderr, `${path}: 3 rows; 1 left out because a value is missing (row 2)\n`);
  assert.ok(Math.abs((JSON.parse(stdout) as Result).slope - 16 / 7) < 1e-12);
});

test('mistakes get one clear line and exit 1', async () => {
  const cases: [string[], RegExp][] = [
    [[data, '--x', 'Size', '--y', 'Weight'], /there is no column 'Size'; there are: 'Gender', 'Height', 'Weight'/],
    [[join(folder, 'none.csv'), '--x', 'a', '--y', 'b'], /none\.csv: there is no such file/],
    [[data, '--x', 'Gender', '--y', 'Weight'], /column 'Gender', row 1, is 'Male', which is no number/],
    [[...people, '--learning-rate', '-1'], /A positive number is needed/],
    [[...people, '--learning-rate', ' '], /A positive number is needed/],
    [[...people, '--iterations', '2.5'], /An integer from 0 to 1000000 is needed/],
    [[...people, '--optimizer', 'magic'], /^unknown optimizer .magic.; known: sgd, /],
    [[data, '--x', 'Height'], /required option '--y <column>' not specified/],
    [['--x', 'a', '--y', 'b'], /missing required argument 'file'/],
  ];
  assert.deepEqual(await fit(...cases[0]![0]), start(...cases[0]![0]));
  for (const [options, message] of cases) {
    const { status, stdout, stderr } = await fit(...options);
    assert.equal(status, 1, options.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /); // no stack
  }
});

test('--help explains every option', async () => {
  const { status, stdout } = await fit('--help');
  assert.equal(status, 0);
  for (const option of ['--x', '--y', '--optimizer', '--learning-rate', '--iterations', '--raw', '--html', '--json']) {
    assert.match(stdout, new RegExp(`${option} `));
  }
});

test('--html writes one page that needs nothing from elsewhere', async () => {
  const path = join(folder, 'fit.html');
  const { status, stdout } = await fit(...people, '--html', path, '--json');
  assert.equal(status, 0);
  JSON.parse(stdout);
  const page = readFileSync(path, 'utf8');
  assert.match(page, /Plotly/);
  assert.doesNotMatch(page, /<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
});

const decay = join(folder, 'decay.csv');
writeFileSync(decay, 'time,volt\n0,7\n1,4.48\n2,3.23\n3,2.6\n4,2.31\n5,2.15\n');
const volts = [decay, '--x', 'time', '--y', 'volt'];
const model = (formula: string, begin = 'a=1,b=0.1,c=0'): string[] => [...volts, '--model', formula, '--start', begin];

interface FormulaResult {
  parameters: Record<string, number>;
  standardErrors: Record<string, number>;
  residualSumOfSquares: number;
  iterations: number;
  evaluations: number;
}

test('--model fits a formula, in which the column has both names: --json prints that and nothing else', async () => {
  const answer = start(...model('a * exp(-b * time) + c'), '--json');
  const options = [...model('a * exp(-b * x) + c'), '--json'];
  assert.deepEqual(await fit(...options), answer, 'here it answers as in a process of its own, by the other name');
  assert.deepEqual([answer.status, answer.stderr], [0, '']);
  const result = JSON.parse(answer.stdout) as FormulaResult;
  const keys = ['parameters', 'standardErrors', 'residualSumOfSquares', 'iterations', 'evaluations'];
  assert.deepEqual(Object.keys(result), keys);
  assert.ok(Math.abs(result.parameters['a']! - 4.99889953) < 1e-8);
  assert.ok(Math.abs(result.parameters['b']! - 0.702486029) < 1e-9);
  assert.ok(Math.abs(result.standardErrors['c']! - 0.0072872) < 1e-7);
  assert.ok(Math.abs(result.residualSumOfSquares - 1.48302819e-4) < 1e-12);
  assert.ok(result.iterations < 30 && result.evaluations > result.iterations);
});

test('--model prints a table of parameters, and says whether it converged', async () => {
  const { status, stdout } = await fit(...model('a * exp(-b * x) + c'));
  assert.equal(status, 0);
  assert.match(
    stdout,
    /^volt = a \* exp\(-b \* x\) \+ c\nparameter +value +standard error\na +4\.99889953 +0\.0091334\n/,
  );
  assert.match(
    stdout,
    /\nResidual sum of squares 0\.00014830\d+, 6 rows\.\nConverged in \d+ iterations, \d+ evaluations: /,
  );
  const few = await fit(...model('a * exp(-b * x) + c'), '--iterations', '2');
  assert.match(
    few.stdout,
    /\nDid not converge in 2 iterations, 3 evaluations: it did not converge in 2 iterations\.\n$/,
  );
});

test('--model and --html draw the curve and its way on one page', async () => {
  const path = join(folder, 'curve.html');
  const { status, stdout, stderr } = await fit(...model('a * exp(-b * x) + c'), '--html', path, '--json');
  assert.equal(status, 0, stderr);
  JSON.parse(stdout);
  const page = readFileSync(path, 'utf8');
  assert.match(page, /curve so far/);
  assert.match(page, /volt = a \* exp\(-b \* x\) \+ c with a = 4\.9988/);
  assert.doesNotMatch(page, /<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
});

test('mistakes with a formula get one clear line and exit 1', async () => {
  const formula = 'a * exp(-b * x) + c';
  const cases: [string[], RegExp][] = [
    [[...volts, '--model', formula], /^--model needs --start: where each of its parameters begins, such as /],
    [[...volts, '--start', 'a=1'], /^--start is where a formula begins: name the formula by --model\n/],
    [
      model(formula, 'a=1,b=1'),
      /^'c' is neither a column nor a parameter of the start; known are x, time, a, b, pi, e/,
    ],
    [model(formula, 'a=1,b=1,c=1,d=1'), /^the formula does not have the parameter 'd'\n/],
    [model('a * time', 'a=1,time=2'), /^'time' is both a column and a parameter: rename one\n/],
    [model('a * x', 'a=1,x=2'), /^'x' is both a column and a parameter: rename one\n/],
    [model('a * e', 'a=1,e=2'), /^'e' means something in formulas already: call the parameter otherwise\n/],
    [model('a = 5', 'a=1'), /^'a = 5' cannot stand in a formula/],
    [model('a * log(x)', 'a=1'), /^at the start the formula is -Infinity in row 1: begin elsewhere\n/],
    [model(formula, 'a:1'), /Names with finite numbers are needed: a=1,b=0\.1,c=0/],
    [model(formula, 'a=1,a=2'), /It has 'a' twice/],
    [[...model(formula), '--optimizer', 'adam'], /^--optimizer belongs to the descent of a line: a formula of --model/],
    [[...model(formula), '--learning-rate', '1'], /^--learning-rate belongs to the descent of a line/],
    [[...model(formula), '--raw'], /^--raw belongs to the descent of a line/],
  ];
  for (const [options, message] of cases) {
    const { status, stdout, stderr } = await fit(...options);
    assert.equal(status, 1, options.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr.replace(/^.*: 6 rows, none left out\n/, ''), message);
    assert.doesNotMatch(stderr, /\n\s+at /); // no stack
  }
});
