import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tf } from 'descent-lab';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A name for a folder's files: another network is another evaluation. */
export function folderHash(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}

let version: string | undefined;

/** A name for all that computes: the compiled code of the library and of this package, and TensorFlow's version. */
export function codeVersion(): string {
  const folders = [dirname(require.resolve('descent-lab')), __dirname];
  return version ??= sha256([...folders.map(codeHash), tf.getBackend(), nativeVersion()].join(' '));
}

function codeHash(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.js')) hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

/** Where there is no native TensorFlow, tfjs' own kernels compute, and these are of the pinned version. */
const nativeVersion = (): string =>
  (tf.backend() as { binding?: { TF_Version?: string } }).binding?.TF_Version ?? tf.version_core;
