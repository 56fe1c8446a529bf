// A Python with what tests need of PyPI, in tests/.venv as tests/requirements.txt pins it.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from 'descent-lab/internal';
import { pip } from '../../lib/native/pip.mjs';
import { makeVenv, pythonOf } from '../../lib/native/python.mjs';
import { ownRoot } from '../../publish/src/notebooks/project';

const venv = join(ownRoot, 'tests', '.venv');
const stamp = join(venv, '.set-up');
const requirements = join(ownRoot, 'tests', 'requirements.txt');

/** What the environment is made of; it holds absolute paths, so the place counts too. */
const key = (): string => sha256(readFileSync(requirements), ownRoot + process.platform + process.arch);

const isMade = (): boolean => {
  try {
    return readFileSync(stamp, 'utf8') === key();
  } catch {
    return false;
  }
};

/** Finds or makes it; a reason only where PyPI cannot be reached. */
export async function testPython(): Promise<{ python: string; reason?: undefined } | { reason: string }> {
  if (isMade()) return { python: pythonOf(venv) };
  try {
    const python = await makeVenv(venv);
    await pip(python, 'install', '-r', requirements);
    writeFileSync(stamp, key());
    return { python };
  } catch (error) {
    rmSync(venv, { recursive: true, force: true });
    if (/was not reached/.test((error as Error).message)) return { reason: (error as Error).message };
    throw error;
  }
}
