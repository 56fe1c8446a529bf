// Downloads that are pinned by a hash: pip does the fetching, so that a mirror or proxy set for pip is used.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';

/** What keeps a user's pip and Python settings from leading elsewhere than into the environment at hand. */
export const pythonEnv = {
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_NO_INPUT: '1',
  PIP_USER: '0',
  PIP_TARGET: undefined,
  PIP_PREFIX: undefined,
  PYTHONHOME: undefined,
  PYTHONPATH: undefined,
};

/** Runs a Python's pip: only what a requirements file pins by sha256, and no package's own build code. */
export const pip = (python, command, ...args) =>
  run(
    python,
    ['-m', 'pip', command, '--quiet', '--progress-bar', 'off', '--require-hashes', '--only-binary', ':all:', ...args],
    { env: pythonEnv },
  );

/**
 * Downloads the wheels of a requirements file that pins each by sha256 into a folder and returns their paths.
 * `platform` and `pythonVersion` ask for a wheel made for another Python than the one that runs, e.g.
 * `{ platform: 'manylinux2014_x86_64', pythonVersion: '3.10' }`.
 */
export async function pipDownload(python, requirements, folder, { platform, pythonVersion } = {}) {
  mkdirSync(folder, { recursive: true });
  const foreign = platform ? ['--platform', platform, '--python-version', pythonVersion, '--implementation', 'cp'] : [];
  await pip(python, 'download', '--no-deps', ...foreign, '-r', requirements, '-d', folder);
  return readdirSync(folder).map((name) => path.join(folder, name));
}

const unzipper = `
import sys, zipfile
archive, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(archive) as z:
    for name in z.namelist():
        if not prefixes or name.startswith(tuple(prefixes)):
            z.extract(name, folder)
`;

/** Unpacks a zip or wheel, or only the members whose names begin with one of the prefixes. Checks each member's CRC. */
export async function unzip(python, archive, folder, prefixes = []) {
  mkdirSync(folder, { recursive: true });
  await run(python, ['-I', '-c', unzipper, archive, folder, ...prefixes]);
}
