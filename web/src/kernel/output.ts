// What cells print, on its way to the page.
import { format } from 'node-inspect-extracted';
import type { Message } from '../protocol';

type Stream = Extract<Message, { type: 'stream' }>;

/** Milliseconds between two messages, at least: a loop that prints each step must not drown the page. */
const PACE = 50;

/** Joins what is printed in quick succession into one message. */
export class Output {
  private waiting: Stream | undefined;
  private sent = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly post: (message: Message) => void) {}

  /** Prints a text; all of a run comes before its `done` if `flush` is called first. */
  print(run: number, name: Stream['name'], text: string): void {
    if (this.waiting && (this.waiting.run !== run || this.waiting.name !== name)) this.flush();
    this.waiting ??= { type: 'stream', run, name, text: '' };
    this.waiting.text += text;
    if (performance.now() - this.sent > PACE) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), PACE);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.waiting) return;
    this.post(this.waiting);
    this.waiting = undefined;
    this.sent = performance.now();
  }
}

const LEVELS = { log: 'stdout', info: 'stdout', debug: 'stdout', warn: 'stderr', error: 'stderr' } as const;

/** Makes `console` print the way Node's does, to `print`. */
export function redirectConsole(print: (name: Stream['name'], text: string) => void): void {
  for (const [level, name] of Object.entries(LEVELS)) {
    console[level as keyof typeof LEVELS] = (...values: unknown[]) => print(name, `${format(...values)}\n`);
  }
}
