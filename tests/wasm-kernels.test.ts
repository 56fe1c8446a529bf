// TensorFlow.js' WebAssembly backend, set right: what it computes is what the plain one and TensorFlow's library compute.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { attack, classifiers, descend, losses, optimizers, pictures, races, Random, spreads, tf } from 'descent-lab';
import { trainStep } from 'descent-lab/internal';
import type { DescendOptions } from 'descent-lab';
import { setBinaries } from '../lib/src/browser/binaries';
import { startBackend } from '../lib/src/browser/start-backend';
import { cases, deviations } from './support/gradient-check';
import { kernelCases, type KernelCase } from './support/kernel-cases';
import { variants } from './support/kernel-variants';

const native = tf.getBackend();
const hasLibrary = native === 'tensorflow';
const binary = new Uint8Array(readFileSync(require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'))); // prettier-ignore
const photo = join(__dirname, '../data/photos/cat-chelsea.png');
const model = join(__dirname, '../models/cats-dogs');

/** Kernels that the tests below have run. */
const run = new Set<string>();

before(async () => {
  setBinaries(() => Promise.resolve(binary));
  assert.deepEqual(await startBackend(), { backend: 'wasm' });
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    const { kernelName, kernelFunc } = kernel;
    replaceKernel({ ...kernel, kernelFunc: (call) => (run.add(kernelName), kernelFunc(call)) });
  }
});
after(() => tf.setBackend(native));

function replaceKernel(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

interface Result {
  shape: number[];
  dtype: string;
  values: ArrayLike<number>;
}

/** What a case makes on a backend; its error where it makes nothing. */
async function resultsOn(backend: string, make: KernelCase): Promise<Result[] | Error> {
  await tf.setBackend(backend);
  const { numTensors } = tf.memory();
  const results: Result[] = [];
  try {
    tf.tidy(() =>
      [make()].flat().forEach((y) => results.push({ shape: y.shape, dtype: y.dtype, values: y.dataSync() })),
    );
  } catch (error) {
    return error as Error;
  }
  assert.equal(tf.memory().numTensors, numTensors, `tensors are left behind on ${backend}`);
  return results;
}

/** Of each number, or of the largest one in a result of sums. */
const TOLERANCE = 1e-5;
/** Where float32 has fewer digits the more it comes to zero, TensorFlow's library takes zero. */
const LEAST = 1.2e-38;

/** The first difference of two results, in words. */
function difference(ours: Result[] | Error, theirs: Result[] | Error, kind: 'each' | 'sums'): string | undefined {
  if (ours instanceof Error || theirs instanceof Error) {
    const told = [ours, theirs].map((one) => (one instanceof Error ? one.message : 'no error'));
    return ours instanceof Error && theirs instanceof Error ? undefined : told.join(', not: ');
  }
  for (const [i, { shape, dtype, values }] of theirs.entries()) {
    const own = ours[i]!;
    if (own.dtype !== dtype) return `${own.dtype}, not ${dtype}`;
    if (own.shape.join() !== shape.join()) return `[${own.shape.join()}], not [${shape.join()}]`;
    const finite = Array.from(values).filter(Number.isFinite);
    const largest = kind === 'sums' ? Math.max(0, ...finite.map(Math.abs)) : 0;
    for (let k = 0; k < values.length; k++) {
      const [x, y] = [own.values[k]!, values[k]!];
      const isSame = x === y || (Number.isNaN(x) && Number.isNaN(y));
      const room = LEAST + TOLERANCE * Math.max(Math.abs(y), largest);
      if (!isSame && !(Math.abs(x - y) <= room)) return `${x}, not ${y}, at ${k}`;
    }
  }
  return undefined;
}

const FROM_LIBRARY = 'as in the library';
/** Cases whose numbers are not the plain backend's, and why. */
const NOT_PLAIN: Readonly<Record<string, string>> = {
  erf: `near zero the plain one is off by 1e-9; ${FROM_LIBRARY}`,
  selu: `near zero exp(x) - 1 has lost its digits; ${FROM_LIBRARY}`,
  floorDiv: `the plain one makes whole numbers of quotients; ${FROM_LIBRARY}`,
  'floorDiv of a whole number and another': `the same; ${FROM_LIBRARY}`,
  'floorDiv with a row': `the same; ${FROM_LIBRARY}`,
  'floorDiv with a column': `the same; ${FROM_LIBRARY}`,
  'floorDiv with one': `the same; ${FROM_LIBRARY}`,
  'floorDiv of one': `the same; ${FROM_LIBRARY}`,
  'floorDiv of rows of rows': `the same; ${FROM_LIBRARY}`,
  pow: `1 to the power of NaN is NaN in JavaScript; ${FROM_LIBRARY}`,
  'mean beyond float32': `the plain one adds up in doubles; ${FROM_LIBRARY}`,
  'gradient of maxPool, NaN first': `the plain one passes over NaN; ${FROM_LIBRARY}`,
  'gradient of maxPool, all NaN': `the plain one finds no largest; ${FROM_LIBRARY}`,
  'gradient of maxPool, all infinite': `the plain one finds no largest; ${FROM_LIBRARY}`,
};

const AS_PLAIN = 'as in the plain backend';
/** Cases whose numbers are not those of TensorFlow's library, and why. */
const NOT_LIBRARY: Readonly<Record<string, string>> = {
  elu: 'near zero exp(x) - 1 has lost its digits there',
  sign: `NaN is without a sign there; ${AS_PLAIN}`,
  floorDiv: 'of quotients below 1e-38',
  'floorDiv of nothing': `of type int32; ${AS_PLAIN}`,
  mod: `by infinite numbers, and of quotients beyond 1e38; ${AS_PLAIN}`,
  'cast beyond whole numbers': `the largest whole number there; ${AS_PLAIN}`,
  'maxPool, all NaN': `the least number there; ${AS_PLAIN}`,
  'maxPool, all infinite': `the least number there; ${AS_PLAIN}`,
  'conv2d with gaps, larger than the picture': `the picture itself there; ${AS_PLAIN}`,
  'depthwiseConv2d, larger than the picture': `the picture itself there; ${AS_PLAIN}`,
  'layers of no picture': `the pictures themselves there; ${AS_PLAIN}`,
  prelu: `NaN of infinite numbers there; ${AS_PLAIN}`,
  'prelu by NaN and others': `of positive numbers too there; ${AS_PLAIN}`,
};

const random = new Random(3);
const numbers = Array.from({ length: 24 }, () => Math.fround(random.uniform(-1, 1)));
const groups = {
  ...kernelCases,
  variants: Object.fromEntries(Object.entries(variants).map(([name, of]) => [name, () => of(tf.tensor1d(numbers))])),
};

for (const [group, all] of Object.entries(groups)) {
  test(`the numbers of the other backends: ${group}`, async () => {
    const kind = group === 'each' ? 'each' : 'sums';
    const found: Record<'plain' | 'library', Record<string, string>> = { plain: {}, library: {} };
    for (const [name, make] of Object.entries(all)) {
      const ours = await resultsOn('wasm', make);
      const plain = difference(ours, await resultsOn('cpu', make), kind);
      if (plain) found.plain[name] = plain;
      const library = hasLibrary ? await resultsOn(native, make) : new Error('there is none');
      // what the library does not take there is nothing to compare with
      const other = library instanceof Error ? undefined : difference(ours, library, kind);
      if (other) found.library[name] = other;
    }
    const isHere = (name: string): boolean => name in all;
    const unknown = (differences: Record<string, string>, known: object): [string, string][] =>
      Object.entries(differences).filter(([name]) => !(name in known));
    assert.deepEqual(unknown(found.plain, NOT_PLAIN), [], 'beside the plain backend');
    assert.deepEqual(unknown(found.library, NOT_LIBRARY), [], "beside TensorFlow's library");
    assert.deepEqual(Object.keys(NOT_PLAIN).filter((name) => isHere(name) && !found.plain[name]), [], 'no differences any more'); // prettier-ignore
    if (hasLibrary) {
      assert.deepEqual(Object.keys(NOT_LIBRARY).filter((name) => isHere(name) && !found.library[name]), [], 'no differences any more'); // prettier-ignore
    }
  });
}

test('the derivatives of TensorFlow in Python, first and second', async (t) => {
  before(() => tf.setBackend('wasm'));
  for (const one of cases) {
    await t.test(one.name, () => {
      const { numTensors } = tf.memory();
      for (const { input, first, second, tensorflow } of deviations(one)) {
        // what is held to differences of long steps knows no more digits itself
        assert.ok(first <= (tensorflow.first ? 4e-5 : 2e-3), `first derivative by ${input} is off by ${first}`);
        assert.ok(second <= (tensorflow.second ? 2e-4 : 2e-3), `second derivative by ${input} is off by ${second}`);
      }
      assert.equal(tf.memory().numTensors, numTensors, 'tensors are left behind');
    });
  }
});

test('every kernel of the plain backend is there, and has been run', () => {
  const namesOn = (backend: string): string[] => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
  const here = namesOn('wasm');
  assert.deepEqual(
    namesOn('cpu').filter((name) => !here.includes(name)),
    [],
  );
  // the one needs a canvas, and no operation asks for the other
  assert.deepEqual(here.filter((name) => !run.has(name)).sort(), ['Draw', 'LogicalXor']);
});

test('four steps of the attack have the percentages of the library', async () => {
  await tf.setBackend('wasm');
  const classifier = await classifiers.loadClassifier(model);
  const image = pictures.stackPictures([await pictures.readPhoto(photo, classifier.input)], classifier.input);
  const [example] = await attack(classifier, image, { target: 'dog' });
  const told = example!.answers.map((all) => {
    const most = Math.max(...all);
    return `${classifier.classes[all.indexOf(most)]} ${(100 * most).toFixed(3)}`;
  });
  assert.deepEqual(told, ['cat 96.248', 'dog 85.076', 'dog 99.955', 'dog 100.000', 'dog 100.000']);
  image.dispose();
  classifier.dispose();
});

/** A small network of the layers of the article's, with weights of a seed. */
function smallNetwork(): tf.Sequential {
  const network = tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [12, 10, 3], filters: 6, kernelSize: 3, activation: 'relu' }),
      tf.layers.batchNormalization(),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.conv2d({ filters: 5, kernelSize: [3, 2], padding: 'same', activation: 'relu' }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 8, activation: 'relu' }),
      tf.layers.dense({ units: 2, activation: 'softmax' }),
    ],
  });
  const weights = new Random(4);
  tf.tidy(() =>
    network.setWeights(
      network.getWeights().map(({ shape, size }) =>
        tf.tensor(
          Float32Array.from({ length: size }, () => weights.uniform(-0.3, 0.5)),
          shape,
        ),
      ),
    ),
  );
  return network;
}

/** How far each weight goes in a step of the rate 1 down its gradient. */
function movesOfTraining(): number[] {
  const network = smallNetwork();
  const read = (): number[] => network.trainableWeights.flatMap((weight) => [...weight.read().dataSync()]);
  const from = read();
  const pixels = new Random(5);
  const images = tf.tensor4d(
    Float32Array.from({ length: 4 * 360 }, () => pixels.uniform()),
    [4, 12, 10, 3],
  );
  const step = trainStep(network, optimizers.createOptimizer('sgd', { learningRate: 1 }), [1, 1]);
  step({ images, labels: [0, 1, 1, 0] }, 1);
  images.dispose();
  const to = read();
  network.dispose();
  return to.map((weight, i) => weight - from[i]!);
}

test('a step of training goes down the gradient of the other backends', async () => {
  await tf.setBackend('wasm');
  const ours = movesOfTraining();
  for (const backend of new Set(['cpu', native])) {
    await tf.setBackend(backend);
    const theirs = movesOfTraining();
    const largest = Math.max(...theirs.map(Math.abs));
    assert.ok(largest > 0.01, `the weights do not move on ${backend}`);
    ours.forEach((move, i) => assert.ok(Math.abs(move - theirs[i]!) <= 1e-4 * largest, `weight ${i} on ${backend}: ${move}, not ${theirs[i]}`)); // prettier-ignore
  }
});

test('compiled descents run as those of tensors, and what is compiled by itself is what it is on the plain backend', async () => {
  type Options = DescendOptions<Record<string, number | number[] | number[][]>>;
  const makers: Record<string, () => Options> = {
    line: () => {
      const x = tf.linspace(0, 1, 150);
      const loss = losses.lineLoss(x, x.mul<tf.Tensor1D>(2).add(1));
      return { loss, variables: { slope: 0, intercept: 0 }, optimizer: tf.train.sgd(0.01), iterations: 600 } as unknown as Options; // prettier-ignore
    },
    valley: () => ({
      loss: ({ point }) => races.objectives['beale'].loss(point as tf.Tensor1D),
      variables: { point: [1, 1] },
      optimizer: optimizers.createOptimizer('adam', { learningRate: 0.01 }),
      iterations: 400,
    }),
    vectors: () => ({
      loss: ({ vectors }) => losses.minAngleVarianceLoss(vectors as tf.Tensor2D),
      variables: { vectors: spreads.randomVectors(3, 20, 3) },
      optimizer: tf.train.sgd(1e-4),
      constrain: losses.toUnitLength,
      iterations: 400,
    }),
    sorted: () => ({
      loss: ({ values }) =>
        tf
          .topk(values as tf.Tensor1D, 3)
          .values.square()
          .sum(),
      variables: { values: [1, 4, 2, 3, 5] },
      optimizer: tf.train.sgd(0.01),
      iterations: 40,
    }),
  };
  for (const [name, make] of Object.entries(makers)) {
    await tf.setBackend('wasm');
    const tape = await descend({ ...make(), compile: false });
    const compiled = await descend({ ...make(), compile: true });
    const auto = await descend(make());
    await tf.setBackend('cpu');
    const plain = await descend(make());
    assert.equal(compiled.notCompiled, undefined, name);
    assert.equal(auto.compiled, plain.compiled, name);
    const scale = Math.max(...tape.loss.map(Math.abs));
    for (const other of [compiled, auto, plain]) {
      other.loss.forEach((loss, k) => assert.ok(Math.abs(loss - tape.loss[k]!) <= 2e-5 * scale, `${name}, loss ${k}: ${loss}, not ${tape.loss[k]}`)); // prettier-ignore
    }
  }
});

test('a step of large tensors is not recorded, since recording it would take the plain backend long', async () => {
  /** Of operations that are quicker in one loop, so that the sizes alone decide. */
  const run = (variable: number, constant: number): ReturnType<typeof descend> => {
    const numbers = tf.linspace(-1, 1, constant);
    return descend({
      loss: ({ x }) => x.mul(numbers).square().mul(2).add(1).sub(x).square().mean(),
      variables: { x: tf.linspace(-1, 1, variable) },
      optimizer: tf.train.sgd(0.01),
      iterations: 300,
    }).finally(() => numbers.dispose());
  };
  for (const [variable, constant] of [
    [40_000, 1],
    [1, 60_000],
  ] as const) {
    // prettier-ignore
    await tf.setBackend('wasm');
    const { compiled, notCompiled } = await run(variable, constant);
    assert.equal(compiled, false);
    assert.match(notCompiled!, /so large/);
    await tf.setBackend('cpu');
    assert.equal((await run(variable, constant)).compiled, true);
  }
});

test('where it cannot be had, or computes wrongly, plain JavaScript computes, and says why', async () => {
  const noteOf = async (bytes: Uint8Array | undefined): Promise<string> => {
    setBinaries(() => Promise.resolve(bytes));
    const { backend, note } = await startBackend();
    assert.equal(backend, 'cpu');
    assert.equal(tf.getBackend(), 'cpu');
    return note!;
  };
  assert.match(await noteOf(undefined), /: the WebAssembly binary could not be loaded\.$/);
  assert.match(await noteOf(new Uint8Array([1, 2, 3])), /: WebAssembly cannot be used \(.*expected/);
  assert.match(await noteOf(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), /: WebAssembly cannot be used \(/);
  const product = tf.getKernel('BatchMatMul', 'wasm');
  const oneWrong: tf.KernelFunc = (call) => {
    const result = product.kernelFunc(call) as tf.TensorInfo;
    (tf.backend() as BackendWasm).typedArrayFromHeap(result)[7]! += 0.01;
    return result;
  };
  replaceKernel({ ...product, kernelFunc: oneWrong });
  assert.match(await noteOf(binary), /: the WebAssembly of this browser computes wrongly\.$/);
  replaceKernel(product);
  tf.env().set('WASM_HAS_SIMD_SUPPORT', false);
  assert.match(await noteOf(binary), /: this browser has no WebAssembly with SIMD\.$/);
  tf.env().set('WASM_HAS_SIMD_SUPPORT', true);
  assert.deepEqual(await startBackend(), { backend: 'wasm' });
});

test('what the plain backend made is brought in, where the memory has to grow for it too', async () => {
  setBinaries(() => Promise.resolve(binary));
  await startBackend(); // with little memory
  const signs = tf.tidy(() => tf.linspace(-1, 1, 6e6).sign().toInt());
  assert.equal(signs.dataSync()[5999999], 1);
  signs.dispose();
});

test('a tensor for which there is no memory is refused', async () => {
  await tf.setBackend('wasm');
  assert.throws(() => tf.fill([2 ** 30 - 1], 1), /the tensors take all the memory that WebAssembly can have/);
  assert.deepEqual([...tf.fill([3], 1).dataSync()], [1, 1, 1]);
});
