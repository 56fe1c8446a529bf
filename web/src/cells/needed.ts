// Which cells of a notebook have to run before another can, told from their sources.
import { Cells } from './cells';
import { Staleness } from './stale';

/** The places of these cells, the last one's own among them, in order. */
export function neededFor(sources: readonly string[], last: number): number[] {
  const cells = new Cells({ importModule: () => Promise.reject(new Error('nothing runs here')) });
  return new Staleness(
    sources.map((source) => ({ source, names: cells.analyse(source) })),
    [],
  ).needed(last);
}
