// Where compiling a step begins to cost more than its operations, beside what 'auto' chooses: what lib/src/compile/cost.ts
// reckons with. `node --import ./scripts/tsx.mjs bench/compile.ts` prints it.
import { descend, linalg, losses, optimizers, races, spreads, tf } from 'descent-lab';
import { textTable } from 'descent-lab/internal';

type Options = Parameters<typeof descend>[0];

const chain =
  (link: (x: tf.Tensor) => tf.Tensor) =>
  (size: number): Partial<Options> => ({
    loss: ({ x }) => [1, 2, 3, 4, 5, 6].reduce((y: tf.Tensor) => link(y), x!).sum(),
    variables: { x: Array.from({ length: size }, (_, i) => Math.sin(i) / 2) },
    optimizer: tf.train.sgd(1e-9),
  });

const problems: Record<string, [sizes: number[], make: (size: number) => Partial<Options>]> = {
  'six additions of n numbers': [[10, 1000, 10_000, 100_000], chain((x) => x.add(0.1))],
  'six sines of n numbers': [[10, 1000, 10_000], chain((x) => x.sin())],
  'product of n x n matrices': [
    [4, 16, 64, 128],
    (size) => ({
      loss: ({ x }) => tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D).sum(),
      variables: { x: spreads.randomVectors(1, size, size) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'Riesz energy of n vectors': [
    [10, 50, 200],
    (size) => ({
      loss: ({ x }) => losses.rieszEnergyLoss(x as tf.Tensor2D),
      variables: { x: spreads.randomVectors(1, size, 3) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'Riesz energy of n x 20 vectors': [
    [1, 8, 32, 128],
    (size) => ({
      loss: ({ x }) => losses.rieszEnergyLoss(x as tf.Tensor3D),
      variables: { x: Array.from({ length: size }, (_, i) => spreads.randomVectors(i, 20, 3)) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'Cholesky factor of an n x n matrix': [
    [3, 10, 30, 100],
    (size) => ({
      loss: ({ x }) => linalg.cholesky(tf.matMul(x!, x!, false, true).add(tf.eye(size))).sum(),
      variables: { x: spreads.randomVectors(1, size, size) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'singular values of an n x n matrix': [
    [3, 10, 30],
    (size) => ({
      loss: ({ x }) => linalg.svd(x!).s.sum(),
      variables: { x: spreads.randomVectors(1, size, size) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'the five largest of n numbers': [
    [10, 100, 1000],
    (size) => ({
      loss: ({ x }) => tf.topk(x!, 5).values.sum(),
      variables: { x: Array.from({ length: size }, (_, i) => Math.sin(i) / 2) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'Fourier transform of n numbers': [
    [8, 64, 512],
    (size) => ({
      loss: ({ x }) => tf.abs(tf.spectral.fft(tf.complex(x!, tf.zerosLike(x!)))).sum(),
      variables: { x: Array.from({ length: size }, (_, i) => Math.sin(i) / 2) },
      optimizer: tf.train.sgd(1e-9),
    }),
  ],
  'Beale by Adam': [
    [2],
    () => ({
      loss: ({ x }) => races.objectives.beale.loss(x as tf.Tensor1D),
      variables: { x: [1, 1.5] },
      optimizer: optimizers.createOptimizer('adam', { learningRate: 0.01 }),
    }),
  ],
};

/** Microseconds of a step, without what comes before the first: the difference of a long run and a short one. */
async function stepOf(make: () => Partial<Options>, compile: boolean): Promise<number> {
  const time = async (iterations: number): Promise<number> => {
    const begin = performance.now();
    await descend({ ...make(), iterations, compile, record: false } as Options);
    return performance.now() - begin;
  };
  const short = await time(10);
  let iterations = 50;
  for (;;) {
    const long = await time(iterations);
    if (long > 60 + short || iterations > 1e6) return ((long - short) / (iterations - 10)) * 1000;
    iterations *= 4;
  }
}

async function main(): Promise<void> {
  const rows: Record<string, string>[] = [];
  for (const [name, [sizes, make]] of Object.entries(problems)) {
    for (const size of sizes) {
      const [tape, compiled] = [await stepOf(() => make(size), false), await stepOf(() => make(size), true)];
      const { compiled: chosen } = await descend({
        ...make(size),
        iterations: 1e5,
        onIteration: ({ iteration }) => iteration < 5,
      } as Options);
      rows.push({
        'a step of': name,
        n: String(size),
        'by operations, us': tape.toFixed(1),
        'compiled, us': compiled.toFixed(1),
        ratio: (compiled / tape).toFixed(3),
        "'auto' chooses": chosen ? 'compiled' : 'operations',
      });
    }
  }
  console.log(textTable(rows));
}

void main();
