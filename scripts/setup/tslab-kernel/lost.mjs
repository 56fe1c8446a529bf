// Errors that nobody waits for: a promise that was rejected, and what a timer throws. tslab says them on stderr, and the
// cell passes. Here the cell that runs fails by them; where none runs, they are said below the last one.
import { setImmediate as turn } from 'node:timers/promises';
import { asText, tellThrown } from './errors.mjs';

let watching = false;
const rejected = new Map(); // the reasons by their promises
const uncaught = []; // what was thrown

/** From now on lost errors are a cell's. */
export function watch() {
  watching = true;
  rejected.clear();
  uncaught.length = 0;
}

/** The first error that was lost since then, told; undefined where none was. */
export async function firstLost() {
  await turn();
  await turn(); // Node tells of a rejection only then.
  watching = false;
  if (uncaught.length > 0) return tellThrown(uncaught[0], how.uncaught);
  for (const reason of rejected.values()) return tellThrown(reason, how.rejected);
  return undefined;
}

const how = { uncaught: 'UncaughtException: ', rejected: 'UnhandledPromiseRejection: ' };

/** When told to end the kernel closes its sockets while it still reads from one. */
const isOfTheKernel = (error) => error?.code === 'EBADF' && /^Socket is closed/.test(error.message);

/** Takes the place of tslab's listeners. */
export function serveLost() {
  process.removeAllListeners('unhandledRejection').removeAllListeners('uncaughtException');
  process
    .on('unhandledRejection', (reason, promise) => {
      if (isOfTheKernel(reason)) return;
      if (watching) rejected.set(promise, reason);
      else console.error(asText(tellThrown(reason, how.rejected)));
    })
    .on('rejectionHandled', (promise) => rejected.delete(promise))
    .on('uncaughtException', (error) => {
      if (watching) uncaught.push(error);
      else console.error(asText(tellThrown(error, how.uncaught)));
    });
}
