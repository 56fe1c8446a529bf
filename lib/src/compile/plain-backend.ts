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
  const plain = tf.findBackend('cpu') as { firstUse?: boolean } | null;
  const { backendName, backendInstance } = engine;
  if (!plain || backendName === 'cpu') return code();
  plain.firstUse = false; // it would recommend the native library, which is there
  engine.backendName = 'cpu';
  engine.backendInstance = plain;
  try {
    return code();
  } finally {
    engine.backendName = backendName;
    engine.backendInstance = backendInstance;
  }
}
