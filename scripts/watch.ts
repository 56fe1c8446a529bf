// `npm run watch -- spread`: runs the tests in tests/spread*.test.ts, and again at each save of a source file.
import { watch } from 'node:fs';
import { join } from 'node:path';
import { root } from './check/process';
import { runTests, testFiles } from './check/test-files';
import { Script } from './cli/command';
import { run } from './cli/edge';

/** A save is several events: so many milliseconds after the last of them the tests begin. */
const SETTLED = 50;

export const program = new Script('npm run watch --')
  .description('Runs tests at each save.')
  .argument('<names...>', 'beginnings of the names of test files');

async function main(): Promise<void> {
  const files = testFiles(program.parse().args);
  const seconds = new Map<string, number>(); // of each file when it ran last: the shortest begins
  let running = new AbortController();
  const again = async (): Promise<void> => {
    running.abort();
    const { signal } = (running = new AbortController());
    const start = performance.now();
    const order = [...files].sort((one, other) => (seconds.get(one) ?? 0) - (seconds.get(other) ?? 0));
    await runTests(
      order,
      1,
      (ended) => {
        seconds.set(ended.file, ended.seconds);
        const since = ((performance.now() - start) / 1000).toFixed(1);
        process.stdout.write(
          `${ended.output}${ended.ok ? 'ok' : 'FAILED'}: ${ended.file}, ${since} s after the save\n`,
        );
      },
      signal,
    );
    if (!signal.aborted) console.log('waits for the next save; Ctrl-C ends it');
  };
  let settled: NodeJS.Timeout | undefined;
  for (const folder of ['lib/src', 'queue/src', 'publish/src', 'scripts', 'tests']) {
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (!file || !/\.(?:[cm]?ts|[cm]js)$/.test(file)) return;
      clearTimeout(settled);
      settled = setTimeout(() => void again(), SETTLED);
    });
  }
  await again();
}

if (require.main === module) run(main, ({ message }) => message);
