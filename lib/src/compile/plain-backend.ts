import { plainBackend } from '../kernels/borrowed';
import { tf } from '../tf';

interface Engine {
  backendName: string;
  backendInstance: unknown;
}

/**
 * Runs code on the backend of plain JavaScript, where an operation on a small tensor costs least, and whose numbers are
 * the same on every machine.
 */
export function onPlainBackend<T>(code: () => T): T {
  const engine = tf.engine() as unknown as Engine;
  const { backendName, backendInstance } = engine;
  if (backendName === 'cpu') return code();
  engine.backendName = 'cpu';
  engine.backendInstance = plainBackend();
  try {
    return code();
  } finally {
    engine.backendName = backendName;
    engine.backendInstance = backendInstance;
  }
}
