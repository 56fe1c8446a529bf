// The test files, and how they are run: each in a process of its own, on the library's source.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root, runNode, type Ended } from './process';

/** What takes minutes begins first, or it would run on alone when all else has ended. */
const SLOWEST = [
  'site-runs',
  'jupyterlab',
  'queue-redis',
  'evaluate',
  'kernel-protocol',
  'figures',
  'site',
  'package',
  'kernel-cells',
  'edge',
].map((name) => `tests/${name}.test.ts`);

/** The files whose names begin with one of `names`; none means all. The slowest come first, then the longest. */
export function testFiles(names: readonly string[]): string[] {
  const rank = (file: string): number => (SLOWEST.includes(file) ? SLOWEST.indexOf(file) : SLOWEST.length);
  const size = (file: string): number => statSync(join(root, file)).size;
  const files = readdirSync(join(root, 'tests'))
    .filter((file) => file.endsWith('.test.ts') && (names.length === 0 || names.some((name) => file.startsWith(name))))
    .map((file) => `tests/${file}`);
  if (files.length === 0) throw new Error(`no test file starts with ${names.join(' or ')}`);
  return files.sort((one, other) => rank(one) - rank(other) || size(other) - size(one));
}

/** How many tests there were, as the reporter counts them. */
export const COUNTS = ['tests', 'pass', 'fail', 'cancelled', 'skipped', 'todo'] as const;
export type Counts = Record<(typeof COUNTS)[number], number>;

export interface TestFile extends Ended {
  file: string;
  counts: Counts;
}

/** A test that failed may leave a server or a browser open: its file ends all the same. */
const OPTIONS = ['--import', './scripts/tsx.mjs', '--test-force-exit', '--test-reporter=spec'];

/** Runs test files, `width` at a time, and tells of each when it has ended. */
export async function runTests(
  files: readonly string[],
  width: number,
  tell: (ended: TestFile) => void,
  signal?: AbortSignal,
): Promise<void> {
  const waiting = [...files];
  const one = async (): Promise<void> => {
    for (let file = waiting.shift(); file && !signal?.aborted; file = waiting.shift()) {
      const ended = await runNode([...OPTIONS, file], signal);
      if (!signal?.aborted) tell({ file, ...ended, ...readCounts(ended.output) });
    }
  };
  await Promise.all(Array.from({ length: width }, one));
}

/** Takes the reporter's last lines, its counts, out of what it wrote. */
function readCounts(output: string): { output: string; counts: Counts } {
  const of = (name: string): number => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? 0);
  const counts = Object.fromEntries(COUNTS.map((name) => [name, of(name)])) as Counts;
  return {
    counts,
    output: output.replace(/^ℹ (?:suites|duration_ms|tests|pass|fail|cancelled|skipped|todo) .*\n/gm, ''),
  };
}
