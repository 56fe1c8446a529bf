// The peers' own Python: TensorFlow 2.15 for Python 3.9 to 3.11, in bench/.venv as requirements.txt pins it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places';

const venv = join(root, 'bench', '.venv');
const stamp = join(venv, '.set-up');
const requirements = join(root, 'bench', 'requirements.txt');
const windows = process.platform === 'win32';
const program = windows ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');

/** A Python with TensorFlow, or why there is none. */
export type Peer = { program: string; reason?: undefined } | { program?: undefined; reason: string };

/** What an environment is made of; it holds absolute paths, so the place counts too. */
const key = (): string =>
  createHash('sha256')
    .update(readFileSync(requirements))
    .update(root + process.platform + process.arch)
    .digest('hex');

const isMade = (): boolean => {
  try {
    return readFileSync(stamp, 'utf8') === key();
  } catch {
    return false;
  }
};

/** Finds or makes the environment. `log` is told what takes long. */
export async function peerPython(log: (text: string) => void, signal: AbortSignal): Promise<Peer> {
  if (isMade()) return { program };
  const found = await findPython();
  if (!found) return { reason: 'no Python 3.9, 3.10 or 3.11 with its venv module is on the PATH' };
  log('making bench/.venv with TensorFlow 2.15 for the peers, a download of about 350 MB, 1.6 GB on disk ...');
  rmSync(venv, { recursive: true, force: true });
  try {
    await run(found[0]!, [...found.slice(1), '-m', 'venv', venv], signal);
    await run(
      program,
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--progress-bar',
        'off',
        '--require-hashes',
        '--only-binary',
        ':all:',
        '-r',
        requirements,
      ],
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    rmSync(venv, { recursive: true, force: true });
    const { message } = error as Error;
    return { reason: `TensorFlow 2.15 could not be installed: ${message}` };
  }
  writeFileSync(stamp, key());
  return { program };
}

async function findPython(): Promise<string[] | undefined> {
  const candidates = windows
    ? [['py', '-3.11'], ['py', '-3.10'], ['py', '-3.9'], ['python']]
    : [['python3.11'], ['python3.10'], ['python3.9'], ['python3'], ['python']];
  const question = 'import sys, venv, ensurepip; print(*sys.version_info[:2])';
  for (const [command, ...args] of candidates) {
    const answer = await run(command!, [...args, '-c', question]).catch(() => '');
    if (/^3 (9|10|11)\b/.test(answer)) return [command!, ...args];
  }
  return undefined;
}

function run(command: string, args: string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_USER: '0', PYTHONPATH: '' };
    const child = spawn(command, args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] });
    let [printed, output] = ['', ''];
    child.stdout.on('data', (text: Buffer) => {
      printed += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      output = (output + text.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(printed) : reject(new Error(output.trim() || `exit code ${code}`)),
    );
  });
}
