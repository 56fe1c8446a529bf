import { tf } from '../tf';

/**
 * Frees what the gradient tape kept for a backward pass that will not come: tfjs forgets it when the loss throws,
 * which happens to every reader who tries a loss of their own. It reaches into the engine of tfjs 4.22, whose version is
 * fixed in package.json.
 */
export function freeAbandonedTape(): void {
  const { state } = tf.engine() as unknown as { state: { activeTape: { saved?: tf.Tensor[] }[] | null } };
  state.activeTape?.forEach((node) => node.saved?.forEach((tensor) => tensor.dispose()));
  state.activeTape = null;
}
