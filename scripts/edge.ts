// What every script does at its edge.
import { parse } from 'node:path';
import { DescentError } from 'descent-lab';

/**
 * Runs a script's main function: paths count from where the reader stands (npm runs scripts in the project's folder,
 * wherever it was called), and an error that is meant for the reader is one message, not a stack.
 */
export function run(main: () => Promise<void>): void {
  const { INIT_CWD: calledFrom, npm_lifecycle_event: npmScript } = process.env;
  // A test that starts a script inherits npm's variables too, but they are about `npm test`.
  // What stands before a colon is the script's family: bench:queue is queue.ts.
  if (calledFrom && npmScript?.split(':').at(-1) === parse(process.argv[1]!).name) process.chdir(calledFrom);
  main().catch((error: unknown) => {
    console.error(error instanceof DescentError ? error.message : error);
    process.exitCode = 1;
  });
}
