import util from 'node:util';

// tfjs-node 4.22 calls two functions that Node 23 removed from `util` and Node 22 warns about; ours are there instead
// before it is loaded.
const legacy = util as unknown as Record<string, unknown>;
legacy['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
legacy['isArray'] = Array.isArray;

// TensorFlow reads it once, when the library is loaded: no start-up lines about the processor.
process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';

/** The line that is printed, once, when the native library cannot be loaded. */
export const FALLBACK_LINE =
  "descent-lab: TensorFlow's native library is not installed, so the slower CPU backend is used " +
  '("npx descent-lab native" adds it).';

try {
  // Registers the native backend with the same @tensorflow/tfjs that `tf` re-exports, and makes it the one in use.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  require('@tensorflow/tfjs-node');
} catch {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const tf = require('@tensorflow/tfjs') as typeof import('@tensorflow/tfjs');
  tf.env().set('PROD', true); // otherwise tfjs prints a banner that recommends what is missing
  tf.setBackend('cpu').catch((error: unknown) => {
    throw error;
  });
  console.error(FALLBACK_LINE);
}
