// Runs a program quietly, and ends it when this process ends.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { gist, remedyFor, SetupError } from './errors.mjs';
import { noteTool } from './lock.mjs';

const running = new Set();
const windows = process.platform === 'win32';

/**
 * Runs a program to its end and returns what it printed on stdout, trimmed. Rejects with a SetupError that names the
 * remedy; its `output` is all that the program printed, and is missing where there is no such program.
 * It gets a process group of its own, so that stopping it stops what it started as well.
 */
export function run(command, args, { cwd, env = {}, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    let [printed, output] = ['', ''];
    const child = spawn(command, args, {
      cwd,
      shell,
      env: { ...process.env, ...env },
      detached: !windows,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) {
      running.add(child);
      noteTool(child.pid);
    }
    child.stdout.on('data', (text) => (printed += text));
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', (error) => reject(new SetupError(`${command}: ${error.message}`)));
    child.on('close', (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve(printed.trim());
      const name = [path.basename(command), ...args.filter((arg) => !arg.includes('\n')).slice(0, 3)].join(' ');
      const how = signal ? `was stopped by ${signal}` : `failed with exit code ${code}`;
      const error = new SetupError([remedyFor(output), `${name} ${how}:`, gist(output)].filter(Boolean).join('\n'));
      error.output = output;
      reject(error);
    });
  });
}

process.on('exit', () => {
  for (const child of running) {
    try {
      if (windows) child.kill();
      else process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
});
