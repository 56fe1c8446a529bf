import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import fs from 'node:fs';
import test from 'node:test';
import assert from 'node:assert/strict';
import { convertPicture } from '../lib/src/pictures/convert';
import { DescentError, evaluate, Random, readColumns, tf } from 'descent-lab';
import { findAttack, type Attack } from '../lib/src/attacks';
import { findPhotos } from '../lib/src/training';
import { listPhotos, type LabelledPhoto, type Pixels } from '../lib/src/pictures';
import { mergeParts, parseShard, readPart, writePart } from '../lib/src/evaluation/parts';
import {
  parseAttacks,
  perPhoto,
  readEvaluation,
  rowAt,
  writeTable,
  type EvaluationRow,
  type EvaluateOptions,
  type FinishedBatch,
  type Trial,
} from '../lib/src/evaluation';
import { successFigure, transferFigure } from '../lib/src/figures';
import { Tally, wilsonInterval } from '../lib/src/evaluation/tally';
import { UNTOUCHED } from '../lib/src/evaluation/trial';
import { type Classifier } from '../lib/src/classifiers';
import { type PlannedRow } from '../lib/src/evaluation/attack-spec';
import * as attackCommand from '../scripts/attack';
import * as evaluateCommand from '../scripts/evaluate';
import { inProcess } from './support/in-process';
import { until } from './support/redis';

const VALUES = 8 * 8 * 3;
const random = new Random(11);
const filters = tf.tensor4d(
  Float32Array.from({ length: 162 }, () => random.normal(0, 0.3)),
  [3, 3, 3, 6],
);
const weights = tf.tensor2d(
  Float32Array.from({ length: 432 }, () => random.normal(0, 0.2)),
  [216, 2],
);
const classifier: Classifier = {
  name: 'random',
  classes: ['cat', 'dog'],
  input: { height: 8, width: 8, channels: 3 },
  logits: (images) =>
    images.sub(0.5).conv2d<tf.Tensor4D>(filters, 1, 'valid').relu().reshape([-1, 216]).matMul(weights) as tf.Tensor2D,
  probabilities: (images) => classifier.logits(images).softmax(),
  dispose: () => undefined,
};

/** 22 photos of which the fifth cannot be read; the network is right about some. */
const photos: LabelledPhoto[] = Array.from({ length: 22 }, (_, index) => ({
  index,
  path: `p${index}`,
  photo: `p${index}`,
  truth: index % 2 === 0 ? 'cat' : 'dog',
}));

function options(journal: string, more: Partial<EvaluateOptions> = {}): EvaluateOptions {
  return {
    photos,
    classifier,
    batch: 4,
    seed: 3,
    epsilons: [0.01, 0.1],
    fingerprint: 'f',
    journal,
    attacks: parseAttacks('article,pgd,noise,deepfool,article+jpeg80'),
    read: (path) => {
      const own = new Random(Number(path.slice(1)));
      if (path === 'p4') return Promise.reject(new DescentError('p4 is empty'));
      return Promise.resolve(Float32Array.from({ length: VALUES }, () => own.uniform()));
    },
    ...more,
  };
}

const summaryOf = (trials: readonly Trial[], plan: readonly PlannedRow[] = []) => {
  const tally = new Tally(plan);
  tally.add([...trials].sort((a, b) => a.index - b.index)); // sums of floats depend on the order
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

test('a made-up row is evaluated and drawn by its fields, whatever its name', () =>
  inFolder(async (folder) => {
    const salt: Attack = { ...findAttack('noise'), name: 'salt' };
    const least: Attack = { ...findAttack('deepfool'), name: 'least', norm: 'linf' };
    const best: Attack = { ...findAttack('pgd-l2'), name: 'best', highlight: true };
    const own = [best, salt, least];
    const second = { classifier, convert: (pixels: Pixels) => Float32Array.from(pixels) };
    const { trials } = await evaluate(
      options(join(folder, 'j'), {
        attacks: [...own.map((attack) => ({ text: attack.name, attack })), ...parseAttacks('noise,deepfool,pgd-l2')],
        epsilons: [0.005, 0.02, 0.1],
        second,
      }),
    );
    // Each does what its row says: as the library's own do, but that a least change counts by its largest value.
    const of = (name: string): Trial[] => trials.filter(({ attack }) => attack === name);
    const unnamed = (name: string) => of(name).map(({ attack: _, ...trial }) => trial);
    assert.deepEqual(unnamed('salt'), unnamed('noise'));
    assert.deepEqual(unnamed('best'), unnamed('pgd-l2'));
    for (const { linf, epsilon, success } of of('least')) assert.equal(success, linf! <= epsilon);
    assert.ok(of('least').some(({ success }) => success) && of('least').some(({ success }) => !success));
    assert.deepEqual(
      of('least').map(({ l2 }) => l2),
      of('deepfool').map(({ l2 }) => l2),
    );
    const table = perPhoto(trials, ['salt', 'least', 'deepfool'], own);
    assert.deepEqual(Object.keys(table[0]!).slice(4), [
      ...['salt_epsilon', 'least_epsilon', 'least_linf', 'deepfool_epsilon', 'deepfool_l2'],
    ]);
    assert.ok(table.some((row) => typeof row['least_linf'] === 'number'));

    const { rows } = summaryOf(trials);
    const named = { name: 'own', title: 'Own', attacks: own };
    const drawn = successFigure(rows, named).data;
    const style = (name: string) => {
      const { line, marker } = drawn.find((trace) => trace['name'] === name)!;
      return { line, marker } as { line: { color: string; dash: string }; marker: { size: number } };
    };
    assert.deepEqual(style('salt'), style('random noise'));
    assert.equal(style('salt').line.dash, 'dot');
    assert.equal(drawn.at(-1)!['name'], 'best, L2', 'on top');
    assert.equal(style('best, L2').marker.size, 11);
    assert.equal(
      new Set(
        ['best, L2', 'least', 'the least change (deepfool), L2', 'along the gradient (pgd-l2), L2'].map(
          (name) => style(name).line.color,
        ),
      ).size,
      4,
    );
    const shown = transferFigure([{ from: 'a', to: 'b', rows }], named).data;
    assert.deepEqual(
      shown.map((trace) => trace['name']),
      ['least', 'the least change (deepfool), L2', 'along the gradient (pgd-l2), L2', 'best, L2'],
    );
    await assert.rejects(
      evaluate(options(join(folder, 'k'), { attacks: [{ text: 'noise', attack: { ...salt, name: 'noise' } }] })),
      /an attack of your own needs a name of its own, and not 'noise'/,
    );
  }));

test("Wilson's intervals are those of Newcombe (1998): 81 of 263, 15 of 148, 0 of 20, 29 of 29", () => {
  for (const [successes, n, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [29, 29, 0.883, 1],
  ] as const) {
    const interval = wilsonInterval(successes, n);
    assert.ok(
      Math.abs(interval[0] - low) < 5e-5 && Math.abs(interval[1] - high) < 5e-5,
      `${successes}/${n}: ${interval.join(' to ')}`,
    );
  }
  for (let n = 1; n <= 2000; n++) {
    assert.equal(wilsonInterval(0, n)[0], 0, `0 of ${n}`);
    assert.equal(wilsonInterval(n, n)[1], 1, `${n} of ${n}`);
  }
  assert.deepEqual(wilsonInterval(0, 0), [0, 1]);
});

test('an evaluation counts what its trials say, and leaks nothing', () =>
  inFolder(async (folder) => {
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
      assert.equal(row.success, own.filter(({ success }) => success).length / right.length);
      assert.ok(row.success !== null && row.low <= row.success && row.success <= row.high);
      if (!row.attack.startsWith('deepfool')) for (const { linf } of own) assert.ok(linf! <= row.epsilon + 1e-6);
    }
    const success = (attack: string): number =>
      rows.find((row) => row.attack === attack && row.epsilon === 0.1)!.success!;
    assert.ok(success('pgd') > 0.9 && success('noise') < 0.5, `${success('pgd')} ${success('noise')}`);
  }));

test('DeepFool succeeds at a size when its least change fits into the ball that belongs to it', () =>
  inFolder(async (folder) => {
    const { trials } = await evaluate(
      options(join(folder, 'j'), { attacks: parseAttacks('deepfool'), epsilons: [0.005, 0.02, 0.1] }),
    );
    const found = trials.filter(({ attack }) => attack === 'deepfool');
    for (const { l2, epsilon, success } of found) assert.equal(success, l2! <= epsilon * Math.sqrt(VALUES));
    assert.ok(found.some(({ success }) => success) && found.some(({ success }) => !success));
    const table = perPhoto(trials, ['deepfool']);
    assert.equal(table.length, 22);
    for (const row of table) {
      const own = found.filter(({ index }) => index === row['index']);
      assert.equal(row['deepfool_l2'], own[0]?.l2 ?? null);
      assert.equal(row['deepfool_epsilon'], own.find(({ success }) => success)?.epsilon ?? null);
    }
  }));

test('the parts, written and merged, are the whole exactly', () =>
  inFolder(async (folder) => {
    const whole = await evaluate(options(join(folder, 'whole')));
    const byPlace = (a: Trial, b: Trial): number => a.index - b.index;
    for (const ending of ['csv', 'parquet']) {
      const files: string[] = [];
      for (const index of [3, 1, 2]) {
        const shard = { index, count: 3 };
        const part = await evaluate(options(join(folder, `${ending}-${index}`), { shard }));
        const file = join(folder, `part-${index}.${ending}`);
        writePart(file, part, shard);
        files.push(file);
      }
      const { trials: merged, plan } = mergeParts(files);
      assert.deepEqual(plan, whole.plan);
      assert.deepEqual(merged, [...whole.trials].sort(byPlace));
      assert.deepEqual(summaryOf(merged, plan), summaryOf(whole.trials));
      assert.throws(() => mergeParts(files.slice(1)), /of 3 parts these are missing: 3\/3/);
      const copy = join(folder, `copy.${ending}`);
      writeFileSync(copy, readFileSync(files[0]!));
      assert.throws(() => mergeParts([...files, copy]), /copy.*are both part 3\/3/);
      const other = await evaluate(
        options(join(folder, `other-${ending}`), { seed: 4, shard: { index: 3, count: 3 } }),
      );
      writePart(copy, other, { index: 3, count: 3 });
      assert.throws(() => mergeParts([files[1]!, files[2]!, copy]), /different settings/);
    }
    const table = join(folder, 'table.csv');
    writeTable(
      table,
      summaryOf(whole.trials).rows.map((row) => ({ ...row })),
    );
    assert.deepEqual(readEvaluation(table), summaryOf(whole.trials).rows);
    const earlier = summaryOf(whole.trials).rows.map(({ tried: _, ...row }) => row);
    writeTable(table, earlier);
    assert.deepEqual(readEvaluation(table), earlier, 'a table of before there was the column');
    assert.throws(() => readPart(table), /no part of an evaluation.*no column 'index'/);
    writeFileSync(table, 'attack,epsilon\nfgsm,0.1\n');
    assert.throws(() => readEvaluation(table), /no table of npm run evaluate: it has no column 'n'/);
    writeTable(
      table,
      summaryOf(whole.trials).rows.map((row) => ({ ...row, l2: 'much' })),
    );
    assert.throws(
      () => readEvaluation(table),
      /table\.csv: column 'l2', row 1, is 'much', where a number of 0 or more or nothing belongs .*: make the table anew$/,
    );
  }));

test('what is named twice would be counted twice, and is refused; so is what makes no sense', () =>
  inFolder(async (folder) => {
    const journal = join(folder, 'j');
    const refused: [Partial<EvaluateOptions>, RegExp][] = [
      [{ epsilons: [1 / 255, 0.1, 0.00392156862745098] }, /the size 0\.00392156862745098 \(1\/255\) is listed twice/],
      [
        {
          attacks: [
            { text: 'pgd', attack: findAttack('pgd') },
            { text: 'pgd', attack: findAttack('pgd') },
          ],
        },
        /the attack 'pgd' is listed twice/,
      ],
      [{ epsilons: [2] }, /at most 1.*not 2/],
      [{ epsilons: [0] }, /above 0/],
      [{ epsilons: [NaN] }, /not NaN/],
      [{ seed: 2 ** 32 }, /from 0 to 4294967295, not 4294967296/],
      [{ seed: -1 }, /from 0/],
      [{ seed: 0.5 }, /not 0\.5/],
      [{ batch: 0 }, /1 or more/],
    ];
    for (const [more, message] of refused) await assert.rejects(evaluate(options(journal, more)), message);
    assert.ok(!existsSync(journal));
    assert.throws(() => parseAttacks('fgsm+jpeg075,fgsm+jpeg75'), /the attack 'fgsm\+jpeg75' is listed twice/);
    assert.deepEqual(parseAttacks('fgsm+jpeg075'), [{ text: 'fgsm+jpeg75', attack: findAttack('fgsm'), jpeg: 75 }]);
  }));

test('parts are merged when they are whole, each there once, and cut alike', () =>
  inFolder(async (folder) => {
    const part = async (index: number, count: number, ending = 'csv'): Promise<string> => {
      const file = join(folder, `${index}-of-${count}.${ending}`);
      const shard = { index, count };
      writePart(file, await evaluate(options(join(folder, `${index}-${count}-${ending}`), { shard })), shard);
      return file;
    };
    const [a, b, c] = [await part(1, 3), await part(2, 3), await part(3, 3)];
    assert.throws(
      () => mergeParts([a, b, b, c]),
      (error: Error) => error.message === `${b} is listed twice`,
    );
    const eighth = await part(1, 8);
    assert.throws(
      () => mergeParts([eighth, b, c]),
      /2-of-3\.csv is part 2\/3 and \S*1-of-8\.csv part 1\/8: they are not cut alike/,
    );
    const far = join(folder, 'far.csv');
    writePart(far, await evaluate(options(join(folder, 'far'), { shard: { index: 1, count: 1e15 } })), {
      index: 1,
      count: 1e15,
    });
    assert.throws(() => mergeParts([far]), /: 2\/1000000000000000, .* and 999999999999989 more/);

    const cut = join(folder, 'cut.csv');
    const text = readFileSync(c, 'utf8');
    const lines = text.trimEnd().split('\n');
    const ends = [...lines.keys()]
      .filter((count) => count % 9 === 1)
      .map((count) => lines.slice(0, count).join('\n').length + 1);
    const inLastLine = lines
      .at(-1)!
      .split('')
      .map((_, i) => text.length - 2 - i);
    assert.match(text[inLastLine[0]!]!, /[\da-f]/, 'a digit of the hash is cut off the last cell');
    for (const length of [...ends, ...inLastLine]) {
      writeFileSync(cut, text.slice(0, length));
      assert.throws(
        () => mergeParts([cut, a, b]),
        /cut\.csv(: column '\w+', row \d+, is .*| is damaged, only a piece of a part, .*): copy it again|it has no rows$/,
        `${length} bytes`,
      );
    }
    writeFileSync(cut, text + lines.slice(1).join('\n') + '\n');
    assert.throws(() => mergeParts([a, b, cut]), /cut\.csv is damaged/, 'all rows twice');
    writeFileSync(cut, text.slice(0, 30));
    assert.throws(() => mergeParts([a, b, cut]), /cut\.csv: this is no part of an evaluation/);
    const packed = await part(3, 3, 'parquet');
    writeFileSync(packed, readFileSync(packed).subarray(0, -9));
    assert.throws(() => mergeParts([a, b, packed]), /3-of-3\.parquet: this is no readable/);
  }));

test('a cell of a part, or of a table, that cannot be right is named', () =>
  inFolder(async (folder) => {
    const shard = { index: 1, count: 1 },
      part = join(folder, 'part.csv'),
      table = join(folder, 'table.csv');
    const evaluation = await evaluate(options(join(folder, 'j')));
    writePart(part, evaluation, shard);
    writeTable(
      table,
      summaryOf(evaluation.trials).rows.map((row) => ({ ...row })),
    );
    for (const [file, read, row, damages] of [
      [
        part,
        () => mergeParts([part]),
        /^\d+,.*,pgd,.*,true,/,
        [
          ['success', 'maybe', /true or false/],
          ['epsilon', 'abc', /a finite number/],
          ['epsilon', '0.02', /0\.01 or 0\.1/],
          ['linf', 'NaN', /a finite number/],
          ['linf', '2', /from 0 to 1/],
          ['l2', '', /is empty/],
          ['truth', '', /cat or dog/],
          ['label', 'fox', /cat or dog/],
          ['attack', 'zzz', /none or article or/],
          ['psnr', 'Infinity', /finite/],
          ['psnr', '-1', /0 or more/],
          ['index', '-1', /whole number/],
          ['index', '1e3', /photo 1000/],
          ['shard', 'one', /whole number/],
          ['transfer', '1', /true or false/],
        ],
      ],
      [
        table,
        () => readEvaluation(table),
        /^pgd,/,
        [
          ['attack', 'z z', /an attack/],
          ['epsilon', '-1', /from 0 to 1/],
          ['n', '2.5', /whole number/],
          ['accuracy', '', /from 0 to 1/],
          ['success', '1.5', /from 0 to 1/],
          ['low', 'NaN', /from 0 to 1/],
        ],
      ],
    ] as const) {
      const [header, ...lines] = readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      const i = lines.findIndex((cells) => row.test(cells.join()));
      for (const [column, value, why] of damages) {
        const at = header!.indexOf(column);
        const damaged = lines.map((cells, row) => cells.map((cell, c) => (row === i && c === at ? value : cell)));
        writeFileSync(file, [header, ...damaged].join('\n') + '\n');
        assert.throws(
          read,
          (error: Error) =>
            error instanceof DescentError &&
            why.test(error.message) &&
            error.message.startsWith(`${file}: column '`) &&
            error.message.includes(`, row ${i + 1}, is `),
          `${column} ${value}`,
        );
      }
    }
  }));

test('a part is still a table for others, and any other digit in it is told', () =>
  inFolder(async (folder) => {
    const evaluation = await evaluate(options(join(folder, 'j')));
    for (const ending of ['csv', 'parquet']) {
      const file = join(folder, `part.${ending}`);
      writePart(file, evaluation, { index: 1, count: 1 });
      const { columns, rows } = readColumns(file, {
        photo: { column: 'photo', type: 'text' },
        index: { column: 'index' },
      });
      assert.deepEqual(
        [rows, columns.index.values, columns.photo.values],
        [
          evaluation.trials.length,
          ...(['index', 'photo'] as const).map((key) => evaluation.trials.map((trial) => trial[key])),
        ],
      );
      const bytes = readFileSync(file),
        l2 = bytes.indexOf('.', bytes.length / 2) + 3;
      bytes[l2] = bytes[l2] === 0x31 ? 0x32 : 0x31;
      writeFileSync(file, bytes);
      assert.throws(
        () => readPart(file),
        (error: Error) => error instanceof DescentError && error.message.startsWith(file),
      );
    }
    const old = join(folder, 'old.csv'),
      { trials, plan, classes, run } = evaluation;
    writePart(old, { trials, plan, classes, run }, { index: 1, count: 1 });
    const lines = readFileSync(old, 'utf8')
      .split('\n')
      .filter((line) => !/^,,(cat|dog),/.test(line)); // of the form before
    const rows = String(lines.length - 2); // without the header, and what is behind the last line break
    writeFileSync(old, lines.map((line) => line.replace(/,[^,]*$/, '').replace(/\d+$/, rows)).join('\n'));
    assert.throws(
      () => readPart(old),
      /old\.csv is damaged, only a piece of a part, or of an earlier version: copy it again, or make the part anew$/,
    );
  }));

test('parts for which no batch is left, and parts without a photo classified right, are parts too', () =>
  inFolder(async (folder) => {
    const wrong = photos.map((photo) => ({ ...photo, truth: 'fox' }));
    for (const [name, own] of [
      ['some', photos],
      ['none', wrong],
    ] as const) {
      const whole = await evaluate(options(join(folder, name), { photos: own }));
      for (const ending of ['csv', 'parquet']) {
        const files: string[] = [];
        for (let index = 1; index <= 8; index++) {
          // of six batches
          const shard = { index, count: 8 };
          const part = await evaluate(options(join(folder, `${name}-${ending}-${index}`), { shard, photos: own }));
          assert.equal(part.trials.length === 0, index > 6);
          files.push(join(folder, `${name}-${index}.${ending}`));
          writePart(files.at(-1)!, part, shard);
        }
        const { trials, plan } = mergeParts(files.reverse());
        assert.deepEqual(summaryOf(trials, plan), summaryOf(whole.trials, whole.plan));
        assert.deepEqual(
          trials,
          [...whole.trials].sort((a, b) => a.index - b.index),
        );
      }
    }
  }));

test('where no photo is classified right the table has its rows all the same, with n = 0', () =>
  inFolder(async (folder) => {
    const { trials, plan } = await evaluate(
      options(join(folder, 'j'), { photos: photos.map((photo) => ({ ...photo, truth: 'fox' })) }),
    );
    const { rows, ...counted } = summaryOf(trials, plan);
    assert.deepEqual(counted, { photos: 22, unreadable: 1, right: 0, accuracy: 0 });
    assert.deepEqual(
      rows.map(({ attack, epsilon }) => [attack, epsilon]),
      ['article', 'article+jpeg80']
        .flatMap((attack) => [0.01, 0.1].map((epsilon) => [attack, epsilon]))
        .sort(([, a], [, b]) => Number(a) - Number(b))
        .concat(['pgd', 'noise', 'deepfool'].flatMap((attack) => [0.01, 0.1].map((epsilon) => [attack, epsilon]))),
    );
    for (const { attack, epsilon, ...row } of rows) {
      assert.deepEqual(
        row,
        {
          n: 0,
          accuracy: 0,
          success: null,
          low: 0,
          high: 1,
          linf: null,
          l2: null,
          psnr: null,
          transfer: null,
          tried: 0,
        },
        `${attack} ${epsilon}`,
      );
    }
    for (const ending of ['csv', 'parquet']) {
      const table = join(folder, `table.${ending}`);
      writeTable(
        table,
        rows.map((row) => ({ ...row })),
      );
      assert.deepEqual(readEvaluation(table), rows);
    }
    const right = await evaluate(options(join(folder, 'right')));
    assert.deepEqual(summaryOf(right.trials, right.plan), summaryOf(right.trials), "the plan has the rows' order");
    assert.throws(() => successFigure(rows, { name: 'f', title: 't' }), /no photo of the evaluation was attacked/);
  }));

test('a run that was stopped goes on where it was, and ends as an unbroken one', () =>
  inFolder(async (folder) => {
    const whole = await evaluate(options(join(folder, 'whole')));
    const journal = join(folder, 'stopped');
    let calls = 0;
    await assert.rejects(
      evaluate(
        options(journal, {
          onProgress: () => {
            if (++calls === 4) throw new Error('stopped');
          },
        }),
      ),
      /stopped/,
    );
    appendFileSync(journal, '{"batch":3,"trials":[{"ind'); // a process killed while it wrote
    const read: string[] = [];
    const again = options(journal);
    const resumed = await evaluate({
      ...again,
      read: (path) => {
        read.push(path);
        return again.read(path);
      },
    });
    assert.deepEqual(
      read.sort(),
      photos
        .slice(12)
        .map(({ path }) => path)
        .sort(),
    );
    assert.deepEqual(resumed.trials, whole.trials);
    await assert.rejects(evaluate(options(journal, { seed: 9 })), /left by an evaluation with other settings/);
    resumed.journal.remove();
    assert.ok(!existsSync(journal));
  }));

test('a damaged journal is refused with the line that is, and nothing of it is lost in silence', () =>
  inFolder(async (folder) => {
    const journal = join(folder, 'j');
    await evaluate(options(journal));
    const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
    assert.equal(lines.length, 1 + 6);
    const changed = (line: number, change: (text: string) => string): string[] =>
      lines.map((text, i) => (i + 1 === line ? change(text) : text));
    const damages: [string, string[], number][] = [
      ['a line null', changed(3, () => 'null'), 3],
      ['its first line null', changed(1, () => 'null'), 1],
      ['trials []', changed(4, (text) => text.replace(/"trials":.*/, '"trials":[]}')), 4],
      ['trials [null]', changed(2, (text) => text.replace(/"trials":.*/, '"trials":[null]}')), 2],
      ['aside 5', changed(6, (text) => text.replace('"trials"', '"aside":5,"trials"')), 6],
      ['a digit', changed(7, (text) => text.replace(/"l2":\d\.\d/, '"l2":9.9')), 7],
      ['a line is gone', lines.filter((_, i) => i !== 2), 3],
      ['a line twice', lines.flatMap((text, i) => (i === 3 ? [text, text] : text)), 5],
      ['two lines changed places', [lines[0]!, lines[2]!, lines[1]!, ...lines.slice(3)], 2],
      ['of the form before there were sums', lines.map((line) => line.slice(65)), 1],
    ];
    for (const [what, damaged, line] of damages) {
      const content = damaged.join('\n') + '\n';
      assert.notEqual(content, lines.join('\n') + '\n', what);
      writeFileSync(journal, content);
      await assert.rejects(
        evaluate(options(journal)),
        (error: Error) =>
          error instanceof DescentError &&
          error.message ===
            `${journal}: line ${line} is damaged, or of an earlier version, and cannot be gone on from: delete the file to begin anew`,
        what,
      );
      assert.equal(readFileSync(journal, 'utf8'), content, `${what}: the file stays`);
    }
  }));

test('a journal that is damaged while its run goes on is told when it is read', () =>
  inFolder(async (folder) => {
    const { journal } = await evaluate(options(join(folder, 'j')));
    const bytes = readFileSync(journal.path);
    bytes[bytes.length - 10]! ^= 1;
    writeFileSync(journal.path, bytes);
    assert.throws(() => [...journal.batches()], /j: line 7 is damaged/);
    rmSync(journal.path);
    assert.throws(() => [...journal.batches()], /^DescentError: \S+j: there is no such file$/);
  }));

test('what comes back from elsewhere is checked before it is counted', () =>
  inFolder(async (folder) => {
    const batches = new Map<number, FinishedBatch>();
    const own = options(join(folder, 'whole'));
    const whole = await evaluate(own);
    for (let batch = 0; batch < 6; batch++) {
      batches.set(batch, { batch, trials: whole.trials.filter(({ index }) => Math.floor(index / 4) === batch) });
    }
    const handIn = (name: string, change: (batch: FinishedBatch) => unknown) =>
      evaluate(
        options(join(folder, name), {
          elsewhere: async function* (asked) {
            for (const { batch } of asked) yield await Promise.resolve(change(batches.get(batch)!) as FinishedBatch);
          },
        }),
      );
    assert.deepEqual((await handIn('right', (batch) => batch)).trials, whole.trials);
    const [first, ...others] = batches.get(1)!.trials;
    const trial =
      (i: number, more: object) =>
      (batch: FinishedBatch): unknown =>
        batch.batch !== 1
          ? batch
          : { ...batch, trials: batch.trials.map((own, place) => (place === i ? { ...own, ...more } : own)) };
    const trials =
      (list: unknown) =>
      (batch: FinishedBatch): unknown =>
        batch.batch !== 1 ? batch : { ...batch, trials: list };
    const attacked = 1 + others.findIndex(({ attack }) => attack !== UNTOUCHED);
    const wrong: [string, (batch: FinishedBatch) => unknown, RegExp][] = [
      ['{}', () => ({}), /is no batch: 'batch' is empty/],
      ['null', () => null, /is no batch: 'batch' is empty/],
      ['a text', trials('abc'), /'trials' is 'abc', where a list belongs/],
      ['[null]', trials([null]), /trial 1: 'index' is empty/],
      ['nothing', trials([]), /'trials' are not those of its photos/],
      ['one missing', trials([first, ...others.slice(0, -1)]), /'attack' is missing/],
      ['one twice', trials([first, ...others, others.at(-1)]), /has been tried on the photo \d before/],
      ['another batch', trials(batches.get(2)!.trials), /'trials' are not those of its photos/],
      ['a batch twice', () => batches.get(0), /batch 0 is no result: 'batch' was not given out/],
      ['another photo', trial(0, { photo: 'p99' }), /'photo' is not that|not those of its photos/],
      ['NaN', trial(attacked, { linf: NaN }), /'linf' is NaN, where a number from 0 to 1 belongs/],
      ['a stranger aside', (batch) => ({ ...batch, aside: ['p99'] }), /'aside' names a photo/],
      ['aside 5', (batch) => ({ ...batch, aside: 5 }), /'aside' is 5, where a list belongs/],
    ];
    for (const [name, change, message] of wrong) {
      await assert.rejects(
        handIn(name, change),
        (error: Error) =>
          error instanceof DescentError &&
          message.test(error.message) &&
          error.message.endsWith('then call again in the same way to go on'),
        name,
      );
    }
  }));

test("a run that ended before its first batch is in nobody's way", () =>
  inFolder(async (folder) => {
    const journal = join(folder, 'j');
    // eslint-disable-next-line require-yield
    async function* unreachable(): AsyncGenerator<never> {
      await Promise.resolve();
      throw new DescentError('the queue cannot be reached');
    }
    await assert.rejects(evaluate(options(journal, { elsewhere: unreachable })), /cannot be reached/);
    appendFileSync(journal, '{"batch":0,"trials":[{"ind'); // nor what it had only begun to write
    const other = await evaluate(options(journal, { seed: 9 }));
    assert.deepEqual(other.trials, (await evaluate(options(join(folder, 'whole'), { seed: 9 }))).trials);
    assert.deepEqual(
      (await evaluate(options(journal, { seed: 9, elsewhere: unreachable }))).trials,
      other.trials,
      'kept whole',
    );
  }));

test('a signal ends it after the batches done, the one under way is left out, and it can go on', () =>
  inFolder(async (folder) => {
    const whole = await evaluate(options(join(folder, 'whole')));
    const controller = new AbortController();
    const read = options('').read;
    const part = await evaluate(
      options(join(folder, 'j'), {
        signal: controller.signal,
        read: (path) => {
          if (path === 'p9') controller.abort(); // the third batch's second
          return read(path);
        },
      }),
    );
    assert.equal(part.stopped, 'aborted');
    assert.deepEqual([...new Set(part.trials.map(({ index }) => index))], [0, 1, 2, 3, 4, 5, 6, 7]);
    const rest = await evaluate(options(join(folder, 'j')));
    assert.deepEqual([rest.stopped, rest.trials], [undefined, whole.trials]);
  }));

test("a photo's trials do not depend on the photos beside it", () =>
  inFolder(async (folder) => {
    const whole = await evaluate(options(join(folder, 'a')));
    const single = await evaluate(options(join(folder, 'b'), { batch: 1 }));
    assert.deepEqual(
      single.trials
        .map(({ index, attack, epsilon, success }) => ({ index, attack, epsilon, success }))
        .sort((a, b) => a.index - b.index),
      whole.trials
        .map(({ index, attack, epsilon, success }) => ({ index, attack, epsilon, success }))
        .sort((a, b) => a.index - b.index),
    );
  }));

test('transfer counts adversarial examples that fool the second network too, where that is right about the photo', () =>
  inFolder(async (folder) => {
    const itself = await evaluate(
      options(join(folder, 'a'), { second: { classifier, convert: (pixels) => Float32Array.from(pixels) } }),
    );
    const successes = itself.trials.filter(({ success, attack }) => success && attack !== 'deepfool');
    assert.ok(successes.length > 0 && successes.every(({ transfer }) => transfer === true));
    assert.ok(itself.trials.every(({ success, transfer }) => success || transfer === null));
    // Always a cat
    const logits = (images: tf.Tensor4D): tf.Tensor2D => tf.tensor2d([1, 0], [1, 2]).tile([images.shape[0], 1]);
    const stubborn: Classifier = { ...classifier, logits };
    const { trials } = await evaluate(
      options(join(folder, 'b'), { second: { classifier: stubborn, convert: (pixels) => Float32Array.from(pixels) } }),
    );
    for (const { success, truth, transfer } of trials)
      assert.equal(transfer, success && truth === 'cat' ? false : null);
    for (const { attack, epsilon, transfer, tried } of summaryOf(trials).rows) {
      const own = trials.filter((trial) => trial.attack === attack && trial.epsilon === epsilon && trial.success);
      const cats = own.filter(({ truth }) => truth === 'cat').length;
      assert.deepEqual([transfer, tried], [cats === 0 ? null : 0, cats], `${attack} ${epsilon}`);
    }
  }));

test('a picture is converted as a file that another network reads: 8 bits, its size, its colours', () => {
  const grey = convertPicture(
    [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1],
    { height: 2, width: 2, channels: 3 },
    { height: 2, width: 2, channels: 1 },
  );
  // 0.299, 0.587, 0.114 of 255
  assert.deepEqual(
    Array.from(grey, (value) => Math.round(255 * value)),
    [76, 150, 29, 255],
  );
  const back = convertPicture([0.2, 1], { height: 1, width: 2, channels: 1 }, { height: 1, width: 2, channels: 3 });
  assert.deepEqual(
    Array.from(back, (value) => Math.round(255 * value)),
    [51, 51, 51, 255, 255, 255],
  );
});

test('photos are listed in turn by class; what cannot be evaluated is refused by name', () =>
  inFolder((folder) => {
    for (const [name, files] of [
      ['cat', ['b.jpg', 'a.jpg', '.hidden']],
      ['dog', ['c.jpg']],
    ] as const) {
      mkdirSync(join(folder, name));
      for (const file of files) writeFileSync(join(folder, name, file), '');
    }
    const listed = (limit?: number): string[] => listPhotos(folder, ['cat', 'dog'], limit).map(({ photo }) => photo);
    assert.deepEqual(listed(), ['cat/a.jpg', 'dog/c.jpg', 'cat/b.jpg']);
    assert.deepEqual(listed(2), ['cat/a.jpg', 'dog/c.jpg']);
    assert.throws(() => listPhotos(folder, ['cat', 'fox']), /\(cat, fox\); 'fox' is missing/);
    assert.throws(() => listPhotos(join(folder, 'nowhere'), ['cat']), /nowhere': there is no such folder$/);
    assert.throws(() => listPhotos(join(folder, 'cat', 'b.jpg'), ['cat']), /b\.jpg': this is a file, not a folder$/);
    assert.throws(() => listPhotos('', ['cat']), /^DescentError: '': there is no such folder$/);
    assert.throws(() => parseAttacks('article,magic'), /'magic'/);
    assert.throws(() => parseAttacks('pgd+jpeg0'), /'pgd\+jpeg0'.*\+jpeg1 to \+jpeg100/);
    assert.throws(() => parseAttacks('pgd,pgd'), /listed twice/);
    assert.deepEqual(parseShard('2/8'), { index: 2, count: 8 });
    for (const text of ['0/8', '9/8', '2', 'a/b', '1/99999999999999999999', '0x1/8', '1/0', '-1/8'])
      assert.throws(() => parseShard(text), /such as 2\/8/);
    assert.throws(() => writeTable(join(folder, 'table.xlsx'), []), /must end in .parquet or .csv/);
    return Promise.resolve();
  }));

test('a folder that cannot be looked into is said in one line', (t) =>
  inFolder((folder) => {
    mkdirSync(join(folder, 'cat'));
    t.mock.method(fs, 'readdirSync', (path: string) => {
      throw Object.assign(new Error(`EACCES: permission denied, scandir '${path}'`), { code: 'EACCES' });
    });
    for (const look of [() => listPhotos(folder, ['cat']), () => findPhotos(folder)])
      assert.throws(
        look,
        (error: Error) => error instanceof DescentError && /: you have no permission to read it$/.test(error.message),
      );
    t.mock.restoreAll();
    symlinkSync('circle', join(folder, 'circle'));
    for (const look of [
      () => listPhotos(folder, ['circle']),
      () => findPhotos(folder),
      () => listPhotos(join(folder, 'circle'), []),
    ]) {
      assert.throws(
        look,
        (error: Error) =>
          error instanceof DescentError && /circle: its symbolic links go in a circle$/.test(error.message),
      );
    }
    return Promise.resolve();
  }));

const root = join(__dirname, '..');

const command = (...args: string[]) =>
  spawnSync(process.execPath, ['--import', './scripts/tsx.mjs', 'scripts/evaluate.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });

test('the command refuses a wrong call in one line, before it reads a photo', async () => {
  const { status, stderr } = command();
  assert.deepEqual(await inProcess(evaluateCommand, []), { status, stdout: '', stderr }, 'as in a process of its own');
  for (const [args, message] of [
    [[], /a folder of photos is needed, or --merge and files/],
    [['photos', '--out', 'table.txt'], /table\.txt: the table's name must end in .parquet or .csv/],
    [['photos', '--shard', '3/2'], /--shard takes a part such as 2\/8/],
    [
      ['photos', '--out', './x.csv', '--per-photo', 'y/../x.csv'],
      /^--per-photo and --out would both write y\/\.\.\/x\.csv: name another file/,
    ],
    [
      ['--merge', 'a.csv', 'b.csv', '--out', 'b.csv'],
      /^--out would replace b\.csv, which --merge reads: name another place/,
    ],
    [['--merge', 'a.csv', '--shard', '1/3', '--attack', 'foo'], /^--attack, --shard: with --merge only --out/],
    [['data/README.md'], /^'data\/README\.md': this is a file, not a folder/],
    [['nowhere'], /^'nowhere': there is no such folder/],
    [['data', '--list', 'nolist'], /^nolist: there is no such file/],
    [
      ['photos', '--epsilons', '1/255,300/255'],
      /^--epsilons can be at most 1, since pixels are from 0 to 1, not '300\/255'$/m,
    ],
    [['photos', '--epsilons', '0x1'], /^--epsilons must be a number above 0, such as 0\.01 or 4\/255, not '0x1'$/m],
    [['photos', '--attack', 'fgsm+jpeg075,fgsm+jpeg75'], /^the attack 'fgsm\+jpeg75' is listed twice$/m],
  ] as const) {
    const { status, stdout, stderr } = await inProcess(evaluateCommand, args);
    assert.equal(status, 1);
    assert.match(stderr, message);
    assert.equal(stdout + stderr.trim().split('\n').slice(1).join(''), '');
  }
  for (const script of [evaluateCommand, attackCommand]) {
    // commander shows the usage too
    const { status, stderr } = await inProcess(script, ['photos', '--seed', '4294967297']);
    assert.equal(status, 1);
    assert.match(stderr, /'--seed <number>'.* An integer from 0 to 4294967295 is needed/);
  }
});

test('photos of which none is classified right give a table, photos of which none can be read an error', () =>
  inFolder(async (folder) => {
    const run = (...more: string[]) =>
      inProcess(evaluateCommand, [
        folder,
        '--attack',
        'article,deepfool',
        '--epsilons',
        '1/255',
        '--cores',
        '1',
        '--out',
        join(folder, 'table.csv'),
        ...more,
      ]);
    for (const name of ['cat', 'dog']) mkdirSync(join(folder, name));
    copyFileSync(join(root, 'data', 'photos', 'cat-chelsea.png'), join(folder, 'dog', '1.png'));
    writeFileSync(join(folder, 'cat', '1.png'), 'no photo');
    const perPhotoFile = join(folder, 'photos.csv');
    const { status, stdout } = await run('--per-photo', perPhotoFile);
    assert.equal(status, 0);
    assert.match(stdout, /^2 photos, 1 unreadable; classified right: 0, 0\.0 %/);
    assert.equal(
      readFileSync(join(folder, 'table.csv'), 'utf8'),
      'attack,epsilon,n,accuracy,success,low,high,linf,l2,psnr,transfer,tried\n' +
        ['article', 'deepfool'].map((attack) => `${attack},0.00392156862745098,0,0.0,,0.0,1.0,,,,,0\n`).join(''),
    );
    assert.match(
      readFileSync(perPhotoFile, 'utf8'),
      /^index,photo,truth,label,article_epsilon,deepfool_epsilon,deepfool_l2\n0,cat\/1\.png,cat,,,,\n1,dog\/1\.png,dog,cat,,,\n$/,
    );

    rmSync(join(folder, 'table.csv'));
    const none = await run('--limit', '1');
    assert.equal(none.status, 1);
    assert.match(
      none.stderr,
      /^skipped: .*^none of the 1 photos could be read: there is nothing to measure, and no table$/ms,
    );
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['cat', 'dog', 'photos.csv'],
      'no table, and nothing in the way of the next call',
    );
  }));

test('two runs do not write into the same table: the second is told which process does', () =>
  inFolder(async (folder) => {
    const out = join(folder, 'table.csv');
    const evaluateInto = (file: string): string => command(folder, '--out', file).stderr;
    writeFileSync(`${out}.lock`, JSON.stringify({ pid: process.pid, taken: 'then' }));
    assert.equal(
      evaluateInto(out),
      `another run (process ${process.pid}) is working on ${out}: let it end, or choose another --out (if there is no such run, delete ${out}.lock)\n`,
    );
    const dead = spawnSync(process.execPath, ['--version']).pid;
    writeFileSync(`${out}.lock`, JSON.stringify({ pid: dead, taken: 'then' }));
    assert.match(evaluateInto(out), /'cat' is missing/, "the lock of a run that has ended is nobody's");
    assert.ok(!existsSync(`${out}.lock`), 'given back');
    writeFileSync(out, '');
    const { stderr } = await inProcess(evaluateCommand, [folder, '--out', join(out, 'table.csv')]);
    assert.match(stderr, /^\S+table\.csv cannot be written: .*\n$/);
  }));

/** 12 photos in the folders of their classes: copies of the sample photos. */
function copySamples(folder: string): void {
  const samples = readdirSync(join(root, 'data', 'photos')).sort();
  for (const name of ['cat', 'dog']) {
    mkdirSync(join(folder, name), { recursive: true });
    const own = samples.filter((file) => file.startsWith(`${name}-`));
    for (let i = 0; i < 6; i++) {
      const file = own[i % own.length]!;
      copyFileSync(join(root, 'data', 'photos', file), join(folder, name, `${i}${extname(file)}`));
    }
  }
}

test(
  'killed by -9 before its first batch and after it, then stopped by SIGTERM and by Ctrl-C, it ends with the ' +
    'same tables; so does --merge',
  { timeout: 600_000 },
  () =>
    inFolder(async (folder) => {
      copySamples(join(folder, 'photos'));
      const start = (...args: string[]) => {
        const child = spawn(process.execPath, ['--import', './scripts/tsx.mjs', 'scripts/evaluate.ts', ...args], {
          cwd: root,
          stdio: ['ignore', 'ignore', 'pipe'],
        });
        let said = '';
        child.stderr.on('data', (text: Buffer) => {
          said += text.toString();
        });
        const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
          child.once('close', (code, signal) => resolve(signal ?? code)),
        );
        return { child, ended, said: () => said };
      };
      const files = (name: string): string[] => [join(folder, `${name}.csv`), join(folder, `${name}-photos.csv`)];
      const settings = [
        join(folder, 'photos'),
        '--attack',
        'article,noise',
        '--epsilons',
        '1/255',
        '--batch',
        '1',
        '--cores',
        '1',
      ];
      const into = (name: string): string[] => ['--out', files(name)[0]!, '--per-photo', files(name)[1]!];
      const complete = async (...args: string[]): Promise<void> => {
        const { status, stderr } = await inProcess(evaluateCommand, args);
        assert.equal(status, 0, stderr);
      };
      await complete(...settings, ...into('whole'));
      const whole = files('whole').map((file) => readFileSync(file));
      assert.match(whole[0]!.toString(), /^article,/m);

      const journal = `${files('killed')[0]!}.unfinished`;
      const lines = (): number => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0);
      // Each is stopped when it has written a line more: the settings, or a batch; the last one works in two threads.
      for (const [signal, ...more] of [
        ['SIGKILL'],
        ['SIGKILL'],
        ['SIGTERM'],
        ['SIGINT'],
        ['SIGINT', '--cores', '2'],
      ] as const) {
        const before = lines();
        const { child, ended, said } = start(...settings, ...into('killed'), ...more);
        await until(() => lines() > before || child.exitCode !== null, 'it has written a line more');
        child.kill(signal);
        assert.equal(await ended, { SIGKILL: 'SIGKILL', SIGTERM: 143, SIGINT: 130 }[signal], said());
        assert.ok(lines() > before && lines() < 1 + 12, `${before}, then ${lines()} lines of 13`);
        assert.ok(
          files('killed').every((file) => !existsSync(file)),
          'no table yet',
        );
        if (signal !== 'SIGKILL') assert.match(said(), /^stopped; called again in the same way it goes on$/m);
      }
      await complete(...settings, ...into('killed'));
      assert.deepEqual(
        files('killed').map((file) => readFileSync(file)),
        whole,
      );
      assert.ok(!existsSync(journal));

      const parts = [1, 2].map((part) => join(folder, `part-${part}.parquet`));
      for (const [i, part] of parts.entries()) await complete(...settings, '--shard', `${i + 1}/2`, '--out', part);
      await complete('--merge', ...parts, ...into('merged'));
      assert.deepEqual(
        files('merged').map((file) => readFileSync(file)),
        whole,
      );
    }),
);

test('a disk that is full is said in one line, and what was written before stays', (t) =>
  inFolder(async (folder) => {
    const journal = join(folder, 'j');
    let left = 2; // the settings and a batch
    const real = fs.fsyncSync;
    t.mock.method(fs, 'fsyncSync', (file: number) => {
      if (left-- <= 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      real(file);
    });
    await assert.rejects(
      evaluate(options(journal)),
      (error: unknown) =>
        error instanceof DescentError && /j cannot be written: no space is left on the disk/.test(error.message),
    );
    t.mock.restoreAll();
    assert.deepEqual(
      (await evaluate(options(journal))).trials,
      (await evaluate(options(join(folder, 'whole')))).trials,
    );
  }));

test('a row is found by its attack and its size in 255ths, or told what there is', () => {
  const row = (attack: string, size: number) => ({ attack, epsilon: size / 255 }) as EvaluationRow;
  const rows = [row('pgd', 1), row('pgd', 0.5), row('noise', 1)];
  assert.equal(rowAt(rows, 'pgd', 0.5), rows[1]);
  assert.equal(rowAt(rows, 'noise', 1), rows[2]);
  assert.throws(() => rowAt(rows, 'pgd', 2), /no row of 'pgd' at 2\/255: 'pgd' has the sizes 1\/255, 0\.5\/255/);
  assert.throws(() => rowAt(rows, 'fgsm', 1), /no row of 'fgsm' at 1\/255: the table has pgd, noise/);
});
