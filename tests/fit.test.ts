import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { optimizerNames } from 'descent-lab';

const root = join(__dirname, '..');
const data = join(root, 'data', 'height-weight.csv');
const folder = mkdtempSync(join(tmpdir(), 'descent-lab-fit-'));
after(() => rmSync(folder, { recursive: true }));

function fit(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'fit.ts'), ...options],
    { cwd: root, encoding: 'utf8' });
}
const people = [data, '--x', 'Height', '--y', 'Weight'];

interface Result { slope: number; intercept: number; mse: number; iterations: number; exact: Omit<Result, 'exact'> }

test('without options it stands on the exact line: --json prints that and nothing else', () => {
  const { status, stdout } = fit(...people, '--json');
  assert.equal(status, 0);
  const result = JSON.parse(stdout) as Result;
  assert.deepEqual(Object.keys(result), ['slope', 'intercept', 'mse', 'iterations', 'exact']);
  assert.deepEqual(Object.keys(result.exact), ['slope', 'intercept', 'mse']);
  assert.ok(Math.abs(result.exact.slope - 6.041117388) < 1e-8);
  assert.ok(Math.abs(result.exact.intercept + 230.530985) < 1e-5);
  assert.ok(Math.abs(result.exact.mse - 127.102351) < 1e-5);
  assert.ok(Math.abs(result.slope - result.exact.slope) < 0.01);
  assert.ok(result.mse / result.exact.mse < 1.0001);
  assert.ok(result.iterations < 100);
});

test('every optimiser stands on the exact line at its own default rate', () => {
  for (const name of optimizerNames) {
    if (name === 'lion') continue; // its steps never get smaller
    const { status, stdout, stderr } = fit(...people, '--optimizer', name);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /It stands on the exact line after \d+ iterations\./, name);
  }
});

test('--raw descends on the data as they are, and does not get there', () => {
  const { status, stdout } = fit(...people, '--raw', '--iterations', '50');
  assert.equal(status, 0);
  assert.match(stdout, /^descent: Weight = .*\nexact: {3}Weight = 6\.04112 \* Height - 230\.531, mean squared error 127\.102\n/);
  assert.match(stdout, /After 50 iterations it does not stand on the exact line/);
});

test('divergence is one clear line that names the iteration, and exit 1', () => {
  const { status, stdout, stderr } = fit(...people, '--raw', '--learning-rate', '0.001', '--json');
  assert.equal(status, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^the loss is Infinity at iteration \d+: the descent diverged;.*stable below 0\.000210\)\n$/);
});

test('a table that says too little itself is read with what pandas\' read_csv asks for', () => {
  const path = join(folder, 'odd.csv');
  writeFileSync(path, 'Heights\nx:y\n1,5:3\n?:4\n-1:8\n2,5:5\n-999:1\n');
  const columns = [path, '--x', 'x', '--y', 'y', '--json'];
  const layout = ['--skip-rows', '1', '--separator', ':', '--decimal', ',', '--na-values', '?,-999,-1'];
  const { stdout, stderr } = fit(...columns, ...layout);
  assert.match(stderr, /: 2 rows; 3 left out because a value is missing \(row 2, 3, 5\)\n$/);
  const { exact } = JSON.parse(stdout) as Result;
  assert.ok(Math.abs(exact.slope - 2) < 1e-9 && Math.abs(exact.intercept) < 1e-9);
});

test('rows left out are reported, on stderr', () => {
  const path = join(folder, 'gaps.csv');
  writeFileSync(path, 'a,b\n1,2\n2,\n3,6\n4,9\n');
  const { status, stdout, stderr } = fit(path, '--x', 'a', '--y', 'b', '--json');
  assert.equal(status, 0);
  assert.equal(stderr, `${path}: 3 rows; 1 left out because a value is missing (row 2)\n`);
  assert.ok(Math.abs((JSON.parse(stdout) as Result).slope - 16 / 7) < 0.01);
});

test('mistakes get one clear line and exit 1', () => {
  const cases: [string[], RegExp][] = [
    [[data, '--x', 'Size', '--y', 'Weight'], /there is no column 'Size'; there are: 'Gender', 'Height', 'Weight'/],
    [[join(folder, 'none.csv'), '--x', 'a', '--y', 'b'], /none\.csv: there is no such file/],
    [[data, '--x', 'Gender', '--y', 'Weight'], /column 'Gender', row 1, is 'Male', which is no number/],
    [[...people, '--learning-rate', '-1'], /A positive number is needed/],
    [[...people, '--learning-rate', ''], /A positive number is needed/],
    [[...people, '--iterations', '2.5'], /An integer of 0 or more is needed/],
    [[...people, '--optimizer', 'magic'], /Allowed choices are sgd, /],
    [[data, '--x', 'Height'], /required option '--y <column>' not specified/],
    [['--x', 'a', '--y', 'b'], /missing required argument 'file'/],
  ];
  for (const [options, message] of cases) {
    const { status, stdout, stderr } = fit(...options);
    assert.equal(status, 1, options.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /); // no stack
  }
});

test('--help explains every option', () => {
  const { status, stdout } = fit('--help');
  assert.equal(status, 0);
  for (const option of ['--x', '--y', '--optimizer', '--learning-rate', '--iterations', '--raw', '--html', '--json']) {
    assert.match(stdout, new RegExp(`${option} `));
  }
});

test('--html writes one page that needs nothing from elsewhere', () => {
  const path = join(folder, 'fit.html');
  const { status, stdout } = fit(...people, '--html', path, '--json');
  assert.equal(status, 0);
  JSON.parse(stdout);
  const page = readFileSync(path, 'utf8');
  assert.match(page, /Plotly/);
  assert.doesNotMatch(page, /<(script|link|img)[^>]+(src|href)="(https?:)?\/\//);
});
