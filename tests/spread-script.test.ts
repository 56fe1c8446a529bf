import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { readVectors } from '../lib/src/spreads';
import * as command from '../scripts/spread';
import { energy, leastAngleDegrees } from './spread-independent';
import { inProcess, type Answer } from './support/in-process';

const SCRIPT = ['--import', './scripts/tsx.mjs', join(__dirname, '..', 'scripts', 'spread.ts')];
const folder = mkdtempSync(join(tmpdir(), 'spread-'));
const file = (name: string, text?: string): string => {
  const path = join(folder, name);
  if (text !== undefined) writeFileSync(path, text);
  return path;
};

/** As a reader starts it. */
function start(...args: string[]): Answer {
  const options = { encoding: 'utf8', cwd: join(__dirname, '..') } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...SCRIPT, ...args], options);
  return { status: status!, stdout, stderr };
}
const run = (...args: string[]): Promise<Answer> => inProcess(command, args);

const QUICK = ['--restarts', '2', '--iterations', '400'];

test('--json prints the result and nothing else; the written vectors have the angle and the energy that it names', async () => {
  for (const extension of ['csv', 'parquet', 'json']) {
    const out = file(`out.${extension}`);
    const args = ['--vectors', '12', '--dimensions', '3', '--json', '--out', out, ...QUICK];
    const { status, stdout } = extension === 'csv' ? start(...args) : await run(...args);
    assert.equal(status, 0);
    const result = JSON.parse(stdout) as Record<string, number | string>;
    assert.deepEqual(Object.keys(result), [
      'vectors',
      'dimensions',
      'loss',
      'seed',
      'minAngleDegrees',
      'energy',
      'boundDegrees',
      'bestKnownDegrees',
      'iterations',
      'seconds',
    ]);
    assert.deepEqual([result['vectors'], result['dimensions'], result['loss'], result['seed']], [12, 3, 'best', 1]);
    const vectors = readVectors(out);
    assert.ok(Math.abs(leastAngleDegrees(vectors) - (result['minAngleDegrees'] as number)) < 1e-6);
    assert.ok(Math.abs(energy(vectors, 1) / (result['energy'] as number) - 1) < 1e-9);
    assert.ok(Math.abs(leastAngleDegrees(vectors) - 63.4349488) < 0.01);
  }
  assert.match(readFileSync(file('out.csv'), 'utf8'), /^x1,x2,x3\n/);
});

test('in words: the angle beside the best possible; a page of figures', async () => {
  const html = file('page.html');
  const { status, stdout } = await run('--vectors', '4', '--dimensions', '3', '--html', html, ...QUICK);
  assert.equal(status, 0);
  assert.match(stdout, /least angle\s+109\.47\d\d°\nbest possible\s+109\.4712°, proven \(the simplex/);
  assert.match(readFileSync(html, 'utf8'), /4 vectors in 3 dimensions[\s\S]*4 points on the sphere, .* 109\.47/);
});

test('it goes on from a file of vectors, with a loss of the article', async () => {
  const start = file('start.csv', 'x1,x2\n1,0\n1,0.1\n-2,0\n');
  const { status, stdout } = await run('--start', start, '--loss', 'min-angle', '--iterations', '50', '--json');
  assert.equal(status, 0);
  const { vectors, dimensions, minAngleDegrees, iterations } = JSON.parse(stdout) as Record<string, number>;
  assert.deepEqual([vectors, dimensions, iterations], [3, 2, 50]);
  assert.ok(minAngleDegrees! > 50 && minAngleDegrees! < 120);
});

test('bad input: one clear line and status 1', async () => {
  const cases: [string[], RegExp][] = [
    [['--vectors', '1', '--dimensions', '3'], /--vectors.*integer from 2 to 100000/],
    [['--vectors', '5', '--dimensions', '0'], /--dimensions.*integer from 1 to 100000/],
    [['--vectors', 'many', '--dimensions', '3'], /integer from 2 to/],
    [['--vectors', '1000000000000', '--dimensions', '3'], /--vectors.*integer from 2 to 100000/],
    [['--vectors', '5', '--dimensions', '1000000000000'], /--dimensions.*integer from 1 to 100000/],
    [
      ['--vectors', '100000', '--dimensions', '100000'],
      /^100000 vectors in 100000 dimensions would need about \d+ GB of memory, and this machine has .*: take fewer\n$/,
    ],
    [['--dimensions', '3'], /--vectors and --dimensions are needed/],
    [['--vectors', '5', '--dimensions', '3', '--loss', 'hope'], /^unknown loss 'hope'; known: best, energy, min-angle/],
    [['--vectors', '5', '--dimensions', '3', '--out', 'x.xlsx'], /x\.xlsx: vectors are written to \.csv, /],
    [
      ['--vectors', '5', '--dimensions', '3', '--out', 'x.csv', '--html', './x.csv'],
      /^--html and --out would both write \.\/x\.csv: name another file/,
    ],
    [
      ['--vectors', '5', '--dimensions', '3', '--out', join(file('a.txt', ''), 'x.csv')],
      /a\.txt.x\.csv cannot be written: a part of its path is a file/,
    ],
    [['--vectors', '5', '--dimensions', '3', '--html', tmpdir()], /cannot be written: there is a folder of that name/],
    [['--start', file('missing.csv')], /missing\.csv: there is no such file/],
    [['--start', file('text.csv', 'x1,x2\n1,0\nup,1\n')], /text\.csv: column 'x1', row 2, is 'up'/],
    [['--start', file('zero.csv', 'x1,x2\n1,0\n0,0\n')], /zero\.csv: vector 2 is zero/],
    [['--start', file('hole.csv', 'x1,x2\n1,0\n,1\n0,1\n')], /hole\.csv: row 2 lacks a value/],
    [['--start', file('names.csv', 'a,b\n1,0\n0,1\n')], /names\.csv: there is no column 'x1'/],
    [['--start', file('rubbish.json', '{"x1": ')], /rubbish\.json: this is no readable JSON/],
    [['--start', file('odd.json', '[{"x1": 1}, {"y": 2}]')], /odd\.json: vector 2 has no number 'x1'/],
    [
      ['--start', file('more.json', '[{"x1": 1}, {"x1": 1, "x2": 0}]')],
      /more\.json: vector 2 has 'x2', which vector 1 has not/,
    ],
    [
      ['--start', file('pointer.json', 'version https://git-lfs.github.com/spec/v1\n')],
      /pointer\.json .* Git LFS pointer/,
    ],
    [['--vectors', '4', '--dimensions', '3', '--restarts', '1000000000'], /--restarts.*integer from 1 to 1000000/],
    [['--start', file('two.csv', 'x1,x2\n1,0\n0,1\n'), '--vectors', '5'], /start has 2 vectors of 2 numbers, where 5/],
  ];
  for (const [args] of [cases[0]!, cases.at(-1)!]) {
    assert.deepEqual(await run(...args, ...QUICK), start(...args, ...QUICK), 'as in a process of its own');
  }
  for (const [args, message] of cases) {
    const { status, stdout, stderr } = await run(...args, ...QUICK);
    assert.equal(status, 1, args.join(' '));
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n\s+at /);
    assert.equal(stdout, '', 'it says so before the work');
  }
});

test('Ctrl-C before any restart is at its end: one line, and 130', () => {
  // The signal comes as soon as the search listens for it.
  const soon =
    'process.on("newListener", (name) => name === "SIGINT" && setImmediate(() => process.kill(process.pid, name)));';
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${soon}`,
      ...SCRIPT,
      '--vectors',
      '60',
      '--dimensions',
      '8',
      '--iterations',
      '1000000',
      '--restarts',
      '128',
      '--cores',
      '2',
    ],
    { encoding: 'utf8', cwd: join(__dirname, '..') },
  );
  assert.equal(status, 130, stderr);
  assert.equal(stdout, '');
  assert.match(stderr, /^stopped before the first restarts were at their end: there is nothing to keep\n$/);
});

test('the page of many vectors is drawn: their pairs are more than a call takes as arguments', async () => {
  const { status, stderr } = await run(
    '--vectors',
    '600',
    '--dimensions',
    '3',
    '--iterations',
    '0',
    '--restarts',
    '1',
    '--html',
    file('many.html'),
  );
  assert.equal(status, 0, stderr);
});

/** Loaded into a command: tells each listener to Ctrl-C on stderr. */
const tellsListeners = `data:text/javascript,process.on('newListener', (name) => {
  if (name === 'SIGINT') process.stderr.write('listens.');
})`;

test('Ctrl-C keeps the best so far', async () => {
  const out = file('stopped.csv');
  const child = spawn(
    process.execPath,
    [
      '--import',
      tellsListeners,
      ...SCRIPT,
      '--vectors',
      '30',
      '--dimensions',
      '3',
      '--iterations',
      '1000000',
      '--restarts',
      '2',
      '--out',
      out,
      '--json',
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], cwd: join(__dirname, '..') },
  );
  let stdout = '';
  child.stdout.on('data', (text: Buffer) => {
    stdout += text.toString();
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  // Before the loop listens too, the signal would end the process at once.
  let told = '';
  child.stderr.on('data', (text: Buffer) => {
    told += text.toString();
    if (/listens[^]*listens/.test(told)) child.kill('SIGINT');
  });
  assert.equal(await closed, 130);
  const { minAngleDegrees } = JSON.parse(stdout) as { minAngleDegrees: number };
  assert.ok(Math.abs(leastAngleDegrees(readVectors(out)) - minAngleDegrees) < 1e-6);
});
