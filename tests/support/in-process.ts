// Commands as functions: what one is told, and what it answers, without a start of Node and of TensorFlow each time.
import { format } from 'node:util';
import { CommanderError } from 'commander';
import { DescentError } from 'descent-lab';
import { releaseAll } from '../../lib/native/lock.mjs';
import type { Script } from '../../scripts/cli/command';

export interface Answer {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command's main function with these arguments, one call at a time, and gives back what the end of a process
 * would: locks, and listeners to Ctrl-C. What only a process has, a signal or a full pipe, is for a test that starts one.
 */
export async function inProcess(
  { program, main }: { program: Script; main: () => Promise<void> | void },
  args: readonly string[],
): Promise<Answer> {
  const [answer, { argv, exitCode }, own] = [{ status: 0, stdout: '', stderr: '' }, process, { ...console }];
  const [out, err] = (['stdout', 'stderr'] as const).map((name) => (text: string) => {
    answer[name] += text;
  }) as [(text: string) => void, (text: string) => void];
  const listeners = process.listeners('SIGINT');
  program.exitOverride().configureOutput({ writeOut: out, writeErr: err });
  console.log = (...values) => out(`${format(...values)}\n`);
  console.error = console.warn = (...values) => err(`${format(...values)}\n`);
  process.argv = [...argv.slice(0, 2), ...args];
  process.exitCode = undefined; // a test that failed before has set it
  try {
    await main();
  } catch (error) {
    if (error instanceof DescentError) err(`${error.message}\n`);
    else if (!(error instanceof CommanderError)) throw error;
    answer.status = error instanceof CommanderError ? error.exitCode : 1;
  } finally {
    releaseAll();
    for (const one of process.listeners('SIGINT')) if (!listeners.includes(one)) process.off('SIGINT', one);
    Object.assign(console, own);
    process.argv = argv;
    answer.status ||= Number(process.exitCode ?? 0);
    process.exitCode = exitCode;
  }
  return answer;
}
