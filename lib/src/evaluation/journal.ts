import { closeSync, existsSync, fsyncSync, openSync, readSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { readFailure, writeFailure } from '../data/files';
import { linesOf, type LinePlace } from '../data/lines';
import { sha256 } from '../data/seal';
import { DescentError } from '../errors';
import type { FinishedBatch, Trial } from './trial';

/** Where a batch stands: the place of its line, and which line of the file that is, from 1. */
interface BatchPlace extends LinePlace {
  line: number;
}

/**
 * What an evaluation has done so far, on disk: a line for the run's settings, then a line for each batch. A process
 * that is killed loses at most the batch under way; a half-written last line is dropped. Only the places of the batches
 * are in memory, so that a million photos fit.
 *
 * Before each line stands its sha256, taken over the line's number too: damage is told, and so is a line that is
 * missing, there twice or in another's place.
 */
export class Journal {
  /** Photos that were left out because they broke their batch. */
  readonly aside: string[] = [];
  private readonly places = new Map<number, BatchPlace>();
  private end = 0;
  private lines = 0;

  private constructor(readonly path: string) {}

  /**
   * Opens the journal of a run, or starts one.
   * @throws DescentError when it is damaged, or holds batches of a run with other settings
   */
  static open(path: string, run: string): Journal {
    const journal = new Journal(path);
    let header: string | undefined;
    if (existsSync(path)) {
      for (const { text, start, length, whole } of linesOf(path)) {
        if (!whole) break;
        const line = journal.lines + 1;
        const content = parse(path, line, text);
        if (header === undefined) {
          header = (content as { run: string }).run;
        } else if (header !== run) {
          throw new DescentError(
            `${path} was left by an evaluation with other settings; go on with those, delete ` +
              'the file, or choose another --out',
          );
        } else journal.note(content as FinishedBatch, { start, length, line });
        journal.end = start + length;
        journal.lines = line;
      }
      if (header !== run) journal.end = journal.lines = 0; // no batch was done with those settings
      journal.attempt(writeFailure, () => truncateSync(path, journal.end));
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
    const file = this.attempt(readFailure, () => openSync(this.path, 'r'));
    try {
      for (const [, { start, length, line }] of [...this.places].sort(([a], [b]) => a - b)) {
        const bytes = Buffer.alloc(length);
        this.attempt(readFailure, () => readSync(file, bytes, 0, length, start));
        yield (parse(this.path, line, bytes.toString('utf8', 0, length - 1)) as FinishedBatch).trials;
      }
    } finally {
      closeSync(file);
    }
  }

  remove(): void {
    this.attempt(writeFailure, () => rmSync(this.path, { force: true }));
  }

  private note({ batch, aside = [] }: FinishedBatch, place: BatchPlace): void {
    this.places.set(batch, place);
    this.aside.push(...aside);
  }

  private append(content: object): BatchPlace {
    const line = this.lines + 1;
    const data = Buffer.from(lineOf(line, JSON.stringify(content)));
    const place = { start: this.end, length: data.length, line };
    this.attempt(writeFailure, () => {
      const file = openSync(this.path, 'a');
      try {
        writeFileSync(file, data); // all of it: a single write may be a short one
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
    }); // what stands there by half the next run drops
    this.end += place.length;
    this.lines = line;
    return place;
  }

  private attempt<T>(failure: typeof readFailure, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw failure(this.path, error);
    }
  }
}

/** A line as it stands in the file: its sha256, and its content as JSON. */
const lineOf = (line: number, json: string): string => `${sha256(`${line} `, json)} ${json}\n`;

function parse(path: string, line: number, text: string): unknown {
  const json = text.slice(65);
  if (`${text}\n` !== lineOf(line, json)) {
    throw new DescentError(
      `${path}: line ${line} is damaged, or of an earlier version, and cannot be gone on from: ` +
        'delete the file to begin anew',
    );
  }
  return JSON.parse(json);
}
