// Loaded into the kernel by NODE_OPTIONS: writes down what each cell sends to stderr and by what error it failed, and
// ends the kernel with the runner.
//
// Jupyter drops what a kernel sends after a cell has ended, so a promise rejection that nobody waits for leaves no
// trace in a notebook, wherever it is. tslab gives process.stdout.write and process.stderr.write anew at the start of
// each cell: that is how cells are counted here.
import { openSync, writeSync } from 'node:fs';

const { DESCENT_LAB_KERNEL_LOG: file, DESCENT_LAB_RUNNER_PID: runner } = process.env;
for (const name of ['NODE_OPTIONS', 'DESCENT_LAB_KERNEL_LOG', 'DESCENT_LAB_RUNNER_PID']) delete process.env[name];

const log = openSync(file, 'a');
const note = (entry) => writeSync(log, `${JSON.stringify(entry)}\n`);
let cell = 0;
let write = process.stderr.write.bind(process.stderr);
note({ cell, pid: process.pid });

Object.defineProperty(process.stderr, 'write', {
  configurable: true,
  get:
    () =>
    (chunk, ...rest) => {
      note({ cell, text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString() });
      return write(chunk, ...rest);
    },
  set(next) {
    write = next;
    cell += 1;
    note({ cell });
  },
});

// The project's kernel tells what it sends as an error; nbconvert prints that amid much else.
process.on('descent-lab:failure', (failure) => note({ cell, failure }));

// tslab outlives whoever started it, so it looks itself whether the runner is still there.
function endWithRunner() {
  try {
    process.kill(Number(runner), 0);
  } catch {
    process.exit(1);
  }
}
endWithRunner();
setInterval(endWithRunner, 1000).unref();
