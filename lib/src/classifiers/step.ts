import type { tf } from '../tf';
import type { FrozenLayer, Keep } from './frozen-layer';

/** One operation on what others give. */
export interface Step {
  inputs: Step[];
  /** Makes it ready to run; called once everything about it is known. */
  make: (keep: Keep) => (...xs: tf.Tensor[]) => tf.Tensor;
  /** What it computes, if it is a layer of weights: still to be changed. */
  layer?: FrozenLayer;
  /** What it adds, if it is a zero padding: the next layer may do so itself. */
  border?: Border;
}

/** What a zero padding adds to pictures of a size: rows above and below, columns on the left and on the right. */
export interface Border {
  size: [number, number];
  padding: [[number, number], [number, number]];
}

/** All steps, each behind those that it takes its inputs from. */
export function inOrder(last: Step, seen = new Set<Step>()): Step[] {
  if (!seen.has(last)) {
    last.inputs.forEach((input) => inOrder(input, seen));
    seen.add(last);
  }
  return [...seen];
}
