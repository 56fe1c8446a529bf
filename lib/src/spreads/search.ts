import { changing } from '../compile/record';
import { descend } from '../descent';
import { createOptimizer, exponentialSchedule } from '../optimizers';
import { type DescentOptimizer } from '../optimizers/descent-optimizer';
import type { tf } from '../tf';
import { rieszEnergyLoss, smoothMinimumLoss } from '../losses/losses';
import type { Judge, SearchResult } from './found';
import { knownAngle } from './known';
import { minAngleDegrees, rieszEnergy } from './measure';
import { checkSize, runSearch, type SearchPlan } from './plan';
import type { SearchOptions } from './search-options';
import { toUnitLength } from '../losses/vectors';
import { ofVariables } from './spread';

/** Restarts are spread as one batch while all their pairs' numbers fit into a processor's cache. */
const PAIRS_IN_A_BATCH = 2 ** 16;

/**
 * 128 restarts, fewer where the vectors have so many pairs that this would take minutes: 64 of 64
 * vectors, 4 of 240.
 */
export const defaultRestarts = (vectors: number): number =>
  Math.min(128, Math.max(1, Math.floor(2 ** 18 / vectors ** 2)));

/** Looks for vectors with the least Riesz energy, from many random starts at once. @param power above 0; default 1 */
export async function leastEnergy({
  power = 1,
  ...options
}: SearchOptions & { power?: number }): Promise<SearchResult> {
  return runSearch(energyPlan(options, power), options);
}

/**
 * Looks for vectors with the largest least angle. From many random starts at once it descends, with Adam, on the smooth
 * minimum of the distances, whose temperature and learning rate fall exponentially until only the closest pairs count.
 *
 * A hot start first evens out the whole set, as a Riesz energy of a low power does, and that finds the most symmetric
 * sets; a cold one heeds near neighbours only and finds the others. So the restarts begin at powers from 1 to 64.
 */
export function bestPlan(options: SearchOptions): SearchPlan {
  const { iterations = 1500, restarts = defaultRestarts(options.vectors) } = options;
  const { bound } = knownAngle(options.vectors, options.dimensions);
  const firstPower = (r: number): number => 64 ** ((r + 0.5) / restarts);
  return plan(
    { ...options, iterations, restarts },
    {
      loss: (members) => (vectors, iteration) => {
        const temperatures = (at: number): number[] => {
          const done = at / Math.max(1, iterations);
          return members.map((r) => 1 / (firstPower(r) ** (1 - done) * LAST_POWER ** done));
        };
        return smoothMinimumLoss(vectors, changing(temperatures, iteration, [members.length, 1, 1]));
      },
      score: minAngleDegrees,
      better: (a, b) => a > b,
      enough: (score) => score > bound - 1e-3,
      matrices: 12,
    },
  );
}

/** At the end a pair that is 0.001 % further apart than the closest counts 1/20 of it. */
const LAST_POWER = 3e5;

/** What `leastEnergy` runs. */
export function energyPlan(options: SearchOptions, power = 1): SearchPlan {
  const { iterations = 1500, restarts = defaultRestarts(options.vectors) } = options;
  return plan(
    { ...options, iterations, restarts },
    {
      loss: () => (vectors) => rieszEnergyLoss(vectors, power),
      score: (vectors) => rieszEnergy(vectors, power),
      better: (a, b) => a < b,
      matrices: 10,
    },
  );
}

interface Aim extends Judge {
  /** The loss of the sets that belong to the restarts of these numbers. */
  loss: (members: number[]) => (vectors: tf.Tensor3D, iteration: number) => tf.Scalar;
  /** See `checkSize`. */
  matrices: number;
}

function plan(
  options: SearchOptions & { iterations: number; restarts: number },
  { loss, matrices, ...judge }: Aim,
): SearchPlan {
  const { vectors, iterations, restarts, compile, precision } = options;
  const size = Math.max(1, Math.floor(PAIRS_IN_A_BATCH / vectors ** 2));
  checkSize(options, Math.min(size, restarts), matrices);
  return {
    restarts,
    iterations,
    judge,
    size,
    descend: (starts, first, { onProgress, signal }) => {
      const members = starts.map((_, i) => first + i);
      return descend({
        loss: ofVariables(loss(members)),
        variables: { vectors: starts },
        optimizer: fallingAdam(iterations),
        iterations,
        constrain: toUnitLength,
        compile,
        precision,
        every: Math.max(1, iterations),
        onIteration: ({ iteration }) => onProgress?.(iteration / Math.max(1, iterations)),
        signal,
      });
    },
  };
}

/** Adam with a rate that falls exponentially, and short memories: the gradients shrink a hundred thousandfold on the way. */
export const fallingAdam = (iterations: number): DescentOptimizer =>
  createOptimizer('adam', {
    learningRate: exponentialSchedule({
      initialLearningRate: 0.2,
      decayRate: 5e-6,
      decaySteps: Math.max(1, iterations),
    }),
    beta1: 0.8,
    beta2: 0.9,
    epsilon: 1e-12,
  });
