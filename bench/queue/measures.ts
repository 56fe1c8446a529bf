// What is measured of the queue.
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

import { sha256, textTable } from 'descent-lab/internal';
import { codeVersion, cores, queueEngine, type Job } from 'descent-lab-queue';
import type { RedisServer } from '../../tests/support/redis';
import { cpuEach, rate, time, withWorkers } from './running';

/** What is measured with. */
export interface Means {
  redis: RedisServer;
  /** A folder that is thrown away. */
  folder: string;
  /** A folder of photos; without one only the vectors are measured. */
  photos?: string;
  /** Fewer jobs. */
  quick?: boolean;
}

/** Photos and restarts a second in one process, on threads, and with 1, 2 and 4 workers; the tables must be the same. */
export async function throughput({ redis, folder, photos, quick }: Means): Promise<void> {
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
    await withWorkers(redis, count, photos, () =>
      measure(`${count} worker${count > 1 ? 's' : ''}`, ['--queue', redis.url]),
    );
  }
  console.log(
    `\n${cpus()[0]!.model}, ${cores()} cores; batches of 32 photos, the article's attack; ` +
      '20 vectors, 163 restarts a batch, 300 iterations\n',
  );
  console.log(textTable(rows));
  if (photos) console.log(`tables: ${sums.size === 1 ? 'all the same, to the byte' : 'NOT THE SAME'}`);
}

/** Jobs that do nothing: milliseconds each, and the memory of Redis meanwhile. */
export async function idle({ redis, quick }: Means): Promise<void> {
  const count = quick ? 5000 : 100_000;
  await withWorkers(redis, 1, undefined, async ([worker]) => {
    const engine = await queueEngine({ url: redis.url, run: 'idle', drop: true });
    const used = (): Promise<number> =>
      redis.ask(async (client) => Number(/used_memory:(\d+)/.exec(await client.info('memory'))![1]));
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
    console.log(
      `\n${count} jobs that do nothing, one after another on one worker: ${each.toFixed(2)} ms each, of ` +
        `processors' time ${JSON.stringify(cpu)} ms; Redis holds ${(before / 1e6).toFixed(1)} MB before, at most ` +
        `${(most / 1e6).toFixed(1)} MB meanwhile, ${((await used()) / 1e6).toFixed(1)} MB after`,
    );
    await engine.close(true);
  });
}

/** Bytes into and out of Redis for each photo, by the number of its trials (attacks times sizes). */
export async function bytes({ redis, folder, photos }: Means): Promise<void> {
  if (photos === undefined) return console.log('\nbytes through Redis: not measured without a folder of photos');
  const count = 64;
  const moved = (): Promise<number> =>
    redis.ask(async (client) => {
      const stats = await client.info('stats');
      return ['input', 'output'].reduce(
        (sum, way) => sum + Number(new RegExp(`total_net_${way}_bytes:(\\d+)`).exec(stats)![1]),
        0,
      );
    });
  await withWorkers(redis, 1, photos, async ([worker]) => {
    for (const epsilons of ['1/255', '1/255,2/255,3/255,4/255,5/255,6/255,7/255,8/255']) {
      const args = [
        photos,
        '--queue',
        redis.url,
        '--attack',
        'article',
        '--epsilons',
        epsilons,
        '--out',
        join(folder, 'bytes.csv'),
        '--limit',
      ];
      await time('evaluate', [...args, '1']); // the network is loaded
      const before = await moved();
      const cpu = await cpuEach(redis, worker!, count / 32, () => time('evaluate', [...args, String(count)]));
      console.log(
        `${epsilons.split(',').length} trials a photo: ${Math.round(((await moved()) - before) / count)} bytes ` +
          `through Redis for each photo; a job of 32 takes ${cpu.worker} ms of the worker's processors`,
      );
    }
  });
}
