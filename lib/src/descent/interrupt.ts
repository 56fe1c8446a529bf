import { DescentError } from '../errors';

const open = new Set<Interruption>();

/** What SIGINT does while loops run: all of them stop. One listener for all, since Node warns of more than ten. */
export const interruptLoops = (): void => open.forEach((each) => each.stop('interrupted'));

/** Whether any loop runs. */
export const loopsRun = (): boolean => open.size > 0;

/**
 * Set by the notebook's edge, which then handles SIGINT itself and calls `interruptLoops`. `onBegin` is called for each
 * loop that begins: once a cell was interrupted, no loop that it begins afterwards may go on.
 *
 * In a notebook a loop must not listen for SIGINT itself. tslab takes its own listener away while a cell runs up to its
 * first await; a loop's listener, added there and removed at its end, would leave the process with none, and the next
 * SIGINT would kill the kernel.
 */
export const hook: { onBegin?: (loop: Interruption) => void } = {};

/** Why a loop ended that was stopped from outside: by its caller's signal, or by SIGINT. */
export type Stop = 'aborted' | 'interrupted';

/**
 * Listens for what may stop a running loop: the caller's AbortSignal, and SIGINT: Ctrl-C in a terminal, the stop button
 * of a notebook. The tslab kernel rejects the awaited cell on SIGINT but leaves the work going on behind it, so the
 * work has to listen for itself. Listening ends with `close()`, after which SIGINT does what it did before.
 */
export class Interruption {
  /** Why the loop was stopped, or undefined while it was not. */
  reason: Stop | undefined;
  private readonly controller = new AbortController();
  private readonly onAbort = (): void => this.stop('aborted');
  private abandoned = false;
  private lastTurn = performance.now();

  constructor(private readonly outer?: AbortSignal) {
    hook.onBegin?.(this);
    if (outer?.aborted) this.onAbort();
    outer?.addEventListener('abort', this.onAbort);
    if (open.size === 0 && !hook.onBegin) process.on('SIGINT', interruptLoops);
    open.add(this);
  }

  /** For loops inside this one: aborted as soon as this one is stopped. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Stops the loop at its next turn. */
  stop(reason: Stop): void {
    this.reason ??= reason;
    this.controller.abort();
  }

  /** Ends the loop with an error at its next turn, where nobody waits for its result any more. */
  abandon(): void {
    this.abandoned = true;
  }

  /** Whether a turn is due: every 50 ms, since it costs as much as a small iteration. */
  isDue(): boolean {
    return this.abandoned || performance.now() - this.lastTurn >= 50;
  }

  /** Gives the event loop a turn, if one is due: without it no signal is seen, no display updates and no timer fires. */
  async turn(): Promise<void> {
    if (this.abandoned) throw new DescentError('the cell was interrupted');
    if (!this.isDue()) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.lastTurn = performance.now();
  }

  close(): void {
    this.outer?.removeEventListener('abort', this.onAbort);
    open.delete(this);
    if (open.size === 0) process.off('SIGINT', interruptLoops);
  }
}
