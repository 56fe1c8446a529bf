import { DescentError } from '../errors';
import { tf } from '../tf';
import { clipping, type Clipping } from './clipping';
import type { NamedTensor, Rule } from './rule';
import type { Schedule } from './schedules';

/** What every optimiser here takes besides its own hyperparameters, with Keras' meaning. */
export interface CommonHyper extends Clipping {
  /** The size of a step: a number above 0, or a schedule. */
  learningRate?: number | Schedule;
  /** Before each step the variables are multiplied by 1 - learningRate * weightDecay (decoupled decay). */
  weightDecay?: number;
}

/**
 * An optimiser of this library, wherever tfjs takes one: `descend`, `minimize`, `applyGradients`, `model.compile`.
 * Clips the gradients, lets the weights decay, reads the rate from the schedule and leaves the step to its rule.
 * Made by `createOptimizer`. Its state belongs to the variables in the order in which they first came.
 */
export class DescentOptimizer extends tf.Optimizer {
  /** What tfjs saves it as. */
  static readonly className: string = 'DescentOptimizer';
  private readonly clip: ReturnType<typeof clipping>;

  /** @param name what `createOptimizer` knows it by */
  constructor(
    readonly name: string,
    private readonly rule: Rule,
    private readonly hyper: CommonHyper & { learningRate: number | Schedule },
  ) {
    super();
    this.clip = clipping(hyper);
  }

  /** The rate of the next update. */
  get learningRate(): number {
    const { learningRate } = this.hyper;
    const rate = typeof learningRate === 'number' ? learningRate : learningRate(this.iterations);
    if (!Number.isFinite(rate)) {
      throw new DescentError(`${this.name}: the learning rate of update ${this.iterations + 1} is ${rate}`);
    }
    return rate;
  }

  applyGradients(gradients: tf.NamedTensorMap | NamedTensor[]): void {
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    // A variable that the loss does not depend on has no gradient and stays where it is.
    const present = named.filter(({ tensor }) => (tensor as tf.Tensor | null | undefined) != null);
    const rate = this.learningRate;
    tf.tidy(() => {
      const clipped = this.clip?.(present.map(({ tensor }) => tensor));
      const ready = clipped ? present.map(({ name }, i) => ({ name, tensor: clipped[i]! })) : present;
      if (this.hyper.weightDecay) {
        for (const { name } of ready) {
          const variable = tf.engine().registeredVariables[name]!;
          variable.assign(variable.mul(1 - rate * this.hyper.weightDecay));
        }
      }
      this.rule.apply(ready, rate, this.iterations + 1);
    });
    this.incrementIterations();
  }

  /**
   * The state, to go on from later: the number of updates, then the slots. The first tensor is the caller's to dispose;
   * the others are live and stay the optimiser's, as in tfjs.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    return [await this.saveIterations(), ...(await this.rule.getState())];
  }

  /**
   * Goes on from a state of `getWeights`; the tensors stay the caller's.
   * @throws DescentError when the state is another optimiser's
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const state = await this.extractIterations(weights);
    await this.rule.setState(state, this.iterations);
  }

  /** Name and hyperparameters as plain JSON; a schedule by its description. */
  getConfig(): tf.serialization.ConfigDict {
    const { learningRate } = this.hyper;
    if (typeof learningRate === 'number') return { name: this.name, ...this.hyper, learningRate };
    if (!learningRate.config) {
      throw new DescentError('a function of your own cannot be saved as a learning rate; use one of the schedules');
    }
    return { name: this.name, ...this.hyper, learningRate: learningRate.config };
  }

  /** Frees the state; a later update starts afresh. */
  override dispose(): void {
    this.rule.dispose();
    this.iterations_ = 0;
  }
}
