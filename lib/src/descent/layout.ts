import { sharedStores, type Store } from '../compile/stores';
import type { tf } from '../tf';

/** Where the variables, their gradients and the loss lie, one after the other. */
export function layOut(list: readonly tf.Variable[]): {
  places: { variables: Store[]; gradients: Store[]; loss: Store };
  size: number;
} {
  const shared = sharedStores();
  const places = {
    variables: list.map(({ size }) => shared.store(size)),
    gradients: list.map(({ size }) => shared.store(size)),
    loss: shared.store(1),
  };
  return { places, size: shared.size };
}
