// What the queue costs and brings, on this machine: node --import tsx bench/queue.ts [photos folder] [--quick]
// With --idle, --throughput or --bytes only that part. Needs a redis-server on the PATH; starts its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { textTable } from 'descent-lab';
import { codeVersion, cores, queueEngine, sha256, type Job } from 'descent-lab-queue';
import { RedisServer, until } from '../tests/support/redis';

const root = join(__dirname, '..');
const quick = process.argv.includes('--quick');
const photos = process.argv.slice(2).find((word) => !word.startsWith('--'));
const folder = mkdtempSync(join(tmpdir(), 'bench-queue-'));

interface Running extends ChildProcess { said: string; ended: Promise<number | null> }

function start(script: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, ...args], { cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const running = Object.assign(child, { said: '', ended });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { running.said += text.toString(); });
  return running;
}

/** Seconds that a command takes. */
async function time(script: string, args: readonly string[]): Promise<number> {
  const begin = performance.now();
  const running = start(script, args);
  if (await running.ended !== 0) throw new Error(running.said);
  return (performance.now() - begin) / 1000;
}

/** So many a second once it runs: from the times of a small and a large amount, so that the start counts for nothing. */
async function rate(script: string, args: readonly string[], option: string, [small, large]: [number, number]):
  Promise<number> {
  const timeFor = (amount: number): Promise<number> => time(script, [...args, option, String(amount)]);
  await timeFor(small); // the workers load what they need
  const start = await timeFor(small);
  return Number(((large - small) / (await timeFor(large) - start)).toPrecision(3));
}

async function withWorkers<T>(redis: RedisServer, count: number, work: (workers: Running[]) => Promise<T>):
  Promise<T> {
  const workers = Array.from({ length: count }, () => start('worker', ['--queue', redis.url, '--quiet',
    ...photos ? ['--root', photos] : []]));
  await until(() => workers.every(({ said }) => said.includes('waits')), 'the workers wait');
  try {
    return await work(workers);
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
  }
}

/** Photos and restarts a second in one process, on threads, and with 1, 2 and 4 workers; the tables must be the same. */
async function throughput(redis: RedisServer): Promise<void> {
  const times = quick ? 3 : 5;
  const evaluate = ['--attack', 'article', '--epsilons', '1/255', '--out', join(folder, 'table.csv')];
  const spread = ['--vectors', '20', '--dimensions', '3', '--iterations', '300', '--json'];
  const rows: Record<string, string | number>[] = [];
  const sums = new Set<string>();
  const measure = async (name: string, more: readonly string[]): Promise<void> => {
    const row: Record<string, string | number> = { on: name };
    if (photos) {
      row['photos/s'] = await rate('evaluate', [photos, ...evaluate, ...more], '--limit', [128, 128 * times]);
      sums.add(sha256(readFileSync(join(folder, 'table.csv'))));
    }
    row['restarts/s'] = await rate('spread', [...spread, ...more], '--restarts', [652, 652 * times]);
    rows.push(row);
    console.error(row);
  };
  await measure('one process', ['--cores', '1']);
  await measure(`${cores()} threads`, []);
  for (const count of [1, 2, 4]) {
    await withWorkers(redis, count, () => measure(`${count} worker${count > 1 ? 's' : ''}`, ['--queue', redis.url]));
  }
  console.log(`\n${cpus()[0]!.model}, ${cores()} cores; batches of 32 photos, the article's attack; ` +
    '20 vectors, 163 restarts a batch, 300 iterations\n');
  console.log(textTable(rows));
  if (photos) console.log(`tables: ${sums.size === 1 ? 'all the same, to the byte' : 'NOT THE SAME'}`);
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
async function cpuEach(redis: RedisServer, worker: Running, count: number, work: () => Promise<unknown>):
  Promise<Record<'command' | 'redis' | 'worker', number>> {
  const now = async (): Promise<number[]> => [cpuOf(process.pid), await redis.ask(async (client) =>
    [...(await client.info('cpu')).matchAll(/used_cpu_(?:user|sys):([\d.]+)/g)].reduce((sum, [, part]) =>
      sum + Number(part), 0)), cpuOf(worker.pid!)];
  const before = await now();
  await work();
  const [command, own, far] = (await now()).map((value, i) => Number((1000 * (value - before[i]!) / count).toFixed(2)));
  return { command: command!, redis: own!, worker: far! };
}

/** Jobs that do nothing: milliseconds each, and the memory of Redis meanwhile. */
async function idle(redis: RedisServer): Promise<void> {
  const count = quick ? 5000 : 100_000;
  await withWorkers(redis, 1, async ([worker]) => {
    const engine = await queueEngine({ url: redis.url, run: 'idle', drop: true });
    const used = (): Promise<number> => redis.ask(async (client) =>
      Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1]));
    let most = 0;
    const run = async (from: number, to: number): Promise<void> => {
      const jobs = (function* (): Generator<Job> {
        for (let number = from; number < to; number++) yield { code: codeVersion(), task: 'idle', number };
      })();
      let done = 0;
      for await (const { job } of engine.outcomes(jobs)) {
        done += Number(job.task === 'idle');
        if (done % 1000 === 0) most = Math.max(most, await used());
      }
      if (done !== to - from) throw new Error(`${to - from} jobs were asked for, ${done} done`);
    };
    await run(0, 20); // the worker's process starts
    const before = await used();
    const begin = performance.now();
    const cpu = await cpuEach(redis, worker!, count, () => run(20, 20 + count));
    const each = (performance.now() - begin) / count;
    console.log(`\n${count} jobs that do nothing, one after another on one worker: ${each.toFixed(2)} ms each, of ` +
      `processors' time ${JSON.stringify(cpu)} ms; Redis holds ${(before / 1e6).toFixed(1)} MB before, at most ` +
      `${(most / 1e6).toFixed(1)} MB meanwhile, ${(await used() / 1e6).toFixed(1)} MB after`);
    await engine.close(true);
  });
}

/** Bytes into and out of Redis for each photo, by the number of its trials (attacks times sizes). */
async function bytes(redis: RedisServer): Promise<void> {
  const count = 64;
  const moved = (): Promise<number> => redis.ask(async (client) => {
    const stats = await client.info('stats');
    return ['input', 'output'].reduce((sum, way) =>
      sum + Number(new RegExp(`total_net_${way}_bytes:(\\d+)`).exec(stats)![1]), 0);
  });
  await withWorkers(redis, 1, async ([worker]) => {
    for (const epsilons of ['1/255', '1/255,2/255,3/255,4/255,5/255,6/255,7/255,8/255']) {
      const args = [photos!, '--queue', redis.url, '--attack', 'article', '--epsilons', epsilons, '--out',
        join(folder, 'bytes.csv'), '--limit'];
      await time('evaluate', [...args, '1']); // the network is loaded
      const before = await moved();
      const cpu = await cpuEach(redis, worker!, count / 32, () => time('evaluate', [...args, String(count)]));
      console.log(`${epsilons.split(',').length} trials a photo: ${Math.round((await moved() - before) / count)} bytes ` +
        `through Redis for each photo; a job of 32 takes ${cpu.worker} ms of the worker's processors`);
    }
  });
}

async function main(): Promise<void> {
  const redis = await RedisServer.start(['--appendfsync', 'everysec']);
  try {
    const parts = { idle, throughput, ...photos && { bytes } };
    const named = Object.entries(parts).filter(([name]) => process.argv.includes(`--${name}`));
    for (const [, part] of named.length > 0 ? named : Object.entries(parts)) await part(redis);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
