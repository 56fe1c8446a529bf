// Compiled code computes what the kernels compute, and in doubles what they cannot.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { Random, tf } from 'descent-lab';
import { helpers, operations as numberOperations, type OperationName } from '../lib/src/compile/operations';
import {
  difference,
  ready,
  recordingOf,
  recordings,
  withoutGeneratedCode,
  type Precision,
  type Ready,
  type Recorded,
} from './support/compiled-kernels';
import { operations } from './support/gradient-cases';
import { cases, direction, largest, type Case } from './support/gradient-check';
import { complex, int, parts, variants } from './support/kernel-variants';

/** Relative to the larger of 1 and the number. */
const TOLERANCE = {
  /** Of the kernels' own numbers: sums are added up in another order, or in doubles. */
  float32: 2e-6,
  /** Of the kernels' own numbers, which are rounded after each operation. */
  kernels: 1e-5,
  /** Of TensorFlow's derivatives, which are written down with eight digits. */
  reference: 5e-8,
  /** Of the reference's differences, which know fewer. */
  differences: 5e-5,
  /** Of differences of the compiled loss, or first derivative: float32 anywhere in it would show as 1e-3. */
  doubles: 1e-9,
};

/** Cases that are not exact in doubles, what they come to instead, and why. */
const written = 'numbers written in its gradient reach a recording in float32';
const single = 'TensorFlow has it in float32 alone';
const EXCEPTIONS: Readonly<Record<string, { doubles?: number; reference?: number; why: string }>> = {
  erf: {
    doubles: 5e-7,
    reference: 1e-7,
    why: 'its value is the approximation that TensorFlow.js takes, its gradient is exact',
  },
  erfinv: { doubles: 5e-8, reference: 1e-7, why: written },
  leakyRelu: { doubles: 1e-8, why: written },
  selu: { doubles: 5e-8, why: written },
  localResponseNormalization: { doubles: 2e-8, why: written },
  'resizeBilinear, half pixels': { doubles: 2e-7, reference: 5e-7, why: `${written}; ${single}` },
  'resizeBilinear, corners aligned': { reference: 5e-7, why: single },
  'resizeBilinear, as it was': { reference: 5e-7, why: single },
  'cropAndResize, bilinear': { reference: 3e-6, why: single },
  'cropAndResize, nearest': { reference: 1e-7, why: single },
  'avgPool3d, same': { reference: 1e-7, why: single },
  'maxPool3d, same': { reference: 5e-7, why: single },
  'maxPool3d, valid': { reference: 5e-7, why: single },
};

/** Kernels that run as functions of whole arrays; all others of the cases are loops. */
const WHOLE = ['Cholesky', 'CropAndResize', 'Digamma', 'Erfinv', 'FFT', 'IFFT', 'Lgamma', 'LogMatrixDeterminant', 'MatrixSolve', 'Polygamma', 'RaggedTensorToTensor', 'RotateWithOffset', 'SelfAdjointEig', 'SparseFillEmptyRows', 'SparseReshape', 'Svd', 'TopK', 'Transform', 'TriangularSolve']; // prettier-ignore
const REFUSED = ['raggedGather: the operation RaggedGather is not the same each time'];
/** Kernels of docs/gradients.md that no recording here runs. */
const NOT_RUN = ['Draw', 'FromPixels', 'Identity', 'Multinomial', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5', 'RaggedRange', 'StaticRegexReplace', 'StringNGrams', 'StringSplit', 'StringToHashBucketFast', 'Unique']; // prettier-ignore

const wholes = new Set<string>();
const refused = new Set<string>();
const kernels = new Set<string>();

/** Compiles a recording, twice: as code, and statement by statement; both have to make the same numbers, bit by bit. */
function compiled(name: string, recorded: Recorded, precision: Precision): Ready | undefined {
  recorded.recording.calls.forEach(({ kernel }) => kernels.add(kernel));
  const code = ready(recorded, precision);
  if (typeof code === 'string') {
    refused.add(`${name}: ${code}`);
    return undefined;
  }
  code.wholes.forEach((kernel) => wholes.add(kernel));
  assert.deepEqual(code.outside, [], `${precision}, order ${recorded.order}: places outside of their stores`);
  const numbers = code.run(recorded.given);
  withoutGeneratedCode(() => {
    const interpreted = ready(recorded, precision) as Ready;
    assert.deepEqual(
      interpreted.run(recorded.given),
      numbers,
      `${precision}, order ${recorded.order}: statement by statement`,
    );
  });
  return code;
}

function near(ours: ArrayLike<number>, wanted: ArrayLike<number> | null, tolerance: number, what: string): void {
  const off = largest(ours, wanted);
  assert.ok(off <= tolerance, `${what}: off by ${off}`);
}

/** What the derivative is, and how far it may be off. */
function expected(
  { name, ...one }: Case,
  { order, input }: Recorded,
): { wanted: number[] | null; tolerance: number } | undefined {
  const { reference = TOLERANCE.reference } = EXCEPTIONS[name] ?? {};
  const { differences } = TOLERANCE;
  const { [input]: firstDifferences } = one.firstDifferences ?? {};
  if (order === 1)
    return firstDifferences
      ? { wanted: firstDifferences, tolerance: differences }
      : { wanted: one.first[input]!, tolerance: reference };
  // where TensorFlow's first is not the true one, nothing is known of its second
  if (order === 0 || firstDifferences) return undefined;
  const { [input]: secondDifferences } = one.secondDifferences ?? {};
  return secondDifferences
    ? { wanted: secondDifferences, tolerance: differences }
    : { wanted: one.second[input]!, tolerance: reference };
}

function checkCase(one: Case): void {
  const { name, inputs } = one;
  const all = recordings(operations[name]!, inputs);
  for (const recorded of all) {
    const { order, input, given } = recorded;
    const what = (order === 0 ? 'the loss' : `the ${order === 1 ? 'first' : 'second'} derivative by ${input}`) + ' in ';
    const float32 = compiled(name, recorded, 'float32');
    const float64 = compiled(name, recorded, 'float64');
    if (!float32 || !float64) continue;
    near(float32.run(given), recorded.kernels, TOLERANCE.float32, `${what}float32`);
    const ours = float64.run(given);
    near(ours, recorded.kernels, TOLERANCE.kernels, `${what}doubles, beside the kernels`);
    const reference = expected(one, recorded);
    if (reference) near(ours, reference.wanted, reference.tolerance, `${what}doubles, beside the reference`);
    if (order === 0) continue;
    const lower = all.find((other) => other.order === order - 1 && (order === 1 || other.input === input))!;
    const changes = difference(
      ready(lower, 'float64') as Ready,
      lower.given,
      Object.keys(inputs).indexOf(input),
      direction,
    );
    const along = order === 1 ? [Array.from(ours).reduce((sum, x, i) => sum + x * direction(i), 0)] : ours;
    near(along, changes, EXCEPTIONS[name]?.doubles ?? TOLERANCE.doubles, `${what}doubles, beside differences`);
  }
}

const own = tf.getBackend();

test('the cases on the plain backend', async (t) => {
  before(() => tf.setBackend('cpu'));
  after(() => tf.setBackend(own));
  for (const one of cases) {
    await t.test(one.name, () => {
      const { numTensors } = tf.memory();
      checkCase(one);
      assert.equal(tf.memory().numTensors, numTensors, 'tensors are left behind');
    });
  }
});

/** The plain backend has these of real numbers alone. */
const complexVariants: Readonly<Record<string, (z: tf.Tensor, x: tf.Tensor) => tf.Tensor>> = {
  divide: (z) => z.div(z.mul(z)),
  'divide, a real number': (z) => z.div(tf.scalar(2)),
  'multiply, a real number for each column': (z, x) => z.mul(x.slice(0, 4)),
  'multiply, a constant for each column': (z) => z.mul(tf.complex([1, 2, 3, 0], [0.5, 0, 1, -1])),
  subtract: (z) => z.sub(tf.scalar(0.3)),
  negate: (z) => z.neg(),
  transpose: (z) => z.transpose(),
  slice: (z) => z.slice([0, 1], [2, 2]),
  stridedSlice: (z) => z.stridedSlice([0, 0], [2, 3], [1, 2]),
  gather: (z) => z.gather(int([1, 0, 1])),
  sum: (z) => z.sum(1),
  reverse: (z) => z.reverse(1),
  tile: (z) => z.tile([1, 2]),
  unstack: (z) => tf.unstack(z)[1]!,
  split: (z) => tf.split(z, 2, 1)[1]!,
  cumsum: (z) => z.cumsum(1),
  select: (z, x) => tf.where(x.slice(0, 12).reshape([3, 4]).greater(0), z, z.add(z)),
  addN: (z) => tf.addN([z, z]),
  expandDims: (z) => z.expandDims(1),
  zerosLike: (z) => tf.zerosLike(z),
};

const random = new Random(3);
const numbers = Array.from({ length: 24 }, () => Math.fround(random.uniform(-1, 1)));

function checkVariant(name: string, operation: (x: tf.Tensor1D) => tf.Tensor): void {
  const recorded = recordingOf(operation, numbers);
  const { values, outputs } = recorded.recording;
  const tolerance = values[outputs[0]!]!.dtype === 'float32' ? TOLERANCE.float32 : 0;
  for (const precision of ['float32', 'float64'] as const) {
    const code = compiled(name, recorded, precision);
    if (code) near(code.run([numbers]), recorded.kernels, tolerance, precision);
  }
}

test('what the cases do not try', async (t) => {
  before(() => tf.setBackend('cpu'));
  after(() => tf.setBackend(own));
  for (const [name, operation] of Object.entries(variants)) await t.test(name, () => checkVariant(name, operation));
});

test('complex numbers', { skip: own !== 'tensorflow' }, async (t) => {
  for (const [name, operation] of Object.entries(complexVariants)) {
    await t.test(name, () => checkVariant(name, (x) => parts(operation(complex(x), x))));
  }
});

test("what TensorFlow's library alone runs", { skip: own !== 'tensorflow' }, async (t) => {
  const known = new Set(kernels);
  for (const one of cases) {
    const others = recordings(operations[one.name]!, one.inputs).filter(({ recording }) =>
      recording.calls.some(({ kernel }) => !known.has(kernel)),
    );
    if (others.length > 0) {
      await t.test(one.name, () => {
        for (const recorded of others) {
          const what = `order ${recorded.order} by ${recorded.input}`;
          near(
            compiled(one.name, recorded, 'float32')!.run(recorded.given),
            recorded.kernels,
            TOLERANCE.float32,
            `${what} in float32`,
          );
          const reference = expected(one, recorded);
          const ours = compiled(one.name, recorded, 'float64')!.run(recorded.given);
          if (reference) near(ours, reference.wanted, reference.tolerance, `${what} in doubles`);
        }
      });
    }
  }
});

test('which kernels run as a whole, and which are refused', () => {
  assert.deepEqual([...wholes].sort(), WHOLE);
  assert.deepEqual([...refused], REFUSED);
});

test('every kernel in docs is run here, or cannot be recorded', { skip: own !== 'tensorflow' }, () => {
  const table = readFileSync(join(__dirname, '../docs/gradients.md'), 'utf8');
  const names = [...table.matchAll(/^\| (\w+) \|/gm)].map(([, name]) => name!).filter((name) => name !== 'Kernel');
  assert.deepEqual(
    names.filter((name) => !kernels.has(name)),
    NOT_RUN,
  );
});

test('an operation on numbers is the same as text and as a function', () => {
  const random = new Random(7);
  const special = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, Infinity, -Infinity, NaN, 7, -3, 2 ** 31, 1e-300, 17, -17];
  const number = (): number =>
    random.uniform() < 0.3 ? special[random.integer(0, special.length - 1)]! : random.uniform(-3, 3);
  for (const name of Object.keys(numberOperations) as OperationName[]) {
    const { text, compute } = numberOperations[name];
    const code = text('a', 'b', 'c');
    const names = ['a', 'b', 'c'].filter((letter) => new RegExp(`\\b${letter}\\b`).test(code));
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- as the library does
    const asText = new Function(...Object.keys(helpers), ...names, `return ${code};`) as (
      ...args: unknown[]
    ) => unknown;
    for (let i = 0; i < 300; i++) {
      const args = names.map(number);
      const [ours, theirs] = [asText(...Object.values(helpers), ...args), compute(...args)];
      assert.ok(
        Object.is(ours, theirs),
        `${name}(${args.join()}) is ${String(ours)} as text, ${String(theirs)} as a function`,
      );
    }
  }
});
