// The WebAssembly backend, as a page has it, in Node: the same binary.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { tf } from 'descent-lab';
import { setBinaries } from '../../lib/src/browser/binaries';
import { startBackend } from '../../lib/src/browser/start-backend';

const folder = join(dirname(createRequire(__filename).resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist');

/** Makes it the backend. */
export async function startWasm(): Promise<void> {
  tf.env().set('PROD', true);
  setBinaries((name) => Promise.resolve(new Uint8Array(readFileSync(join(folder, name)))));
  const { backend, note } = await startBackend();
  if (backend !== 'wasm') throw new Error(note);
}
