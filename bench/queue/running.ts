// The project's commands and workers as processes of their own, and what they take.
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { root } from '../places';
import { until, type RedisServer } from '../../tests/support/redis';

export interface Running extends ChildProcess {
  said: string;
  ended: Promise<number | null>;
}

function start(script: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--import', './scripts/tsx.mjs', `scripts/${script}.ts`, ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const running = Object.assign(child, { said: '', ended });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => {
      running.said += text.toString();
    });
  return running;
}

/** Seconds that a command takes. */
export async function time(script: string, args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const running = start(script, args);
  if ((await running.ended) !== 0) throw new Error(running.said);
  return (performance.now() - begin) / 1000;
}

/** So many a second once it runs: from the times of a small and a large amount, so that the start counts for nothing. */
export async function rate(
  script: string,
  args: readonly string[],
  option: string,
  [small, large]: [number, number],
): Promise<number> {
  const timeFor = (amount: number): Promise<number> => time(script, [...args, option, String(amount)]);
  await timeFor(small); // the workers load what they need
  const start = await timeFor(small);
  return Number(((large - small) / ((await timeFor(large)) - start)).toPrecision(3));
}

export async function withWorkers<T>(
  redis: RedisServer,
  count: number,
  photos: string | undefined,
  work: (workers: Running[]) => Promise<T>,
): Promise<T> {
  const workers = Array.from({ length: count }, () =>
    start('worker', ['--queue', redis.url, '--quiet', ...(photos ? ['--root', photos] : [])]),
  );
  await until(() => workers.every(({ said }) => said.includes('waits')), 'the workers wait');
  try {
    return await work(workers);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
  }
}

/** Seconds of a processor's time that a process has had, and those it started (Linux). */
function cpuOf(pid: number): number {
  const own = (one: number | string): number => {
    const [user, system] = readFileSync(`/proc/${one}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13);
    return (Number(user) + Number(system)) / 100;
  };
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return own(pid) + children.reduce((sum, child) => sum + own(child), 0);
}

/** Milliseconds of processors' time that each of so many jobs took, here, in Redis and in the worker. */
export async function cpuEach(
  redis: RedisServer,
  worker: Running,
  count: number,
  work: () => Promise<unknown>,
): Promise<Record<'command' | 'redis' | 'worker', number>> {
  const now = async (): Promise<number[]> => [
    cpuOf(process.pid),
    await redis.ask(async (client) =>
      [...(await client.info('cpu')).matchAll(/used_cpu_(?:user|sys):([\d.]+)/g)].reduce(
        (sum, [, part]) => sum + Number(part),
        0,
      ),
    ),
    cpuOf(worker.pid!),
  ];
  const before = await now();
  await work();
  const [command, own, far] = (await now()).map((value, i) =>
    Number(((1000 * (value - before[i]!)) / count).toFixed(2)),
  );
  return { command: command!, redis: own!, worker: far! };
}
