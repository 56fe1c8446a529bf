// A process of Node whose output is shown when it has ended, so that several can run side by side.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

/** What a process said, and how long it took. */
export interface Ended {
  ok: boolean;
  output: string;
  seconds: number;
}

/** Runs Node in the project's folder to its end, or to that of this process or of `signal`. */
export async function runNode(args: string[], signal?: AbortSignal): Promise<Ended> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = (): unknown => child.kill('SIGINT');
  process.on('SIGINT', stop);
  signal?.addEventListener('abort', stop);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  // What a test left open may hold its output open: the end of the process is the end.
  const [status] = (await once(child, 'exit')) as [number | null];
  await new Promise(setImmediate);
  process.off('SIGINT', stop);
  signal?.removeEventListener('abort', stop);
  return { ok: status === 0, output, seconds: (performance.now() - start) / 1000 };
}
