// `npm run bench:queue`: what the queue costs and brings, on this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DescentError } from 'descent-lab';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { folder } from '../scripts/cli/outputs';
import { noRedis, RedisServer } from '../tests/support/redis';
import { bytes, idle, throughput } from './queue/measures';

const parts = { idle, throughput, bytes };

export const program = new Script('npm run bench:queue --')
  .description(
    'Measures what the queue costs and brings on this machine, with a Redis of its own (redis-server has to be on ' +
      'the PATH): jobs that do nothing, photos and restarts a second on 1, 2 and 4 workers, bytes through Redis. Keeps nothing.',
  )
  .argument('[photos]', 'a folder with a folder of photos for each class; without it only vectors are spread')
  .option('--quick', 'fewer jobs')
  .option('--idle', 'only the jobs that do nothing')
  .option('--throughput', 'only photos and restarts a second')
  .option('--bytes', 'only the bytes through Redis')
  .reads({ photos: folder });

async function main(): Promise<void> {
  program.parse();
  const [photos] = program.processedArgs as [string | undefined];
  const options = program.opts<Partial<Record<keyof typeof parts | 'quick', boolean>>>();
  if (noRedis) throw new DescentError(noRedis);
  const scratch = mkdtempSync(join(tmpdir(), 'bench-queue-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const redis = await RedisServer.start(['--appendfsync', 'everysec']);
  const means = {
    redis,
    folder: scratch,
    quick: options.quick,
    ...(photos !== undefined && { photos: resolve(photos) }),
  };
  try {
    const all = Object.keys(parts) as (keyof typeof parts)[];
    const named = all.filter((name) => options[name]);
    for (const name of named.length > 0 ? named : all) await parts[name](means);
  } finally {
    await redis.stop();
  }
}

if (require.main === module) run(main);
