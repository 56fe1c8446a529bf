import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { DescentError } from '../../errors';
import type { Trial } from './trial';

/**
 * What an evaluation has done so far, on disk: a line for the run's settings, then a line for each batch. A process
 * that is killed loses at most the batch under way; a half-written last line is dropped.
 */
export class Journal {
  private constructor(readonly path: string, private readonly batches: Map<number, Trial[]>) {}

  /**
   * Opens the journal of a run, or starts one.
   * @throws DescentError when it belongs to a run with other settings
   */
  static open(path: string, run: string): Journal {
    const batches = new Map<number, Trial[]>();
    const journal = new Journal(path, batches);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    const [header, ...lines] = whole.split('\n').filter((line) => line !== '');
    if (header === undefined) {
      rmSync(path, { force: true });
      journal.append({ run });
      return journal;
    }
    if ((parse(path, header) as { run?: string }).run !== run) {
      throw new DescentError(`${path} was left by an evaluation with other settings; go on with those, delete the ` +
        'file, or choose another --out');
    }
    if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
    for (const line of lines) {
      const { batch, trials } = parse(path, line) as { batch: number; trials: Trial[] };
      batches.set(batch, trials);
    }
    return journal;
  }

  has(batch: number): boolean {
    return this.batches.has(batch);
  }

  /** Writes a batch down; it is on the disk when this returns. */
  add(batch: number, trials: Trial[]): void {
    this.append({ batch, trials });
    this.batches.set(batch, trials);
  }

  get trials(): Trial[] {
    return [...this.batches.values()].flat();
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  private append(line: object): void {
    const file = openSync(this.path, 'a');
    try {
      writeSync(file, JSON.stringify(line) + '\n');
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
}

function parse(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DescentError(`${path} is damaged and cannot be gone on with: delete it to start anew`);
  }
}
