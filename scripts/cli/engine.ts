// The options of the commands that can run elsewhere, and what they say while they do.
import { Option } from 'commander';
import type { Progress } from 'descent-lab';
import { cores, poolEngine, queueEngine, type Engine, type MachineOptions } from 'descent-lab-queue';
import type { Script } from './command';
import { integer } from './numbers';

export interface EngineOptions {
  queue?: string;
  queueName?: string;
  cores?: number;
}

/** `--queue` and `--queue-name`. */
export const withQueue = (program: Script): Script =>
  program
    .addOption(
      new Option(
        '--queue <url>',
        'redis://HOST:PORT, or rediss:// for TLS, with USER:PASSWORD@ before the host ' +
          'where there is a password: the workers there do the work',
      ).env('DESCENT_LAB_QUEUE'),
    )
    .option('--queue-name <name>', 'what the queue is called there (default: descent-lab)');

/** The same and `--cores`. */
export const withEngine = (program: Script): Script =>
  withQueue(program).option(
    '--cores <number>',
    `how many of this machine's cores work, without --queue (default: all, here ${cores()})`,
    integer(1, 256),
  );

/** Whether another engine than this process is asked for, or pays for the time that its threads take to start. */
export const worthIt = ({ queue, cores: own = cores() }: EngineOptions, jobs: number): boolean =>
  queue !== undefined || (own > 1 && jobs >= 2 * own);

/**
 * The workers on the queue that the options name, or else this machine's cores.
 * @param run a name for all that the run's numbers depend on
 * @param signal ends, with its reason, the wait for a Redis that takes nothing now
 */
export async function openEngine(
  { queue, queueName, cores: own = cores() }: EngineOptions,
  run: string,
  machine: MachineOptions = {},
  signal?: AbortSignal,
): Promise<Engine> {
  if (queue === undefined) return poolEngine(machine, own);
  return queueEngine({
    url: queue,
    name: queueName,
    run,
    drop: machine.root !== undefined,
    signal,
    onNotice: (message) => console.error(`queue: ${message}`),
  });
}

/** Keeps a progress bar awake, so that it tells of workers that come and go; returns what takes the progress. */
export function watch(bar: Progress, engine: () => Engine | undefined): (done: number, note?: unknown) => void {
  let last = 0,
    said = '';
  const show = (): void => bar.update(last, [said, engine()?.note].filter(Boolean).join(', '));
  setInterval(show, 1000).unref();
  return (done, note) => {
    last = done;
    said = typeof note === 'string' ? note : '';
    show();
  };
}
