import type { tf } from '../tf';

/** What a transform may know of the step that it is part of. */
export interface Step {
  /** The number of this step, counted from 1 as in the formulas: 1 for the first update. */
  iteration: number;
  /** The learning rate of this step. */
  rate: number;
  /** The variable's value before the step. */
  value: tf.Tensor;
}

/** Multiplies the update by a number: the learning rate, the correction of a bias. Costs no pass over the tensor. */
export interface Scaling {
  factor: (step: Step) => number;
}

/** Makes a new update of the one before it, of the same shape, remembering what it needs in its slots. */
export interface Memory<Slot extends string = string> {
  /** The tensors that are kept for each variable, shaped like it, by name, with the value that fills them at first. */
  slots: { [K in Slot]: number };
  /** Assigns the slots' next values and returns the next update. */
  update: (update: tf.Tensor, slots: { [K in Slot]: tf.Variable }, step: Step) => tf.Tensor;
}

/**
 * One link of an optimiser. The first link of a chain is given the gradient, each later one what the link before it
 * made, and what the last one makes is subtracted from the variable.
 */
export type Transform = Scaling | Memory;

/** Gives a memory's slots their names' types; a chain holds memories of all kinds. */
export const memory = <Slot extends string>(definition: Memory<Slot>): Transform => definition as unknown as Memory;

/** The moving average of a slot and a tensor: rho * slot + (1 - rho) * tensor, assigned to the slot and returned. */
export function average(slot: tf.Variable, tensor: tf.Tensor, rho: number): tf.Tensor {
  const next = slot.mul(rho).add(tensor.mul(1 - rho));
  slot.assign(next);
  return next;
}
