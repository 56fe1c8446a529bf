import { hook, interruptLoops, loopsRun } from '../descent/interrupt';
import { kernel, type Send } from './kernel';

/**
 * Lets the stop button of a notebook stop a loop and leave the cell to go on with what the loop has so far. By itself
 * the tslab kernel ends the cell instead: the work goes on behind it, and what the cell declares is lost.
 *
 * The loop that runs stops, and so does, at its first state, any other that the same cell begins. A second press, or
 * the first where no loop runs, ends the cell as ever; then a loop that its code still begins is an error, so that the
 * code does not run on unseen beside the next cell.
 */
export function serveStopButton(): void {
  if (!kernel()) return;
  let kernels: (() => void)[] = [];
  const button = stopButton(() => kernels.forEach((listener) => listener()));
  // A cell's code, such as the import that leads here, runs without the kernel's own listeners: they come back after it.
  setImmediate(() => {
    kernels = process.listeners('SIGINT') as (() => void)[];
    process.removeAllListeners('SIGINT').on('SIGINT', button);
  });
}

/** The answer to SIGINT in a kernel whose own is given. */
function stopButton(endCell: () => void): () => void {
  let stopped: Send | undefined, ended: Send | undefined; // each cell has its own way to send
  hook.onBegin = (loop) => {
    const cell = stopped && kernel();
    if (cell && cell === stopped) loop.stop('interrupted');
    if (cell && cell === ended) loop.abandon();
  };
  return () => {
    const cell = kernel();
    const again = cell === stopped;
    stopped = cell;
    if (!again && loopsRun()) {
      interruptLoops();
      console.log('Interrupted: the cell goes on with what there is so far. Interrupt it again to end it.');
    } else {
      ended = cell;
      endCell();
    }
  };
}
