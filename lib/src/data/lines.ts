import { closeSync, openSync, readSync } from 'node:fs';
import { readFailure } from './files';

/** Where a line stands in its file, its line break included. Bytes. */
export interface LinePlace {
  start: number;
  length: number;
}

/** A line; only the last one may have no line break, and is not `whole`: perhaps it was not finished. */
export interface TextLine extends LinePlace {
  text: string;
  whole: boolean;
}

/**
 * The lines of a text file, one by one, so that it may be larger than a string can be.
 * @throws DescentError naming the file, when it cannot be read
 */
export function* linesOf(path: string): Generator<TextLine> {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    let rest = Buffer.alloc(0),
      start = 0;
    const block = Buffer.alloc(1 << 20);
    for (let read = readSync(file, block); read > 0; read = readSync(file, block)) {
      const bytes = Buffer.concat([rest, block.subarray(0, read)]);
      let from = 0;
      for (let at = bytes.indexOf('\n'); at >= 0; at = bytes.indexOf('\n', from)) {
        yield { text: bytes.toString('utf8', from, at), start: start + from, length: at + 1 - from, whole: true };
        from = at + 1;
      }
      start += from;
      rest = bytes.subarray(from);
    }
    if (rest.length > 0) yield { text: rest.toString(), start, length: rest.length, whole: false };
  } catch (error) {
    throw readFailure(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
