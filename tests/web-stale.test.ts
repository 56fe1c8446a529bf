// Which cells are stale, and which have to run before another.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Staleness, type CellState } from '../web/src/cells/stale';

/** A cell as a test writes it: what it makes, what it uses, and its runs; edited since where it says so. */
interface Given {
  makes?: string;
  /** What it made when it ran, where it has been changed since. */
  made?: string;
  uses?: string;
  at?: number;
  edited?: boolean;
  failed?: boolean;
}

const cellsOf = (given: Given[]): CellState[] =>
  given.map(({ makes = '', made = makes, uses = '', at, edited = false, failed = false }, i) => ({
    source: `${i}${edited ? ' edited' : ''}`,
    names: { makes: makes.split(' ').filter(Boolean), uses: uses.split(' ').filter(Boolean) },
    ...(at !== undefined && { ran: { source: String(i), makes: made.split(' '), at, ok: !failed } }),
  }));

/** Notebooks, which of their cells are stale, and what has to run for the last one. Cells count from 0. */
const NOTEBOOKS: Record<string, [cells: Given[], stale: number[], needed: number[]]> = {
  'all fresh': [
    [
      { makes: 'a', at: 1 },
      { uses: 'a', makes: 'b', at: 2 },
      { uses: 'b', at: 3 },
    ],
    [],
    [2],
  ],
  'nothing ran': [[{ makes: 'a' }, { makes: 'x' }, { uses: 'a' }], [], [0, 2]],
  'an edit above': [
    [
      { makes: 'a', at: 1, edited: true },
      { uses: 'a', makes: 'b', at: 2 },
      { makes: 'c', at: 3 },
      { uses: 'b', at: 4 },
    ],
    [0, 1, 3],
    [0, 1, 3],
  ],
  'a cell above ran again': [
    [
      { makes: 'a', at: 3 },
      { uses: 'a', at: 2 },
    ],
    [1],
    [1],
  ],
  'a failed cell says so itself': [
    [
      { makes: 'a', at: 1, failed: true },
      { uses: 'a', at: 2 },
    ],
    [1],
    [0, 1],
  ],
  'the nearest maker above counts': [
    [
      { makes: 'a', at: 1, edited: true },
      { makes: 'a', at: 2 },
      { uses: 'a', at: 3 },
    ],
    [0],
    [2],
  ],
  'another maker came between': [
    [
      { makes: 'a', at: 1 },
      { uses: 'a', at: 3 },
      { makes: 'a', at: 2 },
      { uses: 'x', at: 4 },
    ],
    [1],
    [3],
  ],
  'a maker below ran last: it would be taken': [
    [
      { makes: 'a', at: 1 },
      { uses: 'a', at: 5 },
      { makes: 'a', at: 2 },
      { uses: 'a', edited: true, at: 3 },
    ],
    [1, 3],
    [3],
  ],
  'a global name has no maker': [[{ uses: 'console Math', at: 1 }], [], [0]],
  'a cell that changes what it takes': [
    [
      { makes: 'n', at: 1 },
      { uses: 'n', makes: 'n', at: 2 },
      { uses: 'n', at: 3 },
    ],
    [],
    [2],
  ],
  'a cell that changes what it takes begins anew': [
    [
      { makes: 'n', at: 1 },
      { uses: 'n', makes: 'n', at: 2 },
    ],
    [],
    [0, 1],
  ],
  'what has to run anew overtakes what has not: that too': [
    [
      { makes: 'a n', at: 1, edited: true },
      { makes: 'a', at: 2 },
      { uses: 'a n', at: 3 },
    ],
    [0, 2],
    [0, 1, 2],
  ],
  'a cell above no longer makes the name': [
    [
      { makes: 'b', made: 'a', at: 1, edited: true },
      { uses: 'a', at: 2 },
    ],
    [0, 1],
    [1],
  ],
  'a cell above makes it since it was changed': [
    [
      { makes: 'a', at: 1 },
      { makes: 'a', made: '', at: 2, edited: true },
      { uses: 'a', at: 3 },
    ],
    [1, 2],
    [1, 2],
  ],
};

for (const [name, [given, stale, needed]] of Object.entries(NOTEBOOKS)) {
  test(name, () => {
    const staleness = new Staleness(cellsOf(given));
    assert.deepEqual(staleness.stale(), stale, 'stale');
    assert.deepEqual(staleness.needed(given.length - 1), needed, 'needed');
  });
}
