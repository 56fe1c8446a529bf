import { DescentError } from '../errors';
import { tf } from '../tf';
import { clipping, type Clipping } from './clipping';
import { asSchedule, type LearningRate, type Schedule } from './schedules';
import { Slots, type NamedTensor } from './slots';
import type { Transform } from './transform';

/** What every optimiser here takes besides its own hyperparameters, with Keras' meaning. */
export interface CommonHyper extends Clipping {
  /** The size of a step: a number above 0, a schedule, or a schedule's description. */
  learningRate?: LearningRate;
  /** Before each step the variables are multiplied by 1 - learningRate * weightDecay (decoupled decay). */
  weightDecay?: number;
}

/** The name of an optimiser that is a chain of the reader's own. */
export const OWN = 'chain';

/**
 * An optimiser of this library, wherever tfjs takes one: `descend`, `minimize`, `applyGradients`, `model.compile`.
 * Clips the gradients, lets the weights decay, reads the rate from the schedule, and subtracts what its chain of
 * transforms makes. Made by `createOptimizer` or `chain`. Its state belongs to the variables in the order in which they
 * first came.
 */
export class DescentOptimizer extends tf.Optimizer {
  /** What tfjs saves it as. */
  static readonly className: string = 'DescentOptimizer';
  private readonly chain: readonly Transform[];
  private readonly slots: Slots;
  private readonly schedule: number | Schedule;

  /** @param name what `createOptimizer` knows it by */
  constructor(
    readonly name: string,
    chain: readonly Transform[],
    private readonly hyper: CommonHyper & { learningRate: LearningRate },
  ) {
    super();
    this.chain = [...clipping(hyper), ...chain];
    this.slots = new Slots(this.chain);
    this.schedule = asSchedule(hyper.learningRate);
  }

  /** The rate of the next update. */
  get learningRate(): number {
    const rate = typeof this.schedule === 'number' ? this.schedule : this.schedule(this.iterations);
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
      const variables = present.map(({ name }) => variableNamed(name));
      const { weightDecay } = this.hyper;
      if (weightDecay) variables.forEach((variable) => variable.assign(variable.mul(1 - rate * weightDecay)));
      const updates = this.updates(
        present.map(({ tensor }) => tensor),
        variables,
        rate,
      );
      variables.forEach((variable, i) => variable.assign(variable.sub(updates[i]!)));
    });
    this.incrementIterations();
  }

  /** What the chain makes of the gradients. */
  private updates(gradients: tf.Tensor[], variables: tf.Variable[], rate: number): tf.Tensor[] {
    const step = { iteration: this.iterations + 1, rate };
    const slots = variables.map((variable) => this.slots.of(variable));
    let updates = gradients;
    let factor = 1; // multiplied in only where it is needed: each pass over 13 million values counts
    const scaled = (): tf.Tensor[] => (factor === 1 ? updates : updates.map((update) => update.mul(factor)));
    this.chain.forEach((link, place) => {
      if ('factor' in link) {
        factor *= link.factor(step);
        return;
      }
      updates =
        'together' in link
          ? link.together(scaled())
          : scaled().map((update, i) => link.update(update, slots[i]![place]!, { ...step, value: variables[i]! }));
      factor = 1;
    });
    return scaled();
  }

  /**
   * The state, to go on from later: the number of updates, then the slots. The first tensor is the caller's to dispose;
   * the others are live and stay the optimiser's, as in tfjs.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    return [await this.saveIterations(), ...this.slots.state];
  }

  /**
   * Goes on from a state of `getWeights`; the tensors stay the caller's.
   * @throws DescentError when the state is another optimiser's
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    this.slots.set(await this.extractIterations(weights));
  }

  /**
   * Name and hyperparameters as plain JSON; a schedule by its description.
   * @throws DescentError for an optimiser or schedule of one's own, which no description can make again
   */
  getConfig(): tf.serialization.ConfigDict {
    if (this.name === OWN) throw new DescentError('a chain of your own cannot be saved; use one of the optimizers');
    const learningRate = typeof this.schedule === 'number' ? this.schedule : this.schedule.config;
    if (learningRate === undefined) {
      throw new DescentError('a function of your own cannot be saved as a learning rate; use one of the schedules');
    }
    return { name: this.name, ...this.hyper, learningRate };
  }

  /** Frees the state; a later update starts afresh. */
  override dispose(): void {
    this.slots.dispose();
    this.iterations_ = 0;
  }
}

function variableNamed(name: string): tf.Variable {
  const variable = tf.engine().registeredVariables[name];
  if (!variable) throw new DescentError(`there is no variable '${name}' to update`);
  return variable;
}
