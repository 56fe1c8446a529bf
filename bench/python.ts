// The peers' own Python: NumPy, JAX, SciPy and TensorFlow 2.15 for Python 3.9 to 3.11, in bench/.venv as requirements.txt pins it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from 'descent-lab/internal';
import { pip } from '../lib/native/pip.mjs';
import { makeVenv, pythonOf } from '../lib/native/python.mjs';
import { root } from './places';

const venv = join(root, 'bench', '.venv');
const stamp = join(venv, '.set-up');
const requirements = join(root, 'bench', 'requirements.txt');
const program = pythonOf(venv);

/** A Python with the peers, or why there is none. */
export type Peer = { program: string; reason?: undefined } | { program?: undefined; reason: string };

/** What an environment is made of; it holds absolute paths, so the place counts too. */
const key = (): string => sha256(readFileSync(requirements), root + process.platform + process.arch);

const isMade = (): boolean => {
  try {
    return readFileSync(stamp, 'utf8') === key();
  } catch {
    return false;
  }
};

/** Finds or makes the environment. `log` is told what takes long; what is left running at the signal ends with this process. */
export async function peerPython(log: (text: string) => void, signal: AbortSignal): Promise<Peer> {
  if (isMade()) return { program };
  log(
    'making bench/.venv with TensorFlow 2.15, JAX and SciPy for the peers, a download of about 470 MB, 1.7 GB on disk ...',
  );
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    const python = await Promise.race([makeVenv(venv, 9, 11), aborted]);
    await Promise.race([pip(python, 'install', '-r', requirements), aborted]);
  } catch (error) {
    signal.throwIfAborted();
    rmSync(venv, { recursive: true, force: true });
    return { reason: `the peers could not be installed: ${(error as Error).message}` };
  }
  writeFileSync(stamp, key());
  return { program };
}
