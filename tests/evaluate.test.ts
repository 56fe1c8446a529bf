import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import fs from 'node:fs';
import test from 'node:test';
import assert from 'node:assert/strict';
import { convertPicture, DescentError, evaluate, listPhotos, mergeParts, parseAttacks, parseShard, perPhoto, Random,
  readEvaluation, readPart, Tally, tf,
  UNTOUCHED, wilsonInterval, writeTable, type Classifier, type EvaluateOptions, type LabelledPhoto,
    type Trial } from 'descent-lab';
import { until } from './support/redis';

const VALUES = 8 * 8 * 3;
const random = new Random(11);
const filters = tf.tensor4d(Float32Array.from({ length: 162 }, () => random.normal(0, 0.3)), [3, 3, 3, 6]);
const weights = tf.tensor2d(Float32Array.from({ length: 432 }, () => random.normal(0, 0.2)), [216, 2]);
const classifier: Classifier = { name: 'random', classes: ['cat', 'dog'], input: { height: 8, width: 8, channels: 3 },
  logits: (images) =>
    images.sub(0.5).conv2d<tf.Tensor4D>(filters, 1, 'valid').relu().reshape([-1, 216]).matMul(weights) as tf.Tensor2D,
  probabilities: (images) => classifier.logits(images).softmax(), dispose: () => undefined };

/** 22 photos of which the fifth cannot be read; the network is right about some. */
const photos: LabelledPhoto[] = Array.from({ length: 22 }, (_, index) =>
  ({ index, path: `p${index}`, photo: `p${index}`, truth: index % 2 === 0 ? 'cat' : 'dog' }));

function options(journal: string, more: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return { photos, classifier, batch: 4, seed: 3, epsilons: [0.01, 0.1], fingerprint: 'f', journal,
    attacks: parseAttacks('article,pgd,noise,deepfool,article+jpeg80'),
    read: (path) => {
      const own = new Random(Number(path.slice(1)));
      if (path === 'p4') return Promise.reject(new DescentError('p4 is empty'));
      return Promise.resolve(Float32Array.from({ length: VALUES }, () => own.uniform()));
    }, ...more };
}

const summaryOf = (trials: readonly Trial[]) => {
  const tally = new Tally();
  tally.add(trials);
  return tally.summary();
};

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'evaluate-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('Wilson\'s intervals are those of Newcombe (1998): 81 of 263, 15 of 148, 0 of 20, 29 of 29', () => {
  for (const [successes, n, low, high] of [[81, 263, 0.2553, 0.3662], [15, 148, 0.0624, 0.1605], [0, 20, 0, 0.1611],
    [29, 29, 0.8830, 1]] as const) {
    const interval = wilsonInterval(successes, n);
    assert.ok(Math.abs(interval[0] - low) < 5e-5 && Math.abs(interval[1] - high) < 5e-5,
      `${successes}/${n}: ${interval.join(' to ')}`);
  }
});

test('an evaluation counts what its trials say, and leaks nothing', () => inFolder(async (folder) => {
  const tensors = tf.memory().numTensors;
  const skipped: string[] = [];
  const { trials } = await evaluate(options(join(folder, 'j'), { onUnreadable: (message) => skipped.push(message) }));
  assert.equal(tf.memory().numTensors, tensors);
  assert.deepEqual(skipped, ['p4 is empty']);
  const { rows, ...counted } = summaryOf(trials);
  const right = trials.filter(({ attack, label, truth }) => attack === UNTOUCHED && label === truth);
  assert.deepEqual(counted, { photos: 22, unreadable: 1, right: right.length, accuracy: right.length / 21 });
  assert.ok(right.length > 4 && right.length < 21, `${right.length} of 21 are right`);
  assert.equal(rows.length, 5 * 2);
  for (const row of rows) {
    const own = trials.filter(({ attack, epsilon }) => attack === row.attack && epsilon === row.epsilon);
    assert.equal(own.length, row.n);
    assert.equal(row.success, own.filter(({ flipped }) => flipped).length / right.length);
    assert.ok(row.low <= row.success && row.success <= row.high);
    if (!row.attack.startsWith('deepfool')) for (const { linf } of own) assert.ok(linf! <= row.epsilon + 1e-6);
  }
  const success = (attack: string): number => rows.find((row) => row.attack === attack && row.epsilon === 0.1)!.success;
  assert.ok(success('pgd') > 0.9 && success('noise') < 0.5, `${success('pgd')} ${success('noise')}`);
}));

test('DeepFool succeeds at a size when its least change fits into the ball that belongs to it',
  () => inFolder(async (folder) => {
  const { trials } = await evaluate(options(join(folder, 'j'), { attacks: parseAttacks('deepfool'),
    epsilons: [0.005, 0.02, 0.1] }));
  const found = trials.filter(({ attack }) => attack === 'deepfool');
  for (const { l2, epsilon, flipped } of found) assert.equal(flipped, l2! <= epsilon * Math.sqrt(VALUES));
  assert.ok(found.some(({ flipped }) => flipped) && found.some(({ flipped }) => !flipped));
  const table = perPhoto(trials, ['deepfool']);
  assert.equal(table.length, 22);
  for (const row of table) {
    const own = found.filter(({ index }) => index === row['index']);
    assert.equal(row['deepfool_l2'], own[0]?.l2 ?? null);
    assert.equal(row['deepfool_epsilon'], own.find(({ flipped }) => flipped)?.epsilon ?? null);
  }
}));

test('the parts, written and merged, are the whole exactly', () => inFolder(async (folder) => {
  const whole = await evaluate(options(join(folder, 'whole')));
  const byPlace = (a: Trial, b: Trial): number => a.index - b.index;
  for (const ending of ['csv', 'parquet']) {
    const files: string[] = [];
    for (const index of [3, 1, 2]) {
      const shard = { index, count: 3 };
      const part = await evaluate(options(join(folder, `${ending}-${index}`), { shard }));
      const file = join(folder, `part-${index}.${ending}`);
      writeTable(file, part.trials.map((trial) => ({ ...trial, run: part.run, shard: index, shards: 3 })));
      files.push(file);
    }
    const merged = mergeParts(files);
    assert.deepEqual([...merged].sort(byPlace), [...whole.trials].sort(byPlace));
    assert.deepEqual(summaryOf(merged.sort(byPlace)), summaryOf(whole.trials));
    assert.throws(() => mergeParts(files.slice(1)), /of 3 parts these are missing: 3\/3/);
    const copy = join(folder, `copy.${ending}`);
    writeFileSync(copy, readFileSync(files[0]!));
    assert.throws(() => mergeParts([...files, copy]), /copy.*are both part 3\/3/);
    const other = await evaluate(options(join(folder, `other-${ending}`), { seed: 4, shard: { index: 3, count: 3 } }));
    writeTable(copy, other.trials.map((trial) => ({ ...trial, run: other.run, shard: 3, shards: 3 })));
    assert.throws(() => mergeParts([files[1]!, files[2]!, copy]), /different settings/);
  }
  const table = join(folder, 'table.csv');
  writeTable(table, summaryOf(whole.trials).rows.map((row) => ({ ...row })));
  assert.deepEqual(readEvaluation(table), summaryOf(whole.trials).rows);
  assert.throws(() => readPart(table), /no part of an evaluation.*no column 'index'/);
  writeFileSync(table, 'attack,epsilon\nfgsm,0.1\n');
  assert.throws(() => readEvaluation(table), /no table of npm run evaluate: it has no column 'n'/);
  writeTable(table, summaryOf(whole.trials).rows.map((row) => ({ ...row, l2: 'much' })));
  assert.throws(() => readEvaluation(table), /column 'l2', row 1, is 'much', which is no number/);
}));

test('a run that was stopped goes on where it was, and ends as an unbroken one', () => inFolder(async (folder) => {
  const whole = await evaluate(options(join(folder, 'whole')));
  const journal = join(folder, 'stopped');
  let calls = 0;
  await assert.rejects(evaluate(options(journal, { onProgress: () => { if (++calls === 4) throw new Error(
    'stopped'); } })), /stopped/);
  appendFileSync(journal, '{"batch":3,"trials":[{"ind'); // a process killed while it wrote
  const read: string[] = [];
  const again = options(journal);
  const resumed = await evaluate({ ...again, read: (path) => { read.push(path); return again.read(path); } });
  assert.deepEqual(read.sort(), photos.slice(12).map(({ path }) => path).sort());
  assert.deepEqual(resumed.trials, whole.trials);
  await assert.rejects(evaluate(options(journal, { seed: 9 })), /left by an evaluation with other settings/);
  resumed.journal.remove();
  assert.ok(!existsSync(journal));
}));

test('a signal ends it after the batches done, the one under way is left out, and it can go on', () => inFolder(async (folder) => {
  const whole = await evaluate(options(join(folder, 'whole')));
  const controller = new AbortController();
  const read = options('').read;
  const part = await evaluate(options(join(folder, 'j'), { signal: controller.signal, read: (path) => {
    if (path === 'p9') controller.abort(); // the third batch's second
    return read(path);
  } }));
  assert.equal(part.stopped, 'aborted');
  assert.deepEqual([...new Set(part.trials.map(({ index }) => index))], [0, 1, 2, 3, 4, 5, 6, 7]);
  const rest = await evaluate(options(join(folder, 'j')));
  assert.deepEqual([rest.stopped, rest.trials], [undefined, whole.trials]);
}));

test('a photo\'s trials do not depend on the photos beside it', () => inFolder(async (folder) => {
  const whole = await evaluate(options(join(folder, 'a')));
  const single = await evaluate(options(join(folder, 'b'), { batch: 1 }));
  assert.deepEqual(single.trials.map(({ index, attack, epsilon, flipped }) => ({ index, attack, epsilon, flipped }))
    .sort((a, b) => a.index - b.index), whole.trials.map(({ index, attack, epsilon, flipped }) =>
      ({ index, attack, epsilon, flipped }))
    .sort((a, b) => a.index - b.index));
}));

test('transfer counts victims that fool the second network too, where that is right about the photo',
  () => inFolder(async (folder) => {
  const itself = await evaluate(options(join(folder, 'a'),
    { second: { classifier, convert: (pixels) => Float32Array.from(pixels) } }));
  const turned = itself.trials.filter(({ flipped, attack }) => flipped && attack !== 'deepfool');
  assert.ok(turned.length > 0 && turned.every(({ transfer }) => transfer === true));
  assert.ok(itself.trials.every(({ flipped, transfer }) => flipped || transfer === null));
  // Always a cat
  const logits = (images: tf.Tensor4D): tf.Tensor2D => tf.tensor2d([1, 0], [1, 2]).tile([images.shape[0], 1]);
  const stubborn: Classifier = { ...classifier, logits };
  const { trials } = await evaluate(options(join(folder, 'b'),
    { second: { classifier: stubborn, convert: (pixels) => Float32Array.from(pixels) } }));
  for (const { flipped, truth, transfer } of trials) assert.equal(transfer, flipped && truth === 'cat' ? false : null);
}));

test('a picture is converted as a file that another network reads: 8 bits, its size, its colours', () => {
  const grey = convertPicture([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], { height: 2, width: 2, channels: 3 },
    { height: 2, width: 2, channels: 1 });
  // 0.299, 0.587, 0.114 of 255
  assert.deepEqual(Array.from(grey, (value) => Math.round(255 * value)), [76, 150, 29, 255]);
  const back = convertPicture([0.2, 1], { height: 1, width: 2, channels: 1 }, { height: 1, width: 2, channels: 3 });
  assert.deepEqual(Array.from(back, (value) => Math.round(255 * value)), [51, 51, 51, 255, 255, 255]);
});

test('photos are listed in turn by class; what cannot be evaluated is refused by name', () => inFolder((folder) => {
  for (const [name, files] of [['cat', ['b.jpg', 'a.jpg', '.hidden']], ['dog', ['c.jpg']]] as const) {
    mkdirSync(join(folder, name));
    for (const file of files) writeFileSync(join(folder, name, file), '');
  }
  const listed = (limit?: number): string[] => listPhotos(folder, ['cat', 'dog'], limit).map(({ photo }) => photo);
  assert.deepEqual(listed(), ['cat/a.jpg', 'dog/c.jpg', 'cat/b.jpg']);
  assert.deepEqual(listed(2), ['cat/a.jpg', 'dog/c.jpg']);
  assert.throws(() => listPhotos(folder, ['cat', 'fox']), /\(cat, fox\); 'fox' is missing/);
  assert.throws(() => parseAttacks('article,magic'), /'magic'/);
  assert.throws(() => parseAttacks('pgd+jpeg0'), /'pgd\+jpeg0'.*\+jpeg1 to \+jpeg100/);
  assert.throws(() => parseAttacks('pgd,pgd'), /listed twice/);
  assert.deepEqual(parseShard('2/8'), { index: 2, count: 8 });
  for (const text of ['0/8', '9/8', '2', 'a/b']) assert.throws(() => parseShard(text), /such as 2\/8/);
  assert.throws(() => writeTable(join(folder, 'table.xlsx'), []), /must end in .parquet or .csv/);
  return Promise.resolve();
}));

test('the command refuses a wrong call in one line, before it reads a photo', () => {
  for (const [args, message] of [[[], /a folder of photos is needed, or --merge and files/],
    [['photos', '--out', 'table.txt'], /table\.txt: the table's name must end in .parquet or .csv/],
    [['photos', '--shard', '3/2'], /--shard takes a part such as 2\/8/]] as const) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/evaluate.ts', ...args],
      { cwd: join(__dirname, '..'), encoding: 'utf8' });
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.equal(stdout + stderr.trim().split('\n').slice(1).join(''), '');
  }
});

test('two runs do not write into the same table: the second is told which process does', () => inFolder((folder) => {
  const out = join(folder, 'table.csv');
  const evaluateInto = (file: string): string => spawnSync(process.execPath, ['--import', 'tsx', 'scripts/evaluate.ts',
    folder, '--out', file], { cwd: join(__dirname, '..'), encoding: 'utf8' }).stderr;
  writeFileSync(`${out}.lock`, String(process.pid));
  assert.equal(evaluateInto(out),
    `another run (process ${process.pid}) is working on ${out}: let it end, or choose another --out (if there is no such run, delete ${out}.lock)\n`);
  const dead = spawnSync(process.execPath, ['--version']).pid;
  writeFileSync(`${out}.lock`, String(dead));
  assert.match(evaluateInto(out), /'cat' is missing/, 'the lock of a run that has ended is nobody\'s');
  assert.ok(!existsSync(`${out}.lock`), 'given back');
  writeFileSync(out, '');
  assert.match(evaluateInto(join(out, 'table.csv')), /^\S+table\.csv cannot be written: .*\n$/);
  return Promise.resolve();
}));

const root = join(__dirname, '..');

/** 24 photos in the folders of their classes: copies of the sample photos. */
function copySamples(folder: string): void {
  const samples = readdirSync(join(root, 'data', 'photos')).sort();
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(folder, name), { recursive: true });
    const own = samples.filter((file) => file.startsWith(`${name}-`));
    for (let i = 0; i < 12; i++) {
      const file = own[i % own.length]!;
      copyFileSync(join(root, 'data', 'photos', file), join(folder, name, `${i}${extname(file)}`));
    }
  }
}

test('killed by -9 before its first batch, after it and after the second, then stopped by Ctrl-C, it ends with the ' +
  'same tables; so does --merge', { timeout: 600_000 }, () => inFolder(async (folder) => {
  copySamples(join(folder, 'photos'));
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/evaluate.ts', ...args],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (text: Buffer) => { said += text.toString(); });
    const ended = new Promise<number | NodeJS.Signals | null>((resolve) => child.once('close', (code, signal) =>
      resolve(signal ?? code)));
    return { child, ended, said: () => said };
  };
  const files = (name: string): string[] => [join(folder, `${name}.csv`), join(folder, `${name}-photos.csv`)];
  const settings = [join(folder, 'photos'), '--attack', 'article,noise', '--epsilons', '1/255', '--batch', '2',
    '--cores', '1'];
  const into = (name: string): string[] => ['--out', files(name)[0]!, '--per-photo', files(name)[1]!];
  const complete = async (...args: string[]): Promise<void> => {
    const { ended, said } = start(...args);
    assert.equal(await ended, 0, said());
  };
  await complete(...settings, ...into('whole'));
  const whole = files('whole').map((file) => readFileSync(file));
  assert.match(whole[0]!.toString(), /^article,/m);

  const journal = `${files('killed')[0]!}.unfinished`;
  const lines = (): number => existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0;
  // Each is stopped when it has written a line more: the settings, or a batch; the last one works in two threads.
  for (const [signal, ...more] of [['SIGKILL'], ['SIGKILL'], ['SIGKILL'], ['SIGINT'], ['SIGINT', '--cores', '2']] as const) {
    const before = lines();
    const { child, ended, said } = start(...settings, ...into('killed'), ...more);
    await until(() => lines() > before || child.exitCode !== null, 'it has written a line more');
    child.kill(signal);
    assert.equal(await ended, signal === 'SIGKILL' ? signal : 130, said());
    assert.ok(lines() > before && lines() < 1 + 12, `${before}, then ${lines()} lines of 13`);
    assert.ok(files('killed').every((file) => !existsSync(file)), 'no table yet');
    if (signal === 'SIGINT') assert.match(said(), /^stopped; called again in the same way it goes on$/m);
  }
  await complete(...settings, ...into('killed'));
  assert.deepEqual(files('killed').map((file) => readFileSync(file)), whole);
  assert.ok(!existsSync(journal));

  const parts = [1, 2].map((part) => join(folder, `part-${part}.parquet`));
  for (const [i, part] of parts.entries()) await complete(...settings, '--shard', `${i + 1}/2`, '--out', part);
  await complete('--merge', ...parts, ...into('merged'));
  assert.deepEqual(files('merged').map((file) => readFileSync(file)), whole);
}));

test('a disk that is full is said in one line, and what was written before stays', (t) => inFolder(async (folder) => {
  const journal = join(folder, 'j');
  let left = 2; // the settings and a batch
  const real = fs.fsyncSync;
  t.mock.method(fs, 'fsyncSync', (file: number) => {
    if (left-- <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
    real(file);
  });
  await assert.rejects(evaluate(options(journal)), (error: unknown) => error instanceof DescentError &&
    /j cannot be written: no space is left on the disk/.test(error.message));
  t.mock.restoreAll();
  assert.deepEqual((await evaluate(options(journal))).trials, (await evaluate(options(join(folder, 'whole')))).trials);
}));
