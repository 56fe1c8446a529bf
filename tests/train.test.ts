import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { bestEpoch, historyCsv } from '../lib/src/training/history';
import {
  buildNetwork,
  findPhotos,
  readHistory,
  readPhotoSet,
  type Epoch,
  type PhotoSet,
  type TrainOptions,
} from '../lib/src/training';
import { checkpointIn } from '../lib/src/training/train';
import { DescentError, Random, tf, train } from 'descent-lab';
import { describeModel } from '../lib/src/classifiers';
import { readPhoto } from '../lib/src/pictures';
import { reestimateStatistics } from '../lib/src/training/statistics';
import { trainingFigure } from '../lib/src/figures';
import { trainingPass } from '../lib/src/training/training-pass';
import { transformOf, varyPictures, type Variation } from '../lib/src/training/augment';
import { batchNorm } from '../lib/src/training/batch-norm';
import { biasActivation } from '../lib/src/training/bias-activation';
import { dropout } from '../lib/src/training/dropout';
import { maxPool } from '../lib/src/classifiers/max-pool';
import { readTensors, writeTensors, type TensorFile } from '../lib/src/training/safetensors';
import { deriveSeed } from '../lib/src/training/seeds';
import { balancedWeights } from '../lib/src/training/train-step';
import * as classifyCommand from '../scripts/classify';
import * as trainCommand from '../scripts/train';
import { inProcess, type Answer } from './support/in-process';

const root = join(__dirname, '..');
const random = new Random(5);
const normal = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => random.normal()),
    shape,
  );

function near(actual: tf.Tensor, expected: tf.Tensor, tolerance: number, what: string): void {
  assert.deepEqual(actual.shape, expected.shape, what);
  const far = tf.tidy(() => actual.sub(expected).abs().max().dataSync()[0]!);
  assert.ok(far <= tolerance, `${what}: ${far}`);
}

async function inFolder(run: (folder: string) => Promise<void> | void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'train-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Value and gradients of f and of g at the same inputs, weighted by the same numbers, must agree. */
function sameGradients(
  f: (...x: tf.Tensor[]) => tf.Tensor,
  g: (...x: tf.Tensor[]) => tf.Tensor,
  inputs: tf.Tensor[],
  tolerance: number,
): void {
  tf.tidy(() => {
    const weights = normal(...g(...inputs).shape);
    const [a, b] = [f, g].map((h) =>
      tf.grads((...x: tf.Tensor[]) =>
        h(...x)
          .mul(weights)
          .sum(),
      )(inputs),
    ) as [tf.Tensor[], tf.Tensor[]];
    near(f(...inputs), g(...inputs), tolerance, 'value');
    a.forEach((gradient, i) => near(gradient, b[i]!, tolerance, `gradient ${i}`));
  });
}

test('the fused operations have the values and the gradients of plain ones', () =>
  tf.tidy(() => {
    const bias = (relu: boolean) =>
      sameGradients(
        (x, b) => biasActivation(x, b as tf.Tensor1D, relu),
        (x, b) => (relu ? x.add(b).relu() : x.add(b)),
        [normal(2, 5, 3, 4), normal(4)],
        1e-4,
      );
    bias(true);
    bias(false);
    for (const shape of [
      [3, 4, 5, 6],
      [16, 6],
    ]) {
      const axes = shape.slice(0, -1).map((_, i) => i);
      const inputs = [normal(...shape), normal(6).abs(), normal(6)];
      const plain = (x: tf.Tensor): { mean: tf.Tensor1D; variance: tf.Tensor1D } =>
        tf.moments(x, axes) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
      sameGradients(
        (x, gamma, beta) => batchNorm(x, gamma as tf.Tensor1D, beta as tf.Tensor1D, 0.001).y,
        (x, gamma, beta) => tf.batchNorm(x, plain(x).mean, plain(x).variance, beta, gamma, 0.001),
        inputs,
        2e-4,
      );
      const { mean, variance } = batchNorm(inputs[0]!, inputs[1] as tf.Tensor1D, inputs[2] as tf.Tensor1D, 0.001);
      near(mean, plain(inputs[0]!).mean, 1e-5, 'mean');
      near(variance, plain(inputs[0]!).variance, 1e-5, 'variance');
    }
    for (const [height, width] of [
      [6, 4],
      [7, 5],
    ]) {
      // with relu's many equal zeros
      sameGradients(
        (x) => maxPool(x as tf.Tensor4D, [2, 2], [2, 2]),
        (x) => tf.maxPool(x as tf.Tensor4D, 2, 2, 'valid'),
        [normal(2, height!, width!, 3).relu()],
        0,
      );
    }
  }));

test('the gradient of batch normalisation is that of finite differences', () =>
  tf.tidy(() => {
    const [x, gamma, beta] = [normal(4, 2, 2, 2), normal(2), normal(2)];
    const weights = normal(4, 2, 2, 2);
    const f = (values: tf.Tensor): tf.Tensor =>
      batchNorm(values, gamma as tf.Tensor1D, beta as tf.Tensor1D, 0.001)
        .y.mul(weights)
        .sum();
    const gradient = tf.grad(f)(x).dataSync();
    for (const i of [0, 7, 18, 31]) {
      const step = tf
        .oneHot(tf.tensor1d([i], 'int32'), 32)
        .reshape(x.shape)
        .mul(0.01);
      const difference = (f(x.add(step)).dataSync()[0]! - f(x.sub(step)).dataSync()[0]!) / 0.02;
      assert.ok(
        Math.abs(difference - gradient[i]!) < 0.01 * (1 + Math.abs(difference)),
        `${i}: ${difference}, ${gradient[i]}`,
      );
    }
  }));

/** A small network of the kinds of layers that the article's has. */
function smallNetwork(rate = 0): tf.Sequential {
  const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({
        name: 'a',
        filters: 4,
        kernelSize: 3,
        activation: 'relu',
        inputShape: [8, 8, 3],
        kernelInitializer: kernelInitializer(1),
      }),
      tf.layers.batchNormalization({ name: 'b' }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.dropout({ rate }),
      tf.layers.flatten({}),
      tf.layers.dense({ name: 'c', units: 8, activation: 'relu', kernelInitializer: kernelInitializer(2) }),
      tf.layers.batchNormalization({ name: 'd' }),
      tf.layers.dropout({ rate }),
      tf.layers.dense({ name: 'e', units: 2, activation: 'softmax', kernelInitializer: kernelInitializer(3) }),
    ],
  });
}

test("the training pass computes what tfjs' own layers do in training, on both backends", async () => {
  const model = smallNetwork();
  const x = normal(5, 8, 8, 3) as tf.Tensor4D;
  const weights = normal(5, 2);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const pass = trainingPass(model);
  const own = tf.variableGrads(() => pass(x).softmax().mul(weights).sum(), variables).grads;
  const theirs = tf.variableGrads(
    () => (model.apply(x, { training: true }) as tf.Tensor).mul(weights).sum(),
    variables,
  ).grads;
  for (const name in theirs) near(own[name]!, theirs[name]!, 1e-4, name);
  const values = Object.values(own).map((gradient) => gradient.dataSync());
  const backend = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    const plain = tf.variableGrads(() => pass(x).softmax().mul(weights).sum(), variables).grads;
    Object.values(plain).forEach((gradient, i) =>
      near(gradient, tf.tensor(values[i]!, gradient.shape), 1e-4, `plain ${i}`),
    );
    tf.dispose(plain);
  } finally {
    await tf.setBackend(backend);
  }
  tf.dispose([own, theirs, x, weights]);
  model.dispose();
});

test('a layer that cannot be trained here is named', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.globalAveragePooling2d({ inputShape: [4, 4, 3], dataFormat: 'channelsLast', name: 'average' }),
      tf.layers.dense({ units: 2 }),
    ],
  });
  assert.throws(
    () => trainingPass(model),
    /the layer 'average' cannot be trained here: its kind is GlobalAveragePooling2D/,
  );
  model.dispose();
});

test('dropout drops the part that is asked, the same for the same seed, and keeps the mean', () =>
  tf.tidy(() => {
    const x = tf.ones([100, 100]);
    const [a, again, other] = [dropout(x, 0.25, 7), dropout(x, 0.25, 7), dropout(x, 0.25, 8)].map((y) => y.dataSync());
    assert.deepEqual(a, again);
    assert.notDeepEqual(a, other);
    const dropped = a!.filter((value) => value === 0).length;
    assert.ok(Math.abs(dropped - 2500) < 200, String(dropped)); // more than four standard deviations
    assert.ok(a!.every((value) => value === 0 || Math.abs(value - 4 / 3) < 1e-6));
    assert.equal(dropout(x, 0, 1), x);
  }));

test('seeds for different purposes differ, and are the same again', () => {
  const seeds = [0, 1, 2].flatMap((seed) =>
    [0, 1, 2].flatMap((epoch) => [0, 1, 2].map((step) => deriveSeed(seed, 3, epoch, step))),
  );
  assert.equal(new Set(seeds).size, 27);
  assert.equal(deriveSeed(1, 2, 3), deriveSeed(1, 2, 3));
  assert.ok(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32));
});

const still: Variation = { mirrored: false, angle: 0, magnification: 1, right: 0, down: 0 };

test('pictures are mirrored, moved, turned and magnified as the variation says', () =>
  tf.tidy(() => {
    const x = normal(1, 5, 5, 2) as tf.Tensor4D;
    const vary = (variation: Partial<Variation>): tf.Tensor4D => varyPictures(x, [{ ...still, ...variation }]);
    near(vary({}), x, 1e-6, 'still');
    near(vary({ mirrored: true }), x.reverse(2), 1e-5, 'mirrored');
    near(
      vary({ right: 2 }).slice([0, 0, 2], [1, 5, 3]),
      x.slice([0, 0, 0], [1, 5, 3]),
      1e-5,
      'two pixels to the right',
    );
    near(vary({ down: 1 }).slice([0, 1], [1, 4]), x.slice([0, 0], [1, 4]), 1e-5, 'one pixel down');
    near(vary({ angle: Math.PI / 2 }), x.transpose([0, 2, 1, 3]).reverse(2), 1e-4, 'a quarter turn, clockwise');
    near(
      vary({ magnification: 2 }).slice([0, 2, 2], [1, 1, 1]),
      x.slice([0, 2, 2], [1, 1, 1]),
      1e-5,
      'the centre stays',
    );
    near(vary({ magnification: 2 }).slice([0, 0, 0], [1, 1, 1]), x.slice([0, 1, 1], [1, 1, 1]), 1e-5, 'twice as large');
    assert.deepEqual(
      transformOf(still, 5, 5).map((value) => value + 0),
      [1, 0, 0, 0, 1, 0, 0, 0],
    );
  }));

test('the plain backend varies pictures the same', async () => {
  const x = normal(2, 6, 7, 3) as tf.Tensor4D;
  const variations = [
    { mirrored: true, angle: 0.15, magnification: 1.1, right: 0.6, down: -0.4 },
    { ...still, magnification: 0.9, angle: -0.1 },
  ];
  const native = varyPictures(x, variations).arraySync();
  const backend = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    near(varyPictures(x, variations), tf.tensor4d(native), 1e-4, 'plain');
  } finally {
    await tf.setBackend(backend);
  }
});

/** Photos of 8 x 8 of two classes, one brighter in its left half, one in its right; `flip` tells lies about them. */
function halves(count: number, seed: number, flip = false): PhotoSet {
  const own = new Random(seed);
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  const pixels = labels.map((label) =>
    Uint8Array.from(
      { length: 192 },
      (_, n) => own.integer(0, 180) + (Math.floor(n / 3) % 8 < 4 === (label === 0) ? 75 : 0),
    ),
  );
  return { pixels, labels: flip ? labels.map((label) => 1 - label) : labels, sha256: `${seed}${flip}`, broken: [] };
}

const cardOf = (model: tf.Sequential) =>
  describeModel(model, { name: 'halves', classes: ['left', 'right'], range: [0, 1] });

async function trainHalves(out: string, options: Partial<TrainOptions> = {}, rate = 0.25) {
  const model = smallNetwork(rate);
  try {
    const training = await train({
      model,
      card: cardOf(model),
      photos: halves(60, 1),
      test: halves(40, 2),
      epochs: 6,
      batch: 16,
      augment: true,
      seed: 3,
      out,
      ...options,
    });
    return { ...training, weights: model.getWeights().map((weight) => Array.from(weight.dataSync())) };
  } finally {
    model.dispose();
  }
}

test('it learns, tells how it goes, writes a checkpoint, and leaves no tensor behind', () =>
  inFolder(async (folder) => {
    await trainHalves(join(folder, 'first'), { epochs: 1 });
    const before = tf.memory().numTensors;
    const steps: string[] = [];
    const { history, final } = await trainHalves(join(folder, 'second'), {
      epochs: 12,
      augment: false,
      onStep: ({ epoch, step, steps: all }) => steps.push(`${epoch} ${step}/${all}`),
    });
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual([steps.length, steps[0], steps.at(-1)], [48, '1 1/4', '12 4/4']);
    assert.equal(history.length, 12);
    assert.ok(history.at(-1)!.loss < history[0]!.loss);
    assert.ok(final!.accuracy >= 0.9, String(final!.accuracy));
    assert.deepEqual(
      final!.perClass.map((part) => part <= 1),
      [true, true],
    );
    assert.deepEqual(readdirSync(join(folder, 'second')).sort(), ['best.safetensors', 'checkpoint.safetensors']);
  }));

test('a training that dies at any step and is resumed ends as the unbroken one, to the last bit', () =>
  inFolder(async (folder) => {
    const whole = await trainHalves(join(folder, 'whole'));
    for (const [i, fatal] of ['1 2', '3 4', '6 1'].entries()) {
      // within the first epoch, at the end of one, within the last
      const out = join(folder, String(i));
      await assert.rejects(
        trainHalves(out, {
          checkpointEvery: 0,
          onStep: ({ epoch, step }) => {
            if (`${epoch} ${step}` === fatal) throw new Error('killed');
          },
        }),
        /killed/,
      );
      const told: string[] = [];
      const resumed = await trainHalves(out, {
        resume: true,
        onStep: ({ epoch, step }) => told.push(`${epoch} ${step}`),
      });
      assert.equal(told[0], fatal, 'only the step under way is lost');
      assert.deepEqual(resumed, whole);
    }
    assert.deepEqual(
      await trainHalves(join(folder, 'whole'), { resume: true }),
      whole,
      'a finished one stays as it is',
    );
    const unfinished = `${checkpointIn(join(folder, 'whole'))}.0a1b2c3d.tmp`; // of a training that died while it wrote
    writeFileSync(unfinished, 'a beginning');
    await trainHalves(join(folder, 'whole'), { resume: true });
    assert.ok(!existsSync(unfinished));
  }));

test('Ctrl-C stops with a checkpoint', () =>
  inFolder(async (folder) => {
    const whole = await trainHalves(join(folder, 'whole'));
    const out = join(folder, 'stopped');
    const stopped = await trainHalves(out, {
      onStep: ({ epoch, step }) => {
        if (epoch === 2 && step === 3) process.emit('SIGINT');
      },
    });
    assert.equal(stopped.stopped, 'interrupted');
    assert.equal(stopped.history.length, 1);
    assert.deepEqual(await trainHalves(out, { resume: true }), whole);
  }));

test('a checkpoint of another training, or a damaged one, is refused', () =>
  inFolder(async (folder) => {
    await trainHalves(folder, { epochs: 1 });
    await assert.rejects(trainHalves(folder, { resume: true, batch: 8 }), /other settings: batch was 16, now it is 8/);
    await assert.rejects(trainHalves(folder, { resume: true, photos: halves(60, 9) }), /other settings: photos was/);
    truncateSync(checkpointIn(folder), 5000);
    await assert.rejects(trainHalves(folder, { resume: true }), /checkpoint\.safetensors is damaged/);
  }));

test('whatever is wrong with a checkpoint or the best weights is told with the file and the remedy, and nothing is loaded', () =>
  inFolder(async (folder) => {
    const [checkpoint, best] = [checkpointIn(folder), join(folder, 'best.safetensors')];
    const lies = { test: halves(40, 2, true), augment: false }; // the first epoch is the best
    await trainHalves(folder, { ...lies, epochs: 2 }, 0);
    const early = { epochs: 3, patience: 1 }; // ends at once, with the best weights
    const whole = { checkpoint: readFileSync(checkpoint), best: readFileSync(best) };
    const told = async (path: string, why: RegExp, what: string): Promise<void> => {
      const model = smallNetwork(0);
      const before = model.getWeights().map((weight) => Array.from(weight.dataSync()));
      const resumed = train({
        model,
        card: cardOf(model),
        photos: halves(60, 1),
        batch: 16,
        seed: 3,
        out: folder,
        resume: true,
        ...lies,
        ...early,
      });
      await assert.rejects(
        resumed,
        (error: Error) =>
          error instanceof DescentError &&
          error.message.startsWith(path) &&
          why.test(error.message) &&
          error.message.endsWith('delete the checkpoint to begin anew, or choose another --out'),
        what,
      );
      if (path === checkpoint) {
        assert.deepEqual(
          model.getWeights().map((weight) => Array.from(weight.dataSync())),
          before,
          `${what}: the weights`,
        );
      }
      model.dispose();
      writeFileSync(checkpoint, whole.checkpoint);
      writeFileSync(best, whole.best);
    };
    writeFileSync(checkpoint, whole.best);
    await told(checkpoint, /'kind' is 'best weights', where checkpoint belongs/, 'the best weights for a checkpoint');
    writeFileSync(best, whole.checkpoint);
    await told(best, /'kind' is 'checkpoint', where best weights belongs/, 'a checkpoint for the best weights');
    for (const path of [checkpoint, best]) {
      const bytes = readFileSync(path);
      bytes[bytes.length - 5]! ^= 1;
      writeFileSync(path, bytes);
      await told(path, /is damaged/, 'a bit of the last weight');
    }
    rmSync(best);
    writeFileSync(best, whole.best.subarray(0, 40));
    await told(best, /is damaged/, 'cut off');

    const weights = readTensors(best);
    writeTensors(best, { ...weights, text: weights.text.replace('"epoch":1', '"epoch":2') });
    await told(best, /'epoch' is 2, where 1 belongs/, "another epoch's");

    const { tensors, text } = readTensors(checkpoint);
    const saved = JSON.parse(text) as { progression: { history: Epoch[] } };
    const rewritten = async (more: Partial<TensorFile>, why: RegExp, what: string): Promise<void> => {
      writeTensors(checkpoint, { tensors, text, ...more });
      await told(checkpoint, why, what);
    };
    for (const [metadata, why] of [
      ['', /'kind' is empty/],
      ['xx', /'kind' is empty/],
      ['null', /'kind' is empty/],
    ] as const) {
      await rewritten({ text: metadata }, why, `metadata '${metadata}'`);
    }
    const [epoch] = saved.progression.history;
    for (const [more, why] of [
      [{ settings: null }, /'settings' is empty, where an object belongs/],
      [{ updates: 'x' }, /'updates' is 'x', where a whole/],
      [{ updates: -1 }, /'updates' is -1/],
      [{ progression: null }, /'progression' is empty/],
      [{ progression: {} }, /progression: 'epoch' is empty/],
      [{ progression: { ...saved.progression, history: [] } }, /progression: 'epoch' is 2, where 0 belongs/],
      [{ progression: { ...saved.progression, history: [null, null] } }, /progression: epoch 1: 'epoch' is empty/],
      [
        { progression: { ...saved.progression, history: [{ ...epoch, loss: 'low' }, epoch] } },
        /epoch 1: 'loss' is 'low'/,
      ],
    ] as const)
      await rewritten({ text: JSON.stringify({ ...saved, ...more }) }, why, JSON.stringify(more));
    const slot = tensors.findIndex(({ name }) => name.startsWith('optimizer/'));
    const other = /holds the optimiser's state of another network/;
    await rewritten({ tensors: tensors.slice(0, -1) }, other, 'a slot is missing');
    await rewritten(
      { tensors: tensors.slice(0, slot + (tensors.length - slot) / 2) },
      other,
      'half of the slots are missing',
    );
    for (const shape of [[-1], [0], ['x'] as unknown as number[]]) {
      await rewritten(
        { tensors: tensors.map((own, i) => (i === slot ? { ...own, shape } : own)) },
        other,
        `a slot's shape [${shape.join()}]`,
      );
    }
    const network = /holds another network: \S+ is missing or has another shape/;
    await rewritten({ tensors: tensors.slice(1) }, network, 'a weight is missing');
    await rewritten(
      { tensors: tensors.map((own, i) => (i === 0 ? { ...own, shape: [7] } : own)) },
      network,
      "a weight's shape",
    );
  }));

test('with patience it ends early, and goes back to the best epoch', () =>
  inFolder(async (folder) => {
    const lies = { test: halves(40, 2, true), augment: false }; // the better it learns, the worse it does
    const { history, final, stopped } = await trainHalves(folder, { ...lies, epochs: 30, patience: 2 }, 0);
    assert.equal(stopped, 'early');
    assert.equal(history.length - bestEpoch(history)!.epoch, 2);
    assert.equal(final!.loss, bestEpoch(history)!.testLoss);
  }));

test('a loss that is no number ends the training with the place', () =>
  inFolder(async (folder) => {
    const model = smallNetwork();
    const first = model.trainableWeights[0]!.read() as tf.Variable;
    first.assign(tf.fill(first.shape, NaN));
    await assert.rejects(
      train({ model, card: cardOf(model), photos: halves(8, 1), epochs: 1, batch: 4, seed: 1, out: folder }),
      /the loss is NaN in epoch 1, step 1/,
    );
    model.dispose();
  }));

test('the statistics are those of the photos', () => {
  const model = tf.sequential({
    layers: [
      tf.layers.batchNormalization({ inputShape: [8, 8, 3] }),
      tf.layers.flatten({}),
      tf.layers.dense({ units: 2 }),
    ],
  });
  const photos = halves(12, 4);
  const card = cardOf(model);
  reestimateStatistics(
    model,
    photos,
    photos.labels.map((_, i) => i),
    card.input,
    4,
  );
  const all = tf.tensor(
    Float32Array.from(
      photos.pixels.flatMap((own) => [...own]),
      (value) => value / 255,
    ),
    [12 * 64, 3],
  );
  const { mean, variance } = tf.moments(all, 0);
  const [, , runningMean, runningVariance] = model.layers[0]!.getWeights();
  near(runningMean!, mean, 1e-5, 'mean');
  near(runningVariance!, variance, 1e-5, 'variance');
  model.dispose();
});

test('classes of different sizes count the same', () => {
  assert.deepEqual(balancedWeights([0, 1, 1, 1], 2), [2, 2 / 3]);
  assert.deepEqual(balancedWeights([0, 1, 0, 1], 2), [1, 1]);
});

test('the network tells as many classes apart as there are folders', () => {
  const model = buildNetwork(3, 1);
  assert.deepEqual(model.outputs[0]!.shape, [null, 3]);
  assert.equal(model.countParams(), 12_942_786 + 513);
  model.dispose();
});

test('a history survives its CSV file, and another file is refused', () =>
  inFolder((folder) => {
    const history: Epoch[] = [
      { epoch: 1, loss: 0.7, accuracy: 0.5, testLoss: 0.6, testAccuracy: 0.55 },
      { epoch: 2, loss: 0.1 + 0.2, accuracy: 1 },
    ];
    const path = join(folder, 'history.csv');
    writeFileSync(path, historyCsv(history));
    assert.deepEqual(readHistory(path), history);
    const row = ['1', '0.7', '0.5', '0.6', '0.55'];
    for (const [column, value, why] of [
      ['epoch', 'one', "is 'one'"],
      ['epoch', '-1', 'is -1'],
      ['loss', 'NaN', "is 'NaN'"],
      ['accuracy', '1.5', 'is 1.5'],
      ['accuracy', '', 'is empty'],
      ['test_loss', 'low', "is 'low'"],
      ['epoch', '1', 'is 1, after 1'],
    ] as const) {
      const header = 'epoch,loss,accuracy,test_loss,test_accuracy'.split(',');
      const wrong = row.map((cell, i) => (header[i] === column ? value : i === 0 ? '2' : cell));
      writeFileSync(path, [header, row, wrong].join('\n') + '\n');
      assert.throws(
        () => readHistory(path),
        (error: Error) =>
          error instanceof DescentError && error.message.startsWith(`${path}: column '${column}', row 2, ${why}`),
        `${column} ${value}`,
      );
    }
    writeFileSync(path, historyCsv([]));
    assert.throws(() => readHistory(path), /history\.csv: this is no history of a training: it has no rows/);
    writeFileSync(path, 'a,b\n1,2\n');
    assert.throws(() => readHistory(path), /history\.csv: this is no history of a training: it has no column 'epoch'$/);
    const figure = trainingFigure(
      { ours: [history[0]!], keras: [history[0]!] },
      { name: 'training', title: 'It learns' },
    );
    assert.equal(figure.data.length, 8);
    assert.match(
      figure.description,
      /ours: after 1 epochs the loss is 0\.7 and 50 % of the training photos are classified right, 55 % of the test photos/,
    );
  }));

/** A photo of 32 x 32 that is red or blue, with noise. */
async function photo(path: string, own: Random, red: boolean): Promise<void> {
  const bytes = Uint8Array.from({ length: 3072 }, (_, n) => own.integer(0, 120) + (n % 3 === (red ? 0 : 2) ? 120 : 0));
  await sharp(bytes, { raw: { width: 32, height: 32, channels: 3 } })
    .png()
    .toFile(path);
}

/** train/ and test/ of red and blue photos. */
async function colours(folder: string, count: number): Promise<void> {
  const own = new Random(8);
  for (const part of ['train', 'test']) {
    for (const name of ['blue', 'red']) {
      mkdirSync(join(folder, part, name), { recursive: true });
      for (let i = 0; i < count; i++) await photo(join(folder, part, name, `${i}.png`), own, name === 'red');
    }
  }
}

test('photos are found by class; what cannot be trained on is told', () =>
  inFolder(async (folder) => {
    await colours(folder, 2);
    const found = findPhotos(folder);
    assert.deepEqual(found.classes, ['blue', 'red']);
    assert.deepEqual(
      [found.train.length, found.test!.length, findPhotos(join(folder, 'train')).test],
      [4, 4, undefined],
    );
    assert.deepEqual(
      findPhotos(folder, 2).train.map(({ truth }) => truth),
      ['blue', 'red'],
    );
    writeFileSync(join(folder, 'train', 'red', 'broken.jpg'), 'no photo');
    const size = { height: 16, width: 16, channels: 3, range: [0, 1] } as const;
    const set = await readPhotoSet(findPhotos(folder).train, { classes: found.classes, size });
    assert.deepEqual([set.labels, set.pixels.length, set.pixels[0]!.length], [[0, 1, 0, 1], 4, 768]);
    assert.match(set.broken[0]!, /broken\.jpg is not an image/);
    assert.throws(() => findPhotos(join(folder, 'nowhere')), /nowhere is no folder/);
    mkdirSync(join(folder, 'train', 'green'));
    assert.throws(
      () => findPhotos(folder),
      /test must hold the same classes as .*train \(blue, green, red\), not: blue, red/,
    );
    mkdirSync(join(folder, 'test', 'green'));
    assert.throws(() => findPhotos(folder), /train.green is empty/);
    writeFileSync(join(folder, 'train', 'green', 'a.png'), 'no photo');
    await assert.rejects(
      readPhotoSet(findPhotos(join(folder, 'train')).train, { classes: ['blue', 'green', 'red'], size }),
      /no photo of the class 'green' could be read: .*green.a\.png is not an image/,
    );
    await assert.rejects(
      readPhotoSet(findPhotos(join(folder, 'train'), 1).train, { classes: ['blue', 'green', 'red'], size }),
      /none of the 1 photos is of the class '\w+': a higher limit takes in more/,
    );
    for (const name of ['green', 'blue']) rmSync(join(folder, 'train', name), { recursive: true });
    assert.throws(
      () => findPhotos(folder),
      /only the folder 'red': a network learns to tell at least two classes apart/,
    );
  }));

test('of many photos each stands in its place, and those that cannot be read are told in order', () =>
  inFolder(async (folder) => {
    const size = { height: 16, width: 16, channels: 3, range: [0, 1] } as const;
    await colours(folder, 30);
    const photos = findPhotos(folder).train;
    const broken = [3, 17, 18, 19, 40, 59]; // some of them are read ahead while nobody waits for them
    for (const place of broken) rmSync(photos[place]!.path);
    const told: number[] = [];
    const options = { classes: ['blue', 'red'], size, onProgress: (done: number) => told.push(done) };
    const set = await readPhotoSet(photos, options);
    assert.deepEqual(
      told,
      photos.map((_, i) => i + 1),
    );
    assert.deepEqual(
      set.broken,
      broken.map((i) => `${photos[i]!.path}: there is no such file`),
    );
    const whole = photos.filter((_, i) => !broken.includes(i));
    assert.deepEqual(
      set.labels,
      whole.map(({ truth }) => options.classes.indexOf(truth)),
    );
    for (const [i, { path }] of whole.entries()) {
      assert.deepEqual(
        Float32Array.from(set.pixels[i]!, (value) => value / 255),
        await readPhoto(path, size),
        path,
      );
    }
  }));

const args = (folder: string, out: string): string[] => [folder, '--epochs', '2', '--batch', '8', '--out', out];
const script = ['--import', './scripts/tsx.mjs', 'scripts/train.ts'];
function start(...words: string[]): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...script, ...words], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: status!, stdout, stderr };
}
const run = (...words: string[]) => inProcess(trainCommand, words);

test('the script trains a network that classify takes, through kill -9 and --resume, beside a broken photo', () =>
  inFolder(async (folder) => {
    const photos = join(folder, 'photos');
    await colours(photos, 8);
    writeFileSync(join(photos, 'train', 'red', 'broken.jpg'), 'no photo');
    const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
    const unbroken = await run(...args(photos, whole), '--json');
    assert.equal(unbroken.status, 0, unbroken.stderr);
    assert.match(unbroken.stderr, /left out: .*broken\.jpg is not an image/);
    const result = JSON.parse(unbroken.stdout) as {
      classes: string[];
      photos: number;
      broken: number;
      history: Epoch[];
      model: string;
    };
    assert.deepEqual(
      [result.classes, result.photos, result.broken, result.history.length],
      [['blue', 'red'], 16, 1, 2],
    );
    assert.deepEqual(readHistory(join(whole, 'history.csv')), result.history);
    assert.match(readFileSync(join(whole, 'training.html'), 'utf8'), /^<!doctype html>/);

    const child = spawn(process.execPath, [...script, ...args(photos, killed)], { cwd: root, stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    while (!existsSync(checkpointIn(killed)) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGKILL');
    await ended;
    assert.ok(!existsSync(join(killed, 'model')), 'killed before the end');
    const again = await run(...args(photos, killed));
    assert.equal(again.status, 1);
    assert.match(again.stderr, /holds a training: go on with it by --resume/);
    const resumed = start(...args(photos, killed), '--resume'); // as a reader does, who has ended
    assert.equal(resumed.status, 0, resumed.stderr);
    for (const file of ['history.csv', ...readdirSync(join(whole, 'model')).map((name) => join('model', name))]) {
      assert.ok(readFileSync(join(killed, file)).equals(readFileSync(join(whole, file))), file);
    }
    const classified = await inProcess(classifyCommand, [
      join(photos, 'test', 'red', '0.png'),
      '--model',
      result.model,
      '--json',
    ]);
    assert.deepEqual(Object.keys((JSON.parse(classified.stdout) as { probabilities: object }[])[0]!.probabilities), [
      'blue',
      'red',
    ]);
  }));

test('a file of the user that lies in --out stays, and photos keep their folders to themselves', () =>
  inFolder(async (folder) => {
    const [photos, out] = [join(folder, 'photos'), join(folder, 'out')];
    for (const name of ['cat', 'dog']) mkdirSync(join(photos, name), { recursive: true });
    mkdirSync(out);
    const train = async (...extra: string[]) => {
      const { status, stderr } = await run(photos, ...extra);
      assert.equal(status, 1, stderr);
      assert.match(stderr, /^.*\n$/, 'one line');
      return stderr;
    };
    for (const [name, ...extra] of [
      ['history.csv'],
      ['training.html', '--resume'],
      ['best.safetensors'],
      ['model', '--resume'],
    ] as const) {
      const own = join(out, name);
      writeFileSync(own, "the user's");
      assert.match(
        await train('--out', out, ...extra),
        new RegExp(`out.${name} is there without a checkpoint.*name another folder by --out`),
      );
      assert.equal(readFileSync(own, 'utf8'), "the user's");
      rmSync(own);
    }
    const history = join(out, 'history.csv');
    writeFileSync(history, historyCsv([]));
    assert.match(
      await train('--out', out, '--beside', history),
      /^--out would replace .*history\.csv, which --beside reads: name another place/,
    );
    assert.match(
      await train('--out', photos),
      /^--out would write .*photos.model among the folders of .*photos, which <folder> reads: name a place outside/,
    );
    assert.deepEqual(readdirSync(photos), ['cat', 'dog']);
  }));

test('SIGTERM saves as Ctrl-C does: --resume goes on from there', () =>
  inFolder(async (folder) => {
    const [photos, out] = [join(folder, 'photos'), join(folder, 'out')];
    await colours(photos, 8);
    const child = spawn(process.execPath, [...script, ...args(photos, out), '--epochs', '1000'], { cwd: root });
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('epoch 1:')) child.kill('SIGTERM');
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    assert.equal(code, 143, said);
    assert.match(said, /^stopped; --resume goes on from here, in /m);
    assert.deepEqual(readdirSync(out).sort(), [
      'best.safetensors',
      'checkpoint.safetensors',
      'history.csv',
      'training.html',
    ]);
    const epochs = readHistory(join(out, 'history.csv')).length;
    const resumed = await run(...args(photos, out), '--epochs', '1000', '--patience', '1', '--resume');
    assert.equal(resumed.status, 0, resumed.stderr);
    assert.ok(readHistory(join(out, 'history.csv')).length >= epochs, 'it has gone on');
  }));

test('the script tells in one line what is wrong', () =>
  inFolder(async (folder) => {
    const [photos, busy] = [join(folder, 'photos'), join(folder, 'busy')];
    for (const empty of [photos, busy]) mkdirSync(empty);
    writeFileSync(join(busy, 'lock'), JSON.stringify({ pid: process.ppid, taken: 'then' })); // of another process
    const into = ['--out', join(folder, 'out')];
    assert.deepEqual(await run(...into, photos), start(...into, photos), 'as in a process of its own');
    for (const [extra, message] of [
      [[photos], /holds no folder/],
      [[photos, '--out', busy], /another run \(process \d+\) is working on .*busy: let it end/],
      [[photos, '--epochs', '0'], /--epochs.*integer from 1 to 1000000/],
      [[photos, '--beside', join(folder, 'none.csv')], /none\.csv: there is no such file/],
    ] as const) {
      const { status, stderr } = await run(...into, ...extra);
      assert.equal(status, 1);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
    }
  }));
