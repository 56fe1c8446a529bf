// `npm test`: types, lint, format and all tests; `npm test -- spread`: the tests in tests/spread*.test.ts alone.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { runNode, type Ended } from './check/process';
import { COUNTS, runTests, testFiles, type TestFile } from './check/test-files';
import { Script } from './cli/command';
import { run } from './cli/edge';

const require = createRequire(__filename);

/** The file that a package runs as its command: no shell and no shim, so that it works the same everywhere. */
function binary(packageName: string, command = packageName): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]!);
}

/** What is checked of all files, side by side. */
const PARTS: Record<string, string[]> = {
  'the library, compiled': ['scripts/setup.mjs', 'library'],
  types: [binary('typescript', 'tsc'), '-p', '.'],
  lint: [binary('eslint'), '.', '--max-warnings', '0'],
  'format (npm run format mends it)': [binary('prettier'), '--check', '.', '--log-level', 'warn'],
};

const took = ({ seconds }: Pick<Ended, 'seconds'>, of: string): string => `${seconds.toFixed(1).padStart(7)} s  ${of}`;

async function checkParts(): Promise<{ told: string[]; ok: boolean }> {
  const parts = await Promise.all(
    Object.entries(PARTS).map(async ([name, args]) => {
      const ended = await runNode(args);
      process.stdout.write(`${ended.ok ? 'ok' : 'FAILED'}: ${name}\n${ended.output}`);
      return { name, ...ended };
    }),
  );
  return { told: parts.map((part) => took(part, part.name)), ok: parts.every(({ ok }) => ok) };
}

async function checkTests(files: string[]): Promise<{ told: string[]; ok: boolean }> {
  const start = performance.now();
  const ended: TestFile[] = [];
  // one more than there are cores: some files wait more than they compute
  await runTests(files, Math.min(2, availableParallelism()) + 1, (one) => {
    process.stdout.write(`${one.ok ? '' : 'FAILED: '}${one.file}\n${one.output}\n`);
    ended.push(one);
  });
  const slowest = [...ended].sort((one, other) => other.seconds - one.seconds).slice(0, 10);
  const sums = COUNTS.map((name) => `${name} ${ended.reduce((sum, { counts }) => sum + counts[name], 0)}`);
  const told = [
    took({ seconds: (performance.now() - start) / 1000 }, `tests: ${sums.join(', ')}; those that took longest:`),
    ...slowest.map((one) => `  ${took(one, one.file)}`),
    ...ended.filter(({ ok }) => !ok).map(({ file }) => `FAILED: ${file}`),
  ];
  return { told, ok: ended.every(({ ok }) => ok) };
}

export const program = new Script('npm test --')
  .description('Checks types, lint, format and tests.')
  .argument('[names...]', 'beginnings of the names of test files: these alone are run, and nothing else is checked');

async function main(): Promise<void> {
  const named = program.parse().args;
  const files = testFiles(named);
  const parts = named.length === 0 ? await checkParts() : { told: ['left out: types, lint, format'], ok: true };
  const tests = parts.ok ? await checkTests(files) : { told: ['left out: tests'], ok: false };
  console.log([...parts.told, ...tests.told].join('\n'));
  if (!tests.ok) throw new Error('FAILED');
}

if (require.main === module) run(main, ({ message }) => message);
