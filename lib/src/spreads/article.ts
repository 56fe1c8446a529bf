import { createOptimizer, stepSchedule } from '../optimizers';
import { type DescentOptimizer } from '../optimizers/descent-optimizer';
import { minAngleLoss, minAngleVarianceLoss } from '../losses/losses';
import { articleForceLoss, forceLoss } from '../losses/losses';
import type { SpreadLoss } from '../losses/vectors';

/** A loss with the rates and the number of iterations that the article runs it with. */
export interface ArticleSpread {
  /** From vectors to a scalar. */
  loss: SpreadLoss;
  /** Makes the optimiser: a new one for each run. */
  optimizer: () => DescentOptimizer;
  /** Updates that the article makes. */
  iterations: number;
}

const angleOptimizer = (): DescentOptimizer =>
  createOptimizer('sgd', {
    learningRate: stepSchedule({ initialLearningRate: 0.01, decayRate: 0.995, decaySteps: 100 }),
  });

const forceOptimizer = (): DescentOptimizer =>
  createOptimizer('sgd', {
    learningRate: stepSchedule({ initialLearningRate: 0.001, decayRate: 0.7, decaySteps: 100 }),
    clipnorm: 200,
  });

/** The article's three losses as it runs them, and the third as its code computes it. */
export const articleSpreads = {
  'min-angle': { loss: minAngleLoss, optimizer: angleOptimizer, iterations: 1200 },
  'min-angle-variance': {
    loss: (vectors) => minAngleVarianceLoss(vectors),
    optimizer: angleOptimizer,
    iterations: 1200,
  },
  force: { loss: forceLoss, optimizer: forceOptimizer, iterations: 700 },
  'article-force': { loss: articleForceLoss, optimizer: forceOptimizer, iterations: 700 },
} satisfies Record<string, ArticleSpread>;
