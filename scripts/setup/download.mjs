// Downloads that are pinned by a hash: pip does the fetching, so that a mirror or proxy set for pip is used.
import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { venvPython } from './project.mjs';
import { SetupError } from './errors.mjs';
import { run } from './run.mjs';

/** What keeps a user's pip and Python settings from leading elsewhere than into the project's own environment. */
export const pythonEnv = {
  PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1', PIP_USER: '0', PIP_TARGET: undefined, PIP_PREFIX: undefined,
  PYTHONHOME: undefined, PYTHONPATH: undefined,
};

/** Runs the project's pip (.venv): only what a requirements file pins by sha256, and no package's own build code. */
export const pip = (command, ...args) => run(venvPython, [
  '-m', 'pip', command, '--quiet', '--progress-bar', 'off', '--require-hashes', '--only-binary', ':all:', ...args,
], { env: pythonEnv });

/**
 * Downloads the wheels of a requirements file that pins each by sha256 into a folder and returns their paths.
 * `platform` and `pythonVersion` ask for a wheel made for another Python than the one that runs, e.g.
 * `{ platform: 'manylinux2014_x86_64', pythonVersion: '3.10' }`.
 */
export async function pipDownload(requirements, folder, { platform, pythonVersion } = {}) {
  mkdirSync(folder, { recursive: true });
  const foreign = platform ? ['--platform', platform, '--python-version', pythonVersion, '--implementation', 'cp'] : [];
  await pip('download', '--no-deps', ...foreign, '-r', requirements, '-d', folder);
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
export async function unzip(archive, folder, prefixes = []) {
  mkdirSync(folder, { recursive: true });
  await run(venvPython, ['-I', '-c', unzipper, archive, folder, ...prefixes]);
}

/** The sha256 of a file, in hexadecimal. */
export async function sha256File(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Throws where a file is not the pinned one. */
export async function checkSha256(file, expected) {
  const found = await sha256File(file);
  if (found === expected) return;
  throw new SetupError(`${path.basename(file)} (${statSync(file).size} bytes) is not the file that this project pins: `
    + `its sha256 is ${found}, not ${expected}. Delete it and run the same command again.`);
}
