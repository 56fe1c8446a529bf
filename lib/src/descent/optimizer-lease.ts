import { DescentError } from '../errors';
import { tf } from '../tf';

// A run frees its optimiser's state when it ends, so that a reader who writes `tf.train.adam(0.1)` in a call leaks
// nothing. The same object in a second run would then fail with "Tensor is disposed": say what happened instead.
const spent = new WeakSet<tf.Optimizer>();

/** Takes an optimiser for one run. */
export function claim(optimizer: tf.Optimizer): void {
  if (spent.has(optimizer)) {
    throw new DescentError(
      'this optimizer was used by an earlier run, which freed its state; make a new one for each run',
    );
  }
  spent.add(optimizer);
}

/** Frees everything that the optimiser holds. */
export function release(optimizer: tf.Optimizer): void {
  optimizer.dispose();
  // tfjs' momentum optimiser forgets the learning rate that it inherits from SGD.
  const rate = (optimizer as { c?: tf.Tensor }).c;
  if (rate && !rate.isDisposed) rate.dispose();
}
