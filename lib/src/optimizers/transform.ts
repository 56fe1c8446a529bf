import type { tf } from '../tf';
import type { LearningRate } from './schedules';

/** What a transform may know of the step that it is part of. */
export interface Step {
  /** The number of this step, counted from 1 as in the formulas: 1 for the first update. */
  iteration: number;
  /** The learning rate of this step. */
  rate: number;
  /** The variable's value before the step. */
  value: tf.Tensor;
  /** A number that follows from those of the step, as a tensor: where a run is compiled, it is worked out at each step. */
  number: (of: (step: { iteration: number; rate: number }) => number) => tf.Scalar;
}

/** What all transforms have in common. */
interface Rated {
  /** Only a transform that heeds `step.rate` has this field: the rate that a `chain` runs at, if it says one. */
  learningRate?: LearningRate;
}

/** Multiplies the update by a number: the learning rate, the correction of a bias. Costs no pass over the tensor. */
export interface Scaling extends Rated {
  /** The number for this step. */
  factor: (step: Pick<Step, 'iteration' | 'rate'>) => number;
}

/** Makes a new update of the one before it, of the same shape, remembering what it needs in its slots. */
export interface Memory<Slot extends string = string> extends Rated {
  /** The tensors that are kept for each variable, shaped like it, by name, with the value that fills them at first. */
  slots: { [K in Slot]: number };
  /** Assigns the slots' next values and returns the next update. */
  update: (update: tf.Tensor, slots: { [K in Slot]: tf.Variable }, step: Step) => tf.Tensor;
}

/** Makes new updates of those of all variables at once, such as by a norm that they have in common. */
export interface Joint extends Rated {
  /** Gives as many updates as it is given, of the same shapes in the same order. */
  together: (updates: tf.Tensor[]) => tf.Tensor[];
}

/**
 * One link of an optimiser. The first link of a chain is given the gradient, each later one what the link before it
 * made, and what the last one makes is subtracted from the variable. The same link may serve many optimisers: what it
 * remembers is theirs.
 */
export type Transform = Scaling | Memory | Joint;

/** Gives a memory's slots their names' types; a chain holds memories of all kinds. */
export const memory = <Slot extends string>(definition: Memory<Slot>): Transform => definition as unknown as Memory;

/** The moving average of a slot and a tensor: rho * slot + (1 - rho) * tensor, assigned to the slot and returned. */
export function average(slot: tf.Variable, tensor: tf.Tensor, rho: number): tf.Tensor {
  const next = slot.mul(rho).add(tensor.mul(1 - rho));
  slot.assign(next);
  return next;
}
