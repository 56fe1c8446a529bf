import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { DescentError, tf } from 'descent-lab';

export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** A name for a folder's files: another network is another evaluation. @throws DescentError when it cannot be read */
export function folderHash(folder: string): string {
  const hash = createHash('sha256');
  try {
    for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  } catch (error) {
    throw new DescentError(`${folder} cannot be read: ${(error as Error).message}`);
  }
  return hash.digest('hex');
}

let version: string | undefined;

/** The packages whose versions numbers may depend on: what reads photos, draws random numbers and computes. */
const COMPUTING = ['sharp', 'pure-rand', '@tensorflow/tfjs', '@tensorflow/tfjs-node'];

/** A name for all that computes: the code of the library and of this package as it runs, and what these compute with. */
export function codeVersion(): string {
  const folders = [dirname(require.resolve('descent-lab')), __dirname];
  return (version ??= sha256(
    [...folders.map(codeHash), tf.getBackend(), nativeVersion(), ...COMPUTING.map(versionOf)].join(' '),
  ));
}

/** Compiled, or the source that tests run. */
const CODE = extname(__filename);

function codeHash(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith(CODE)) hash.update(file.replaceAll('\\', '/')).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}

/** Where there is no native TensorFlow, tfjs' own kernels compute, and these are of the pinned version. */
const nativeVersion = (): string =>
  (tf.backend() as { binding?: { TF_Version?: string } }).binding?.TF_Version ?? tf.version_core;

/** The version of a package as the library finds it, or `none`. */
export function versionOf(name: string): string {
  const places = createRequire(require.resolve('descent-lab')).resolve.paths(name) ?? [];
  const file = places.map((place) => join(place, name, 'package.json')).find((path) => existsSync(path));
  return `${name} ${file === undefined ? 'none' : (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version}`;
}
