// `npm test`: type check, lint, and all tests, or those named: `npm test -- spread` runs tests/spread*.test.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from './command';

const root = join(__dirname, '..');
const require = createRequire(__filename);

/** The file that a package runs as its command: no shell and no shim, so that it works the same everywhere. */
function binary(packageName: string, command = packageName): string {
  const manifest = require.resolve(`${packageName}/package.json`);
  const { bin } = require(manifest) as { bin: string | Record<string, string> };
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]!);
}

function step(name: string, args: string[]): void {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name}, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exit(1);
}

export const program = new Script('npm test --')
  .description('Checks types, lint and tests.')
  .argument('[names...]', 'beginnings of the names of test files; none means all');

function main(): void {
  const named = program.parse().args;
  const files = readdirSync(join(root, 'tests'))
    .filter((file) => file.endsWith('.test.ts') && (named.length === 0 || named.some((name) => file.startsWith(name))))
    .map((file) => join('tests', file));
  if (files.length === 0) {
    console.error(`no test file starts with ${named.join(' or ')}`);
    process.exit(1);
  }
  step('type check of the library', [binary('typescript', 'tsc'), '-b', 'lib', 'queue']);
  step('type check of scripts and tests', [binary('typescript', 'tsc'), '-p', '.']);
  step('lint', [binary('eslint'), '.', '--max-warnings', '0']);
  // A test that failed may leave a server or a browser open: its file ends all the same.
  step('tests',
    ['--import', 'tsx', '--test', '--test-force-exit', '--test-concurrency=2', '--test-reporter=spec', ...files]);
}

if (require.main === module) main();
