import { kernel, newDisplayId, type Send } from './kernel';
import { finishedText, runningText, type ProgressState } from './progress-text';

/** The least time between two drawings. Milliseconds. */
const PACE = 200;

/** What the progress line counts. */
export interface ProgressOptions {
  /** What goes on: `fit`. */
  label: string;
  /** How many there will be; leave it out where nobody knows. */
  total?: number;
  /** What is counted. Default: `iterations`. */
  unit?: string;
}

/** What a progress bar needs of a terminal or a pipe. */
export interface Terminal {
  /** Whether lines can be overwritten. */
  isTTY?: boolean;
  /** Its width in characters. */
  columns?: number;
  /** Writes text as it is. */
  write(text: string): unknown;
}

/** Where a progress bar draws; tests give their own. */
export interface ProgressEdge {
  /** Default: stderr, so that stdout stays free for results. */
  stream?: Terminal;
  /** Default: the notebook, where this process is its kernel. */
  notebook?: Send;
  /** Milliseconds. */
  clock?: () => number;
}

/** A bar with rate and time left. */
export interface Progress {
  /** `done` of the total are done; may be called as often as one likes. */
  update(done: number, note?: string): void;
  /** Replaces the bar by one line without rate and time. The note's default is the last one. */
  finish(note?: string): void;
}

/**
 * Shows how far a long computation has come: in a notebook below the cell, in a terminal as one line that is written
 * again and again, in a pipe or a file as one line at the end.
 *
 * @example
 * const bar = progress({ label: 'fit', total: 1000 });
 * for (let done = 1; done <= 1000; done++) bar.update(done);
 * bar.finish();
 */
export function progress({ label, total, unit = 'iterations' }: ProgressOptions, edge: ProgressEdge = {}): Progress {
  const { clock = Date.now } = edge;
  const paint = painter(edge);
  const begin = clock();
  const state: ProgressState = { label, unit, total, done: 0, elapsed: 0 };
  let drawn = -Infinity;
  let over = false;

  return {
    update(done, note) {
      Object.assign(state, { done, note: note ?? state.note });
      const now = clock();
      if (over || now - drawn < PACE) return;
      drawn = now;
      state.elapsed = now - begin;
      paint((width) => runningText(state, width), false);
    },
    finish(note) {
      if (over) return;
      over = true;
      state.note = note ?? state.note;
      paint(() => finishedText(state), true);
    },
  };
}

/** Draws a text of at most so many characters in the place of the one before. */
type Paint = (text: (width: number) => string, last: boolean) => void;

function painter({ stream = process.stderr, notebook = kernel() }: ProgressEdge): Paint {
  if (notebook) {
    const transient = { display_id: newDisplayId() };
    let shown = false;
    return (text) => {
      notebook({ data: { 'text/plain': text(100) }, metadata: {}, transient }, shown);
      shown = true;
    };
  }
  if (!stream.isTTY)
    return (text, last) => {
      if (last) stream.write(`${text(Infinity)}\n`);
    };
  // One column stays free: some terminals break the line after the last one. \x1b[K clears the rest of the line.
  return (text, last) => stream.write(`\r${text((stream.columns ?? 80) - 1)}\x1b[K${last ? '\n' : ''}`);
}
