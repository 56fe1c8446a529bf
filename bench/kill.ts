// Kills a command by `kill -9` at random moments and calls it again 0.2 s later:
// node --import ./scripts/tsx.mjs bench/kill.ts train photos
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Argument } from 'commander';
import { DescentError, Random } from 'descent-lab';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { integer, seed } from '../scripts/cli/numbers';
import { folder } from '../scripts/cli/outputs';
import { root } from './places';

/** A command that writes into a folder, what is added where it is called again, and what has to be the same then. */
interface Subject {
  args: (out: string, photos: string) => string[];
  again?: string[];
  results: (out: string) => string[];
}

const subjects: Record<string, Subject> = {
  train: {
    args: (out, photos) => ['train.ts', photos, '--epochs', '6', '--limit', '48', '--batch', '8', '--out', out],
    again: ['--resume'],
    results: (out) => [join(out, 'model'), join(out, 'history.csv'), join(out, 'training.html')],
  },
  evaluate: {
    args: (out, photos) => [
      'evaluate.ts',
      photos,
      '--attack',
      'article,pgd',
      '--epsilons',
      '1/255,2/255',
      '--limit',
      '24',
      '--batch',
      '4',
      '--cores',
      '1',
      '--out',
      join(out, 'table.csv'),
      '--per-photo',
      join(out, 'photos.csv'),
    ],
    results: (out) => [join(out, 'table.csv'), join(out, 'photos.csv')],
  },
  spread: {
    args: (out) => [
      'spread.ts',
      '--vectors',
      '20',
      '--dimensions',
      '3',
      '--restarts',
      '8',
      '--out',
      join(out, 'v.csv'),
    ],
    results: (out) => [join(out, 'v.csv')],
  },
  figures: {
    args: () => ['figures.ts', 'your-own'],
    results: () => [join(root, 'notebooks', 'your-own.ipynb'), join(root, 'figures', 'manifest.json')],
  },
  setup: { args: () => ['setup.mjs'], results: () => ['lib', 'queue'].map((part) => join(root, part, 'dist')) },
};

export const program = new Script('node --import ./scripts/tsx.mjs bench/kill.ts')
  .description(
    'Kills a command by `kill -9` at random moments, calls it again 0.2 s later, and compares what it made with an ' +
      'unbroken run. `setup` compiles the library each time; `figures` renews notebooks/your-own.ipynb.',
  )
  .addArgument(new Argument('<command>').choices(Object.keys(subjects)))
  .argument('[photos]', 'for train and evaluate: a folder with a folder of photos for each class')
  .option('--times <count>', 'how often', integer(1, 1000), 10)
  .option('--seed <number>', 'of the moments', seed, 1)
  .reads({ photos: folder });

/** Every process that we started has this in its environment, whatever became of its parent. */
const mark = `DESCENT_LAB_KILL=${process.pid}`;

function start(args: string[]) {
  const [name, value] = mark.split('=') as [string, string];
  const child = spawn(
    process.execPath,
    ['--import', './scripts/tsx.mjs', join('scripts', args[0]!), ...args.slice(1)],
    { cwd: root, env: { ...process.env, [name]: value }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const ended = new Promise<number | null>((done) => {
    child.once('exit', done);
  });
  return { child, ended, said: () => said };
}

/** Those of ours that run still, by /proc. */
const leftovers = (): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark) &&
        !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
      );
    } catch {
      return false;
    }
  });

const filesOf = (path: string): string[] =>
  statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .flatMap((name) => filesOf(join(path, name)))
    : [path];
const bytesOf = (paths: string[]): string =>
  paths
    .flatMap(filesOf)
    .map((file) => readFileSync(file).toString('base64'))
    .join();

async function main(): Promise<void> {
  const [name, given = ''] = program.parse().processedArgs as [string, string | undefined];
  const { times, seed: own } = program.opts<{ times: number; seed: number }>();
  const { args, again = [], results } = subjects[name]!;
  if (['train', 'evaluate'].includes(name) && !given) throw new DescentError(`${name} needs a folder of photos`);
  const photos = resolve(given);
  const scratch = mkdtempSync(join(tmpdir(), 'kill-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const renew = (): void => {
    if (name === 'setup') rmSync(join(root, 'lib', 'dist', '.set-up'), { force: true });
  };

  renew();
  const begin = performance.now();
  const unbroken = start(args(join(scratch, 'whole'), photos));
  if ((await unbroken.ended) !== 0) throw new DescentError(unbroken.said());
  const length = performance.now() - begin;
  const wanted = bytesOf(results(join(scratch, 'whole')));

  const random = new Random(own);
  const counts = { held: 0, 'ended before': 0, refused: 0, different: 0, 'left running': 0 };
  for (let i = 0; i < times; i++) {
    const out = join(scratch, String(i));
    renew();
    const moment = random.uniform(0, length);
    const killed = start(args(out, photos));
    await sleep(moment);
    if (!killed.child.kill('SIGKILL')) counts['ended before']++;
    await sleep(200);
    const next = start([...args(out, photos), ...again]);
    const code = await next.ended;
    for (let look = 0; look < 50 && leftovers().length > 0; look++) await sleep(200); // a kernel takes a second to notice
    const outcome =
      code !== 0
        ? 'refused'
        : leftovers().length > 0
          ? 'left running'
          : bytesOf(results(out)) === wanted
            ? 'held'
            : 'different';
    counts[outcome]++;
    console.log(
      `killed after ${(moment / 1000).toFixed(2)} s of ${(length / 1000).toFixed(1)}: ${outcome}` +
        `${outcome === 'held' ? '' : `\n${next.said()}`}`,
    );
  }
  console.log(JSON.stringify(counts));
  if (counts.held < times) throw new DescentError(`${times - counts.held} of ${times} did not hold`);
}

if (require.main === module) run(main);
