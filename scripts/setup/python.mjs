// Step: the project's own Python environment, .venv, with JupyterLab and nbconvert as requirements.txt pins them.
import { rmSync } from 'node:fs';
import { pip, pythonEnv } from './download.mjs';
import { SetupError } from './errors.mjs';
import { at, digest, root, textOf, venv } from './project.mjs';
import { run } from './run.mjs';

const candidates = process.platform === 'win32'
  ? [['py', '-3'], ['python'], ['python3']]
  : [['python3'], ['python'], ['python3.13'], ['python3.12'], ['python3.11'], ['python3.10']];
const remedy = 'Install it (Debian and Ubuntu: "apt install python3 python3-venv"; macOS: "brew install python"; '
  + 'Windows: python.org), then run the same command again.';

/** What one Python says of itself: its version, and whether it can make an environment; undefined if there is none. */
async function ask([command, ...args]) {
  const question = 'import sys, importlib.util as u; '
    + 'print(*sys.version_info[:2], all(u.find_spec(m) for m in ("venv", "ensurepip")))';
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

export const pythonVenv = {
  title: 'Python environment',
  detail: 'JupyterLab and nbconvert into .venv, a download of about 55 MB',
  takes: venv,
  stamp: '.venv/.set-up',
  // An environment holds absolute paths: a project that was moved needs a new one.
  key: () => digest(textOf('requirements.txt'), root, process.platform, process.arch),
  async install() {
    const { command, args } = await findPython();
    rmSync(venv, { recursive: true, force: true });
    await run(command, [...args, '-m', 'venv', venv], { env: pythonEnv });
    await pip('install', '-r', at('requirements.txt'));
  },
};
