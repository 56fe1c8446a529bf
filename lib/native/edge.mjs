// What a command does at its edge: one message for an error, and an orderly end when it is stopped.
import { messageOf } from './errors.mjs';
import { releaseLock } from './lock.mjs';
import { stopAll } from './run.mjs';

/** Runs a command's work. Stopped, it ends the tools that it runs and gives its lock back. */
export function runCommand(work, log) {
  for (const [signal, number] of [['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]]) {
    process.on(signal, () => {
      stopAll();
      releaseLock();
      log('stopped; run the same command again to go on');
      process.exit(128 + number);
    });
  }
  work().catch((error) => {
    log(messageOf(error));
    process.exitCode = 1;
  });
}
