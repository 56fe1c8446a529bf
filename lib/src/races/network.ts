import { descend, DivergenceError } from '../descent';
import { makeOptimizer } from '../optimizers/create-optimizer';
import { type OptimizerHyper, type OptimizerMaker, type OptimizerName } from '../optimizers';
import { Random } from '../random';
import { meanSquaredError } from '../losses';
import { tf } from '../tf';

const [ROWS, HIDDEN, STEPS] = [200, 16, 300];

/** A table to learn from: z as a smooth wave of x and y, and a little noise. */
export interface SmallTable {
  x: number[];
  y: number[];
  z: number[];
}

/**
 * `rows` rows: x and y from -1 to 1, z = sin(3 x) cos(2 y) with noise of deviation 0.05.
 * @param random a generator, or a seed
 */
export function smallTable(random: Random | number, rows = ROWS): SmallTable {
  const generator = Random.from(random);
  const table: SmallTable = { x: [], y: [], z: [] };
  for (let i = 0; i < rows; i++) {
    const [x, y] = [generator.uniform(-1, 1), generator.uniform(-1, 1)];
    table.x.push(x);
    table.y.push(y);
    table.z.push(Math.sin(3 * x) * Math.cos(2 * y) + generator.normal(0, 0.05));
  }
  return table;
}

/** How a network is trained. */
export interface NetworkOptions {
  /** The optimiser's name, or one of your own. */
  optimizer: OptimizerName | OptimizerMaker;
  /** Its hyperparameters; of one of your own the learning rate alone. */
  hyper?: OptimizerHyper;
  /** Draws the first weights: a generator, or a seed. */
  random: Random | number;
  /** How many updates it makes. Default: 300. */
  steps?: number;
  /** Rows for each step, drawn anew; default: all rows. */
  batch?: number;
}

/**
 * Trains a network with one hidden layer, z = w2 tanh(w1 [x, y] + b1) + b2, on the mean squared error.
 * @returns the loss over the rows of each step; undefined instead of the list if it diverged
 */
export async function trainNetwork({ x, y, z }: SmallTable, options: NetworkOptions): Promise<number[] | undefined> {
  const { optimizer, hyper = {}, steps = STEPS, batch } = options;
  const random = Random.from(options.random);
  const weights = (rows: number, columns: number): number[][] =>
    random.array(() => random.normal(0, 1 / Math.sqrt(rows)), rows, columns);
  const [inputs, outputs] = [tf.tensor2d(x.map((value, i) => [value, y[i]!])), tf.tensor2d(z, [z.length, 1])];
  const batches = Array.from({ length: batch ? steps + 1 : 0 }, () =>
    tf.tensor1d(
      Array.from({ length: batch! }, () => random.integer(0, x.length - 1)),
      'int32',
    ),
  );
  try {
    const { loss } = await descend({
      loss: ({ w1, b1, w2, b2 }, iteration) => {
        const rows = batches[iteration];
        const [given, wanted] = rows ? [inputs.gather(rows), outputs.gather(rows)] : [inputs, outputs];
        const hidden = tf
          .matMul(given, w1 as tf.Tensor2D)
          .add(b1)
          .tanh();
        return meanSquaredError(tf.matMul(hidden, w2).add(b2), wanted);
      },
      variables: { w1: weights(2, HIDDEN), b1: Array<number>(HIDDEN).fill(0), w2: weights(HIDDEN, 1), b2: [0] },
      optimizer: makeOptimizer(optimizer, hyper),
      iterations: steps,
      record: false,
    });
    return loss;
  } catch (error) {
    if (error instanceof DivergenceError) return undefined;
    throw error;
  } finally {
    tf.dispose([inputs, outputs, batches]);
  }
}
