import { tf } from '../tf';

/** Tells of every tensor that is read, until the returned function is called. */
export function watchReads(tell: (x: tf.Tensor) => void): () => void {
  const methods = tf.Tensor.prototype as unknown as Record<string, (this: tf.Tensor, ...rest: unknown[]) => unknown>;
  const own = ['dataSync', 'arraySync', 'data', 'array'].map((name) => [name, methods[name]!] as const);
  for (const [name, method] of own) {
    methods[name] = function (...rest) {
      tell(this);
      return method.apply(this, rest);
    };
  }
  return () => own.forEach(([name, method]) => (methods[name] = method));
}
