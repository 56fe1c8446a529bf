import { changes, changing, isRecording } from '../compile/record';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { clipping, type Clipping } from './clipping';
import { asSchedule, type LearningRate, type Schedule } from './schedules';
import { Slots, type NamedTensor } from './slots';
import type { Scaling, Step, Transform } from './transform';

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
  /** What it remembers from step to step is in tensors alone: so it can be compiled. */
  readonly stateInTensors = true;
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
    tf.tidy(() => {
      const variables = present.map(({ name }) => variableNamed(name));
      const { weightDecay } = this.hyper;
      if (weightDecay) {
        const kept = changing(() => 1 - this.learningRate * weightDecay);
        variables.forEach((variable) => variable.assign(variable.mul(kept)));
      }
      const updates = this.updates(
        present.map(({ tensor }) => tensor),
        variables,
      );
      variables.forEach((variable, i) => variable.assign(variable.sub(updates[i]!)));
    });
    this.incrementIterations();
  }

  /** What the chain makes of the gradients. */
  private updates(gradients: tf.Tensor[], variables: tf.Variable[]): tf.Tensor[] {
    const { step } = this;
    const slots = variables.map((variable) => this.slots.of(variable));
    let updates = gradients;
    let factors: Scaling['factor'][] = []; // multiplied in together, and only where it is needed: each pass over 13 million values counts
    const scaled = (): tf.Tensor[] => {
      const own = factors;
      factors = [];
      const factor = (): number => own.reduce((product, one) => product * one(step), 1);
      if (own.length === 0 || (!isRecording() && factor() === 1)) return updates;
      const number = changing(factor);
      return updates.map((update) => update.mul(number));
    };
    this.chain.forEach((link, place) => {
      if ('factor' in link) {
        factors.push(link.factor);
        return;
      }
      const given = scaled();
      updates =
        'together' in link
          ? link.together(given)
          : given.map((update, i) => link.update(update, slots[i]![place]!, stepAt(step, variables[i]!)));
    });
    return scaled();
  }

  /** The number of the update that is made, and its rate: read when they are asked for. */
  private readonly step: Readonly<Omit<Step, 'value' | 'number'>> = Object.defineProperties(
    {},
    { iteration: { get: () => this.iterations + 1 }, rate: { get: () => this.learningRate } },
  ) as Omit<Step, 'value' | 'number'>;

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

/** A step as a transform sees it. What it reads of it as plain numbers is told to a recording, which has to ask again. */
const stepAt = (step: Omit<Step, 'value' | 'number'>, value: tf.Tensor): Step => ({
  value,
  number: (of) => changing(() => of(step)),
  get iteration() {
    changes();
    return step.iteration;
  },
  get rate() {
    changes();
    return step.rate;
  },
});

function variableNamed(name: string): tf.Variable {
  const variable = tf.engine().registeredVariables[name];
  if (!variable) throw new DescentError(`there is no variable '${name}' to update`);
  return variable;
}
