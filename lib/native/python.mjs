// The Python that fetches: any that can make an environment of its own.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { pythonEnv } from './pip.mjs';
import { run } from './run.mjs';

const windows = process.platform === 'win32';
const candidates = windows
  ? [['py', '-3'], ['python'], ['python3']]
  : [['python3'], ['python'], ['python3.13'], ['python3.12'], ['python3.11'], ['python3.10']];
const remedy =
  'Install it (Debian and Ubuntu: "apt install python3 python3-venv"; macOS: "brew install python"; ' +
  'Windows: python.org), then run the same command again.';

/** What one Python says of itself: its version, and whether it can make an environment; undefined if there is none. */
async function ask([command, ...args]) {
  const question =
    'import sys, importlib.util as u; ' +
    'print(*sys.version_info[:2], all(u.find_spec(m) for m in ("venv", "ensurepip")))';
  try {
    const [major, minor, venvWorks] = (await run(command, [...args, '-c', question], { env: pythonEnv })).split(' ');
    return { command, args, major: Number(major), minor: Number(minor), venvWorks: venvWorks === 'True' };
  } catch {
    return undefined;
  }
}

async function findPython() {
  const found = [];
  for (const candidate of candidates) {
    const python = await ask(candidate);
    if (python?.major === 3 && python.minor >= 10 && python.venvWorks) return python;
    if (python) found.push(python);
  }
  const lacking = found.find(({ major, minor }) => major === 3 && minor >= 10);
  if (lacking) {
    throw new SetupError(`Python 3.${lacking.minor} (${lacking.command}) is here, its venv module is not. ${remedy}`);
  }
  const old = found.map(({ major, minor }) => `${major}.${minor}`).join(', ');
  const lack = old ? `only ${old} was found` : 'no Python was found';
  throw new SetupError(`Python 3.10 or newer is needed, and ${lack}. ${remedy}`);
}

/** The Python of an environment. */
export const pythonOf = (venv) => path.join(venv, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** Makes a new environment in a folder, in place of what is there, and returns its Python. */
export async function makeVenv(folder) {
  const { command, args } = await findPython();
  rmSync(folder, { recursive: true, force: true });
  await run(command, [...args, '-m', 'venv', folder], { env: pythonEnv });
  return pythonOf(folder);
}
