import type { tf } from '../tf';

/** A tensor with its name: a gradient by its variable's, a saved one by its slot's. */
export interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}

/** How an optimiser moves the variables, once the gradients are clipped and the rate of the step is known. */
export interface Rule {
  /** Moves every variable; iteration counts from 1. Runs inside a tidy. */
  apply(gradients: NamedTensor[], rate: number, iteration: number): void;
  /** The live state, slot by slot and in each by variable, in the order in which the variables first appeared. */
  getState(): Promise<NamedTensor[]>;
  /** Takes over a saved state; the tensors stay the caller's. */
  setState(state: NamedTensor[], iterations: number): Promise<void>;
  /** Frees the state. The next `apply` starts afresh. */
  dispose(): void;
}
