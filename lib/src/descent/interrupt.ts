/**
 * Listens for what may stop a running loop: the caller's AbortSignal, and SIGINT: Ctrl-C in a terminal, the stop button
 * of a notebook. The tslab kernel rejects the awaited cell on SIGINT but leaves the work going on behind it, so the
 * work has to listen for itself. Listening ends with `close()`, after which SIGINT does what it did before.
 */
export class Interruption {
  /** Why the loop was stopped, or undefined while it was not. */
  reason: 'aborted' | 'interrupted' | undefined;
  private readonly onAbort = (): void => { this.reason ??= 'aborted'; };
  private readonly onInterrupt = (): void => { this.reason ??= 'interrupted'; };
  private lastTurn = performance.now();

  constructor(private readonly signal?: AbortSignal) {
    if (signal?.aborted) this.onAbort();
    signal?.addEventListener('abort', this.onAbort);
    process.on('SIGINT', this.onInterrupt);
  }

  /**
   * Gives the event loop a turn, without which no signal is seen, no display updates and no timer fires;
   * at most every 50 ms, since a turn costs as much as a small iteration.
   */
  async turn(): Promise<void> {
    if (performance.now() - this.lastTurn < 50) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.lastTurn = performance.now();
  }

  close(): void {
    this.signal?.removeEventListener('abort', this.onAbort);
    process.off('SIGINT', this.onInterrupt);
  }
}
