// How soon the notebooks' kernel is there, and what its first cells cost:
// node --import ./scripts/tsx.mjs bench/kernel-start.ts --beside ../another-checkout
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { jupyterEnv, venvBin } from 'descent-lab-publish';
import { Script } from '../scripts/cli/command';
import { run } from '../scripts/cli/edge';
import { integer, positive } from '../scripts/cli/numbers';
import { folder } from '../scripts/cli/outputs';
import { root } from './places';
import { quantile } from './statistics';

interface Options {
  beside?: string;
  rounds: number;
  pause?: number;
}
interface Start {
  times: Record<string, number>;
  parts: Record<string, number>;
}

export const program = new Script('node --import ./scripts/tsx.mjs bench/kernel-start.ts')
  .description('Starts kernels, one after the other, and prints the medians of their parts in milliseconds.')
  .option('--beside <folder>', 'another checkout, which is measured in turn with this one')
  .option('--rounds <n>', 'how many kernels are started of each', integer(1, 1000), 8)
  .option('--pause <seconds>', 'between the first answer and the first cell, as a reader takes', positive(60))
  .reads({ beside: folder });

async function start(checkout: string, pause: number): Promise<Start> {
  const scratch = mkdtempSync(join(tmpdir(), 'descent-lab-start-'));
  try {
    const { stdout } = await promisify(execFile)(
      venvBin('python'),
      [
        join(root, 'bench', 'kernel_start.py'),
        process.execPath,
        join(root, 'bench', 'kernel-parts.cjs'),
        join(checkout, 'scripts', 'setup', 'tslab-kernel.mjs'),
        join(scratch, 'connection.json'),
        String(pause),
      ],
      { cwd: join(checkout, 'notebooks'), env: { ...jupyterEnv(), TF_CPP_MIN_LOG_LEVEL: '2' } },
    );
    return JSON.parse(stdout) as Start;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function main(): Promise<void> {
  const { beside, rounds, pause = 0 } = program.parse().opts<Options>();
  const checkouts = [...(beside ? [resolve(beside)] : []), root];
  const starts: Start[][] = checkouts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, checkout] of checkouts.entries()) starts[i]!.push(await start(checkout, pause));
  }
  console.log(`| medians of ${rounds} starts, ms |${beside ? ' beside |' : ''} here |${beside ? ' ratio |' : ''}`);
  console.log(`|---|---|${beside ? '---|---|' : ''}`);
  for (const kind of ['times', 'parts'] as const) {
    for (const name of new Set(starts.flat().flatMap((one) => Object.keys(one[kind])))) {
      const medians = starts.map((ones) =>
        quantile(
          ones.map((one) => one[kind][name] ?? 0),
          0.5,
        ),
      );
      const ratio = beside ? [(medians[1]! / medians[0]!).toFixed(2)] : [];
      console.log(`| ${[name, ...medians.map((ms) => ms.toFixed(0)), ...ratio].join(' | ')} |`);
    }
  }
}

if (require.main === module) run(main, ({ message }) => message);
