// What a command does at its edge: it ends in order when it is stopped, and tells an error in one message.
import { constants } from 'node:os';
import { performance } from 'node:perf_hooks';
import { messageOf } from './errors.mjs';

/** Ctrl-C may come twice, from the terminal and from npm: the same signal within so many milliseconds is one. */
const ECHO = 1000;

/** Why this command ends before its work is done, once it does. */
let stopped;
let passingOn = false;

/** The exit code of a command that is stopped: 128 and the signal's number; undefined of one that is not. */
export const stopCode = () => stopped?.code;

/** Ends a command that is stopped, at once. */
export function endNow() {
  if (!stopped.silent) process.stderr.write('stopped\n');
  process.exit(stopped.code);
}

/** @param told whether those who listen to SIGINT hear of it by themselves */
function stop({ code, silent = false, patient = false, told = false }) {
  const now = performance.now();
  if (passingOn || (stopped?.code === code && now - stopped.at < ECHO)) return;
  const again = stopped !== undefined;
  stopped ??= { code, silent, at: now };
  process.exitCode = stopped.code;
  if ((again && !patient) || process.listenerCount('SIGINT') === 1) endNow();
  else if (!told) {
    passingOn = true;
    process.emit('SIGINT');
    passingOn = false;
  }
}

/** npm passes SIGTERM on to its shell alone, which dies of it and tells nobody. */
function watchParent(patient) {
  const { ppid } = process;
  const watch = setInterval(() => {
    if (process.ppid === ppid) return;
    clearInterval(watch);
    stop({ code: 128 + constants.signals.SIGTERM, patient });
  }, 500).unref();
}

/**
 * Lets whatever stops this command do as Ctrl-C does: `docker stop` and systemd (SIGTERM), a terminal that closes
 * (SIGHUP), a reader of its output that goes. Whoever has something to save listens to SIGINT alone; where nobody does,
 * and the second time, the command ends at once.
 *
 * @param patient whether it goes on after the second signal too
 */
export function endInOrder({ patient = false } = {}) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => stop({ code: 128 + constants.signals[signal], patient, told: signal === 'SIGINT' }));
  }
  if (process.env.npm_lifecycle_event) watchParent(patient);
  process.stdout.on('error', ({ code, message }) => {
    if (stopped) return;
    // `| head -1` has what it wants. Any Unix tool is then ended by SIGPIPE, without a word, and a shell sees 141.
    if (code !== 'EPIPE') process.stderr.write(`the output cannot be written: ${message}\n`);
    stop({ code: code === 'EPIPE' ? 128 + 13 : 1, silent: true });
  });
  process.stderr.on('error', () => undefined); // there is nobody left to tell; the work is still wanted
}

/** Runs a command's work. */
export function runCommand(work, log) {
  endInOrder();
  process.on('SIGINT', () => {
    log('stopped; run the same command again to go on');
    process.exit(stopCode());
  });
  work().catch((error) => {
    log(messageOf(error));
    process.exitCode = 1;
  });
}
