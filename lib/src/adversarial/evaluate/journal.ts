import { closeSync, existsSync, fsyncSync, openSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFailure } from '../../data/files';
import { linesOf, type LinePlace } from '../../data/lines';
import { DescentError } from '../../errors';
import type { FinishedBatch } from './evaluate';
import type { Trial } from './trial';

/**
 * What an evaluation has done so far, on disk: a line for the run's settings, then a line for each batch. A process
 * that is killed loses at most the batch under way; a half-written last line is dropped. Only the places of the batches
 * are in memory, so that a million photos fit.
 */
export class Journal {
  /** Photos that were left out because they broke their batch. */
  readonly aside: string[] = [];
  private readonly places = new Map<number, LinePlace>();
  private end = 0;

  private constructor(readonly path: string) {}

  /**
   * Opens the journal of a run, or starts one.
   * @throws DescentError when it holds batches of a run with other settings
   */
  static open(path: string, run: string): Journal {
    const journal = new Journal(path);
    let header: string | undefined;
    if (existsSync(path)) {
      for (const { text, start, length, whole } of linesOf(path)) {
        if (!whole) break;
        if (header === undefined) {
          header = (parse(path, text) as { run?: string }).run;
        } else if (header !== run) {
          throw new DescentError(`${path} was left by an evaluation with other settings; go on with those, delete ` +
            'the file, or choose another --out');
        } else journal.note(parse(path, text) as FinishedBatch, { start, length });
        journal.end = start + length;
      }
      if (header !== run) journal.end = 0; // no batch was done with those settings
      truncateSync(path, journal.end);
    }
    if (journal.end === 0) journal.append({ run });
    return journal;
  }

  has(batch: number): boolean {
    return this.places.has(batch);
  }

  /** Writes a batch down; it is on the disk when this returns. @throws DescentError when it cannot be, as on a full disk */
  add(finished: FinishedBatch): void {
    this.note(finished, this.append(finished));
  }

  /** The trials of each batch, in the order of the photos, read from the disk one by one. */
  *batches(): Generator<Trial[]> {
    const file = openSync(this.path, 'r');
    try {
      for (const [, { start, length }] of [...this.places].sort(([a], [b]) => a - b)) {
        const line = Buffer.alloc(length);
        readSync(file, line, 0, length, start);
        yield (parse(this.path, line.toString()) as FinishedBatch).trials;
      }
    } finally {
      closeSync(file);
    }
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }

  private note({ batch, aside = [] }: FinishedBatch, place: LinePlace): void {
    this.places.set(batch, place);
    this.aside.push(...aside);
  }

  private append(line: object): LinePlace {
    const data = Buffer.from(JSON.stringify(line) + '\n');
    const place = { start: this.end, length: data.length };
    try {
      const file = openSync(this.path, 'a');
      try {
        writeFileSync(file, data); // all of it: a single write may be a short one
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      throw writeFailure(this.path, error); // what stands there by half the next run drops
    }
    this.end += place.length;
    return place;
  }
}

function parse(path: string, line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new DescentError(`${path} is damaged and cannot be gone on with: delete it to start anew`);
  }
}
