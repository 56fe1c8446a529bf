// What the queue costs and brings, on this machine: node --import tsx bench/queue.ts [photos folder] [--quick]
// Needs a redis-server on the PATH; starts its own. Prints a table in Markdown.
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

function start(script: string, args: readonly string[]): ChildProcess & { said: string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, ...args], { cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'] });
  let ended: Promise<number | null> | undefined;
  const running = Object.assign(child, { said: '', ended: (ended = new Promise((resolve) =>
    child.once('close', resolve))) });
  void ended;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { running.said += text.toString(); });
  return running;
}

/** Seconds that a command takes, without what it takes to do next to nothing: start-up and loading. */
async function seconds(script: string, args: readonly string[], small: readonly string[]): Promise<number> {
  const time = async (all: readonly string[]): Promise<number> => {
    const begin = performance.now();
    const running = start(script, all);
    if (await running.ended !== 0) throw new Error(running.said);
    return (performance.now() - begin) / 1000;
  };
  await time([...args, ...small]); // the workers load what they need
  const idle = await time([...args, ...small]);
  return await time(args) - idle;
}

async function withWorkers<T>(redis: RedisServer, count: number, work: () => Promise<T>): Promise<T> {
  const workers = Array.from({ length: count }, () => start('worker', ['--queue', redis.url, '--quiet',
    ...photos ? ['--root', photos] : []]));
  await until(() => workers.every(({ said }) => said.includes('waits')), 'the workers wait');
  try {
    return await work();
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await Promise.all(workers.map(({ ended }) => ended));
  }
}

/** Photos and restarts a second in one process, on threads, and with 1, 2 and 4 workers; the tables must be the same. */
async function throughput(redis: RedisServer): Promise<void> {
  const [photoCount, restarts] = quick ? [128, 1630] : [512, 6520];
  const evaluate = ['--attack', 'article', '--epsilons', '1/255', '--out', join(folder, 'table.csv')];
  const spread = ['--vectors', '20', '--dimensions', '3', '--iterations', '300', '--json'];
  const rows: Record<string, string | number>[] = [];
  const sums = new Set<string>();
  const measure = async (name: string, more: readonly string[]): Promise<void> => {
    const row: Record<string, string | number> = { on: name };
    if (photos) {
      const took = await seconds('evaluate', [photos, ...evaluate, ...more, '--limit', String(photoCount)],
        ['--limit', '8']);
      row['photos/s'] = Number((photoCount / took).toPrecision(3));
      sums.add(sha256(readFileSync(join(folder, 'table.csv'))));
    }
    const took = await seconds('spread', [...spread, ...more, '--restarts', String(restarts)], ['--restarts', '4']);
    row['restarts/s'] = Number((restarts / took).toPrecision(3));
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

/** Jobs that do nothing: milliseconds each, and the memory of Redis meanwhile. */
async function idle(redis: RedisServer): Promise<void> {
  const count = quick ? 5000 : 100_000;
  await withWorkers(redis, 1, async () => {
    const engine = await queueEngine({ url: redis.url, run: 'idle', drop: true });
    const used = (): Promise<number> => redis.ask(async (client) =>
      Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1]));
    function* jobs(from: number, to: number): Generator<Job> {
      for (let number = from; number < to; number++) yield { code: codeVersion(), task: 'idle', number };
    }
    for await (const _ of engine.outcomes(jobs(0, 20))); // the worker's process starts
    const before = await used();
    let most = 0, done = 0;
    const begin = performance.now();
    for await (const _ of engine.outcomes(jobs(20, 20 + count))) {
      if (++done % 1000 === 0) most = Math.max(most, await used());
    }
    const each = (performance.now() - begin) / count;
    console.log(`\n${count} jobs that do nothing, one after another on one worker: ${each.toFixed(2)} ms each; Redis ` +
      `holds ${(before / 1e6).toFixed(1)} MB before, at most ${(most / 1e6).toFixed(1)} MB meanwhile, ` +
      `${(await used() / 1e6).toFixed(1)} MB after`);
    await engine.close(true);
  });
}

async function main(): Promise<void> {
  const redis = await RedisServer.start(['--appendfsync', 'everysec']);
  try {
    await idle(redis);
    await throughput(redis);
    const bytes = await redis.ask((client) => client.info('stats'));
    console.log(`bytes into and out of Redis in all: ${/total_net_input_bytes:(\d+)/.exec(bytes)![1]} and ` +
      `${/total_net_output_bytes:(\d+)/.exec(bytes)![1]}`);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
