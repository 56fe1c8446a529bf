// The same cells in a page and in the kernel of JupyterLab, side by side: what the last of them prints.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { format } from 'node:util';
import { createConverter } from 'tslab/dist/converter';
import { createExecutor } from 'tslab/dist/executor';
import { MEANINGS } from './support/cell-meanings';

/** Types are checked before a run in JupyterLab, and taken away in a page. */
const TYPES = 'tslab checks types, and runs nothing of a cell with a wrong one';

/** Where the two differ: what tslab says, and why. */
const DIFFERENCES: Record<string, { tslab: RegExp; why: string }> = {
  'a later cell assigns it, and the function sees that': {
    tslab: /^\[ 1, 1 \]$/,
    why: 'tslab keeps two copies of a name, of which a later cell changes one; in a page there is one',
  },
  'a name as a property too, read and assigned': {
    tslab: /t is not defined/,
    why: 'tslab loses a name of another cell that a pattern with a default assigns',
  },
  'await, and for await': { tslab: /^1:105 - Left side of comma operator is unused/, why: TYPES },
  'an export is a declaration': {
    tslab: /Cannot redeclare exported variable 'e'/,
    why: 'all that a cell of tslab declares is exported already, so an export is one too many; here it is harmless',
  },
  'what stands last gives nothing a name': {
    tslab: /^\[AsyncFunction: tsLastExpr\]$/,
    why: 'tslab gives it a name of its own',
  },
  'var, wherever it stands': {
    tslab: /^1:5 - Cannot find name 'inner'/,
    why: 'tslab knows the names of a cell from its outermost statements alone',
  },
  'typeof of what is nowhere': { tslab: /Cannot find name 'nowhere'/, why: TYPES },
  'typeof of what is nothing': { tslab: /Cannot find name 'nowhere'/, why: TYPES },
  'what another cell has made is called as it is': { tslab: /^1:34 - Expected 0 arguments/, why: TYPES },
  'a name that a later cell makes': { tslab: /Cannot find name 'later'/, why: TYPES },
};

// tslab looks for modules, and their types, where it runs
const folder = mkdtempSync(join(tmpdir(), 'descent-lab-tslab-'));
const numbers = join(folder, 'node_modules', 'numbers');
mkdirSync(numbers, { recursive: true });
writeFileSync(
  join(numbers, 'index.js'),
  'exports.__esModule = true; exports.default = 7; exports.one = 1; exports.two = 2; exports.later = (work) => setImmediate(work);',
);
writeFileSync(
  join(numbers, 'index.d.ts'),
  `declare const seven: 7; export default seven; export const one: number, two: number, later: (work: () => void) => void;
export type Missing = 1; export type AlsoMissing = 2;`,
);
process.chdir(folder);
after(() => {
  process.chdir(tmpdir());
  rmSync(folder, { recursive: true, force: true });
});

let said: string[] = [];
const say = (...values: unknown[]): void => void said.push(format(...values));
const converter = createConverter({ isJS: false, isBrowser: false });
const executor = createExecutor(
  folder,
  { node: converter, browser: converter, close: () => undefined },
  { log: say, error: say },
);

/** What the last of these cells says in tslab. */
async function inTslab(sources: readonly string[]): Promise<string> {
  executor.reset();
  for (const source of sources) {
    said = [];
    if (!(await executor.execute(source))) return said.join('\n');
  }
  return said.join('\n');
}

for (const [name, [sources, result]] of Object.entries(MEANINGS)) {
  const difference = DIFFERENCES[name];
  test(`${name}${difference ? `, but: ${difference.why}` : ''}`, async () => {
    const theirs = await inTslab(sources);
    if (!difference) return assert.equal(theirs, result);
    assert.notEqual(theirs, result, 'there is no difference any more: take it from the list');
    assert.match(theirs, difference.tslab);
  });
}

test('every difference is one of a case', () => {
  assert.deepEqual(
    Object.keys(DIFFERENCES).filter((name) => !(name in MEANINGS)),
    [],
  );
});
