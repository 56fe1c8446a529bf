// `npm test`: type check, lint, and all tests, or those named: `npm test -- spread` runs tests/spread*.test.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from './cli/command';
import { run } from './cli/edge';

const root = join(__dirname, '..');
const require = createRequire(__filename);

/** The file that a package runs as its command: no shell and no shim, so that it works the same everywhere. */
function binary(packageName: string, command = packageName): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]!);
}

async function step(name: string, args: string[]): Promise<void> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
  const stop = (): unknown => child.kill();
  process.on('SIGINT', stop);
  const [status] = (await once(child, 'exit')) as [number | null];
  process.off('SIGINT', stop);
  const told = `${name}, ${((performance.now() - start) / 1000).toFixed(1)} s`;
  if (status !== 0) throw new Error(`FAILED: ${told}`);
  console.log(`ok: ${told}`);
}

export const program = new Script('npm test --')
  .description('Checks types, lint and tests.')
  .argument('[names...]', 'beginnings of the names of test files; none means all');

async function main(): Promise<void> {
  const named = program.parse().args;
  const files = readdirSync(join(root, 'tests'))
    .filter((file) => file.endsWith('.test.ts') && (named.length === 0 || named.some((name) => file.startsWith(name))))
    .map((file) => join('tests', file));
  if (files.length === 0) throw new Error(`no test file starts with ${named.join(' or ')}`);
  await step('type check of the library', [binary('typescript', 'tsc'), '-b', 'lib', 'queue']);
  await step('type check of scripts and tests', [binary('typescript', 'tsc'), '-p', '.']);
  await step('lint', [binary('eslint'), '.', '--max-warnings', '0']);
  await step('format (npm run format mends it)', [binary('prettier'), '--check', '.', '--log-level', 'warn']);
  // A test that failed may leave a server or a browser open: its file ends all the same.
  await step('tests', [
    '--import',
    './scripts/tsx.mjs',
    '--test',
    '--test-force-exit',
    '--test-concurrency=2',
    '--test-reporter=spec',
    ...files,
  ]);
}

if (require.main === module) run(main, ({ message }) => message);
