import { DivergenceError, Random, spread, type tf, losses, optimizers, races, spreads } from 'descent-lab';
import { atRate, makeOptimizer } from 'descent-lab/internal';
import { writeRounded } from './write-rounded';

const [VECTORS, GOAL, MOST, SEEDS] = [20, 17.9, 600, 3];
const COLUMNS = ['optimizer', 'treatment', 'rate', 'reached', 'iterations'] as const;

/**
 * How many iterations an optimiser needs until 20 vectors in the plane stand at least 17.9 degrees apart (18 is the
 * best there is); undefined if it does not get there. The loss is the electric energy, the start the article's crowd.
 */
export async function iterationsToSpread(
  { optimizer, hyper }: races.Runner,
  random: Random,
  most = MOST,
): Promise<number | undefined> {
  let reached: number | undefined;
  await spread({
    start: spreads.crowdedVectors(random, VECTORS),
    loss: (vectors: tf.Tensor2D) => losses.rieszEnergyLoss(vectors),
    optimizer: makeOptimizer(optimizer, hyper),
    iterations: most,
    every: most,
    onIteration: ({ iteration, variables }) => {
      if (spreads.minAngleDegrees(variables.vectors.arraySync()) < GOAL) return true;
      reached = iteration;
      return false;
    },
  }).catch((error: unknown) => {
    if (!(error instanceof DivergenceError)) throw error;
  });
  return reached;
}

/** The optimiser as it is, or with the article's clipping to norm 200 and a rate that falls to 0 along a cosine. */
function treat(treatment: string, { optimizer, hyper }: races.Runner, rate: number): races.Runner {
  if (treatment === 'plain') return { optimizer, hyper };
  const learningRate = optimizers.cosineSchedule({ initialLearningRate: rate, decaySteps: MOST });
  return { optimizer, hyper: { ...hyper, clipnorm: 200, learningRate } };
}

/**
 * For every optimiser, plain and clipped, and every rate: how many seeds got there before one did not, of three, and
 * the mean number of iterations if all did.
 */
export async function makeVectorsTable(path: string, onRow: (note: string) => void): Promise<void> {
  const rows = [];
  for (const optimizer of optimizers.optimizerNames) {
    onRow(optimizer);
    for (const treatment of ['plain', 'clipped']) {
      for (const rate of races.decades(1e-4, 10, 2)) {
        const runner = treat(treatment, atRate(optimizer, rate), rate);
        const needed: number[] = [];
        for (let seed = 1; seed <= SEEDS; seed++) {
          const iterations = await iterationsToSpread(runner, new Random(seed));
          if (iterations === undefined) break; // the rate counts only where every seed gets there
          needed.push(iterations);
        }
        const mean = needed.length === SEEDS ? Math.round(needed.reduce((a, b) => a + b) / SEEDS) : undefined;
        rows.push({ optimizer, treatment, rate, reached: needed.length, iterations: mean });
      }
    }
  }
  writeRounded(path, COLUMNS, rows);
}
