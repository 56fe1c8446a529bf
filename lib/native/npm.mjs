import path from 'node:path';
import { run } from './run.mjs';

/** Runs the npm that started this, or the one on the PATH, in a folder. */
export function npm(cwd, ...args) {
  const started = process.env.npm_execpath ?? '';
  if (path.basename(started) === 'npm-cli.js') return run(process.execPath, [started, ...args], { cwd });
  return run('npm', args, { cwd, shell: process.platform === 'win32' });
}
