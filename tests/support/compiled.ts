// The compiled library, for the tests of what loads that and not the source: a kernel, the package, another project.
import { execFileSync } from 'node:child_process';
import { ownRoot } from '../../publish/src/notebooks/project';

/** Compiles the library and the queue where they are older than their source. Several test files may ask at a time. */
export function compile(): void {
  execFileSync(process.execPath, ['scripts/setup.mjs', 'library'], {
    cwd: ownRoot,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
}

/** The environment of a command that takes what was compiled, as a reader's does: a test's own would take the source. */
export function readersEnvironment(): NodeJS.ProcessEnv {
  compile();
  const env = { ...process.env };
  delete env['NODE_TEST_CONTEXT'];
  delete env['DESCENT_LAB_SOURCE'];
  return env;
}
