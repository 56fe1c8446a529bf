// The Python that fetches: any that can make an environment of its own.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { pythonEnv } from './pip.mjs';
import { run } from './run.mjs';

const windows = process.platform === 'win32';
const minors = [13, 12, 11, 10, 9];
const candidates = windows
  ? [['py', '-3'], ['python'], ['python3'], ...minors.map((minor) => ['py', `-3.${minor}`])]
  : [['python3'], ['python'], ...minors.map((minor) => [`python3.${minor}`])];
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

async function findPython(least, most) {
  const fits = ({ major, minor }) => major === 3 && minor >= least && minor <= most;
  const found = [];
  for (const candidate of candidates) {
    const python = await ask(candidate);
    if (python?.venvWorks && fits(python)) return python;
    if (python) found.push(python);
  }
  const lacking = found.find(fits);
  if (lacking) {
    throw new SetupError(`Python 3.${lacking.minor} (${lacking.command}) is here, its venv module is not. ${remedy}`);
  }
  const old = found.map(({ major, minor }) => `${major}.${minor}`).join(', ');
  const lack = old ? `only ${old} was found` : 'no Python was found';
  const wanted = most < Infinity ? `3.${least} to 3.${most}` : `3.${least} or newer`;
  throw new SetupError(`Python ${wanted} is needed, and ${lack}. ${remedy}`);
}

/** The Python of an environment. */
export const pythonOf = (venv) => path.join(venv, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** Makes a new environment of Python 3 in a folder, in place of what is there, and returns its Python. */
export async function makeVenv(folder, least = 10, most = Infinity) {
  const { command, args } = await findPython(least, most);
  rmSync(folder, { recursive: true, force: true });
  await run(command, [...args, '-m', 'venv', folder], { env: pythonEnv });
  return pythonOf(folder);
}
