// What every script does at its edge.
import { createRequire } from 'node:module';
import { parse } from 'node:path';
import { endInOrder, stopCode } from '../../lib/native/edge.mjs';

/**
 * An error that is meant for the reader is one message, and so is one in a file of the reader's code; any other is a
 * defect of ours and keeps its stack.
 */
function messageOrStack(error: unknown): unknown {
  // Loaded only here: scripts that do without TensorFlow have errors of their own.
  const require = createRequire(__filename);
  const { DescentError } = require('descent-lab') as typeof import('descent-lab');
  if (error instanceof DescentError) return error.message;
  const { ownFileFailure } = require('descent-lab/internal') as typeof import('descent-lab/internal');
  return ownFileFailure(error) ?? error;
}

/**
 * Runs a script's main function: paths count from where the reader stands (npm runs scripts in the project's folder,
 * wherever it was called), and what stops the script stops it in order.
 *
 * @param tell what is said of an error
 * @param patient whether a second signal does not end it at once
 */
export function run(
  main: () => Promise<void> | void,
  tell: (error: Error) => unknown = messageOrStack,
  { patient = false } = {},
): void {
  const { INIT_CWD: calledFrom, npm_lifecycle_event: npmScript } = process.env;
  // A test that starts a script inherits npm's variables too, but they are about `npm test`.
  // What stands before a colon is the script's family: bench:queue is queue.ts.
  if (calledFrom && npmScript?.split(':').at(-1) === parse(process.argv[1]!).name) process.chdir(calledFrom);
  endInOrder({ patient });
  Promise.resolve()
    .then(main)
    .catch((error: Error) => {
      console.error(tell(error));
      process.exitCode = stopCode() ?? 1;
    });
}
