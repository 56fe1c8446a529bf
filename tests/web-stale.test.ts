// Which cells are stale, and which have to run before another.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from 'descent-lab';
import { Staleness, type CellState, type Run } from '../web/src/cells/stale';

/** A cell as a test writes it: what it makes, what it uses, and its runs; edited since where it says so. */
interface Given {
  makes?: string;
  /** What it made when it ran, where it has been changed since. */
  made?: string;
  uses?: string;
  /** What of that its functions alone use. */
  later?: string;
  /** When it ran. */
  at?: number | number[];
  edited?: boolean;
  failed?: boolean;
  /** Whether it is no longer on the page. */
  gone?: boolean;
}

const words = (text: string): string[] => text.split(' ').filter(Boolean);

function stalenessOf(given: Given[]): Staleness {
  const here = given.filter(({ gone }) => !gone);
  const cells = here.map(({ makes = '', uses = '', later = '', edited }, i): CellState => ({
    source: `${i}${edited ? ' edited' : ''}`,
    names: { makes: words(makes), uses: words(uses), usesLater: words(later) },
  }));
  const runs = given.flatMap((one): [at: number, run: Run][] => {
    const { makes = '', made = makes, at = [], failed = false } = one;
    const cell = here.indexOf(one);
    return [at].flat().map((when) => [when, { cell, source: String(cell), makes: words(made), ok: !failed }]);
  });
  runs.sort(([one], [other]) => one - other);
  return new Staleness(
    cells,
    runs.map(([, run]) => run),
  );
}

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
  'a cell that changes what it takes has run twice': [
    [
      { makes: 'n', at: 1 },
      { uses: 'n', makes: 'n', at: [2, 3] },
      { uses: 'n', at: 4 },
    ],
    [1, 2],
    [0, 1, 2],
  ],
  'a cell that made it is no longer there': [
    [
      { makes: 'a', at: 1, gone: true },
      { uses: 'a', at: 2 },
    ],
    [0],
    [0],
  ],
  'a name of a cell below is no name of the one above': [
    [
      { uses: 'a', at: 2 },
      { makes: 'a', at: 1 },
    ],
    [0],
    [1],
  ],
  'a function may ask for it, later': [
    [
      { uses: 'a', later: 'a', makes: 'f', at: [1, 3] },
      { makes: 'a', at: [2, 4] },
      { uses: 'f a', at: 5 },
    ],
    [],
    [2],
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
    const staleness = stalenessOf(given);
    assert.deepEqual(staleness.stale(), stale, 'stale');
    assert.deepEqual(staleness.needed(given.filter(({ gone }) => !gone).length - 1), needed, 'needed');
  });
}

/** A notebook whose cells come to a text of all that they were made of. */
class TextNotebook {
  readonly cells: CellState[] = [];
  readonly runs: Run[] = [];
  readonly shown: (string | undefined)[] = [];
  private readonly values = new Map<string, string>();
  private version = 0;

  constructor(
    private readonly random: Random,
    size: number,
  ) {
    for (let i = 0; i < size; i++) this.edit(i);
  }

  edit(i: number): void {
    const some = (): string[] => ['a', 'b', 'c'].filter(() => this.random.uniform() < 0.35);
    this.cells[i] = { source: String(this.version++), names: { makes: some(), uses: some(), usesLater: [] } };
  }

  run(i: number): void {
    const { source, names } = this.cells[i]!;
    this.shown[i] = textOf(this.cells[i]!, this.values);
    this.runs.push({ cell: i, source, makes: names!.makes, ok: true });
  }

  /** What the cells would show if all ran, from first to last, in a new kernel. */
  fromTheTop(): string[] {
    const values = new Map<string, string>();
    return this.cells.map((cell) => textOf(cell, values));
  }

  staleness(): Staleness {
    return new Staleness(this.cells, this.runs);
  }

  /** Whether a run from the top finds in a cell, and what it needs, all names. */
  isComplete(i: number): boolean {
    return !this.fromTheTop()[i]!.includes('nothing');
  }
}

function textOf({ source, names }: CellState, values: Map<string, string>): string {
  const text = `${source}(${names!.uses.map((name) => values.get(name) ?? 'nothing').join()})`;
  names!.makes.forEach((name) => values.set(name, text));
  return text;
}

test('in any notebook: what is fresh is what a run from the top makes, and what is needed makes it so', () => {
  const random = new Random(7);
  const count = { fresh: 0, stale: 0, needed: 0 };
  for (let i = 0; i < 600; i++) {
    const notebook = new TextNotebook(random, 6);
    for (let step = 0; step < 12; step++) {
      const cell = Math.floor(6 * random.uniform());
      const chance = random.uniform();
      if (chance < 0.3) notebook.edit(cell);
      else if (chance < 0.5) notebook.run(cell);
      else if (chance < 0.55) notebook.cells.forEach((_, one) => notebook.run(one));
      else {
        notebook
          .staleness()
          .needed(cell)
          .forEach((one) => notebook.run(one));
        if (notebook.isComplete(cell)) {
          count.needed++;
          assert.ok(notebook.staleness().isFresh(cell), `cell ${cell} of notebook ${i}, once what it needs has run`);
        }
      }
      const truth = notebook.fromTheTop();
      const staleness = notebook.staleness();
      for (const [one, text] of truth.entries()) {
        const isFresh = staleness.isFresh(one);
        count[isFresh ? 'fresh' : 'stale']++;
        if (isFresh) assert.equal(notebook.shown[one], text, `cell ${one} of notebook ${i}, which counts as fresh`);
      }
    }
  }
  assert.ok(Math.min(...Object.values(count)) > 1000, JSON.stringify(count));
});
