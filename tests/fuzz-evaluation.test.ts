// Damaged files of evaluations and trainings: each is refused in a line that names it, or it does no harm.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { checkpointIn } from '../lib/src/training/train';
import { describeModel, type Classifier } from '../lib/src/classifiers';
import { evaluate, Random, tf, train } from 'descent-lab';
import { historyCsv } from '../lib/src/training/history';
import { mergeParts, readPart, writePart } from '../lib/src/evaluation/parts';
import { parseAttacks, readEvaluation, writeTable, type EvaluateOptions, type Trial } from '../lib/src/evaluation';
import { plannedRows } from '../lib/src/evaluation/attack-spec';
import { readHistory, type Epoch, type TrainOptions } from '../lib/src/training';
import { Tally } from '../lib/src/evaluation/tally';
import { UNTOUCHED } from '../lib/src/evaluation/trial';
import { fuzz } from './support/fuzz';

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const attacks = parseAttacks('pgd,noise+jpeg80'),
  epsilons = [1 / 255, 0.1];
const plan = plannedRows(attacks, epsilons),
  classes = ['cat', 'dog'];

/** Trials of twelve photos: every third is taken for the other class, and the fifth cannot be read. */
const random = new Random(7);
const trials: Trial[] = Array.from({ length: 12 }, (_, index) => {
  const [truth, other] = index % 2 === 0 ? (['cat', 'dog'] as const) : (['dog', 'cat'] as const);
  const own = {
    index,
    photo: `${truth}/${index}, ${index}.jpg`,
    truth,
    label: index === 4 ? null : index % 3 === 0 ? other : truth,
  };
  const untouched = {
    ...own,
    attack: UNTOUCHED,
    epsilon: 0,
    success: null,
    linf: null,
    l2: null,
    psnr: null,
    transfer: null,
  };
  const attacked = plan.map((row) => ({
    ...own,
    ...row,
    success: random.uniform() < 0.5,
    linf: random.uniform(),
    l2: random.uniform(0, 9),
    psnr: random.uniform(20, 60),
    transfer: null,
  }));
  return [untouched, ...(own.label === truth ? attacked : [])];
}).flat();

for (const ending of ['csv', 'parquet']) {
  test(`no damage to a part that is a .${ending} file is taken`, () =>
    inFolder(async (folder) => {
      const path = join(folder, `part.${ending}`);
      writePart(path, { trials, plan, classes, run: '0123456789abcdef' }, { index: 1, count: 1 });
      assert.deepEqual(mergeParts([path]), { trials, plan });
      await fuzz({ path, whole: readFileSync(path), load: readPart, checksum: true });
    }));
}

test('a damaged journal is refused, or the evaluation ends as the unbroken one', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'journal');
    const photos = trials
      .filter(({ attack }) => attack === UNTOUCHED)
      .map(({ index, photo, truth }) => ({ index, photo, path: photo, truth }));
    const options: EvaluateOptions = {
      photos,
      attacks,
      epsilons,
      batch: 2,
      seed: 1,
      fingerprint: '',
      journal: path,
      classifier: { classes } as unknown as Classifier,
      read: () => Promise.reject(new Error('all is done elsewhere')),
      elsewhere: async function* (batches) {
        for (const { batch } of batches) {
          yield await Promise.resolve({ batch, trials: trials.filter(({ index }) => Math.floor(index / 2) === batch) });
        }
      },
    };
    await evaluate(options);
    let goneOn = 0;
    await fuzz({
      path,
      whole: readFileSync(path),
      load: async () => {
        assert.deepEqual((await evaluate(options)).trials, trials);
        goneOn++;
      },
    });
    assert.ok(goneOn > 10, `${goneOn} were only cut off`);
  }));

test('no damage to a checkpoint or to the best weights is taken', () =>
  inFolder(async (out) => {
    const own = new Random(3);
    const photos = {
      pixels: Array.from({ length: 4 }, () => Uint8Array.from({ length: 12 }, () => own.integer(0, 255))),
      labels: [0, 1, 0, 1],
      sha256: '',
      broken: [],
    };
    const test = { ...photos, labels: [1, 0, 1, 0] }; // lies: the first epoch is the best
    const run = async (more: Partial<TrainOptions> = { epochs: 3, patience: 1 }): Promise<void> => {
      // ends at once, with the best
      const model = tf.sequential({
        layers: [
          tf.layers.flatten({ inputShape: [2, 2, 3] }),
          tf.layers.dense({
            name: 'dense',
            units: 2,
            activation: 'softmax',
            kernelInitializer: tf.initializers.zeros(),
          }),
        ],
      });
      const card = describeModel(model, { name: 'tiny', classes, range: [0, 1] });
      try {
        await train({ model, card, photos, test, batch: 4, epochs: 2, seed: 1, out, resume: true, ...more });
      } finally {
        model.dispose();
      }
    };
    await run({});
    for (const path of [checkpointIn(out), join(out, 'best.safetensors')]) {
      const whole = readFileSync(path);
      await fuzz({ path, whole, load: () => run(), checksum: true });
      writeFileSync(path, whole);
    }
    await run();
  }));

test('a damaged history is taken or refused in a line', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'history.csv');
    const history = Array.from({ length: 8 }, (_, i): Epoch => ({
      epoch: i + 1,
      loss: 1 / (i + 1),
      accuracy: 0.5 + i / 20,
      testLoss: 2 / (i + 2),
      testAccuracy: 0.5 + i / 30,
    }));
    await fuzz({
      path,
      whole: Buffer.from(historyCsv(history)),
      load: () => {
        for (const epoch of readHistory(path)) {
          assert.ok(
            Object.values(epoch).every((value: number) => Number.isFinite(value) && value >= 0),
            JSON.stringify(epoch),
          );
        }
      },
    });
  }));

for (const ending of ['csv', 'parquet']) {
  test(`a damaged table of an evaluation that is a .${ending} file is taken or refused in a line`, () =>
    inFolder(async (folder) => {
      const path = join(folder, `evaluation.${ending}`);
      const tally = new Tally(plan);
      tally.add(trials);
      writeTable(
        path,
        tally.summary().rows.map((row) => ({ ...row })),
      );
      await fuzz({
        path,
        whole: readFileSync(path),
        load: () => {
          for (const { attack, ...numbers } of readEvaluation(path)) {
            assert.ok(
              Object.values(numbers).every((value) => value === null || (Number.isFinite(value) && value >= 0)),
              attack,
            );
          }
        },
      });
    }));
}
