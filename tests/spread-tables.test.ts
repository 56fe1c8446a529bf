// What spreads are read from tables, and what is said of a run: who moved, how far, where several end.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { DescentError, losses, spread, spreads, tf } from 'descent-lab';

const table = (name: string): string => join(__dirname, '..', 'data', `spread-${name}.csv`);

test('the tables of spreads are read as rows, with names as code has them', () => {
  const sphere = spreads.readSphereTable(table('sphere'));
  assert.deepEqual(
    sphere.map(({ vectors }) => vectors),
    Array.from({ length: 31 }, (_, i) => i + 2),
  );
  const [, , four] = sphere;
  assert.deepEqual(Object.keys(four!).length, 7);
  assert.ok(Math.abs(four!.bestKnown - spreads.knownAngle(4, 3).best!) < 1e-9);
  assert.deepEqual([four!.startsAtBestKnown, four!.leastKnownEnergy], [128, 3.674234614]);
  const [first] = spreads.readLossTable(table('losses'));
  assert.deepEqual(first, {
    ...{ vectors: 20, dimensions: 2, loss: 'min-angle', seeds: 40 },
    ...{ mean: 14.702, min: 10.936, max: 17.02, bestKnown: 18 },
  });
  const famous = spreads.readFamousTable(table('famous'));
  assert.deepEqual(famous.at(-2), {
    ...{ name: 'E8 roots', vectors: 240, dimensions: 8, method: 'best', starts: 16, found: 2 },
  });
  const costs = spreads.readCostTable(table('costs'));
  assert.ok(costs.length === 72 && costs.every(({ milliseconds }) => milliseconds > 0));
});

test('a table that is none of them is refused, by file, column and row', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'spread-tables-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'other.csv');
  const refuses = (text: string, read: (path: string) => unknown, message: RegExp): void => {
    writeFileSync(file, text);
    assert.throws(() => read(file), (error: Error) => error instanceof DescentError && message.test(error.message)); // prettier-ignore
  };
  refuses('vectors,loss\n3,force\n', spreads.readCostTable, /other\.csv: this is no table of what an iteration costs: it has no column/); // prettier-ignore
  refuses(
    'loss,vectors,dimensions,milliseconds\nforce,3,3,1\nforce,1,3,1\n',
    spreads.readCostTable,
    /column 'vectors', row 2, is 1, where a whole number of 2 or more belongs/,
  );
});

test('vectors at angles lie on the unit circle, counted from the right', () => {
  const [right, up, left] = spreads.vectorsAt([0, 90, 180]);
  assert.deepEqual(right, [1, 0]);
  assert.ok(Math.hypot(up![0]!, up![1]! - 1) < 1e-15 && Math.hypot(left![0]! + 1, left![1]!) < 1e-15);
});

test('movers are those that turned in a step; rounding is no turn', () => {
  const states = [
    [0, 90, 180],
    [0, 90.0001, 181],
    [1, 90, 182],
  ].map((angles) => ({ vectors: spreads.vectorsAt(angles) }));
  assert.deepEqual(spreads.movers({ records: states }), [[2], [0, 2]]);
  assert.deepEqual(spreads.movers({ records: states.slice(0, 1) }), []);
  assert.ok(Math.abs(spreads.turnedDegrees({ records: states }, 2) - 2) < 1e-12);
  assert.equal(spreads.turnedDegrees({ records: states }, 1), 0);
});

test('the least angle moves two at a time, the energy all', async () => {
  const run = (loss: losses.SpreadLoss) =>
    spread({ start: spreads.crowdedVectors(4, 20), loss, optimizer: tf.train.sgd(0.01), iterations: 40 });
  const counts = async (loss: losses.SpreadLoss): Promise<Set<number>> =>
    new Set(spreads.movers(await run(loss)).map(({ length }) => length));
  assert.deepEqual(await counts(losses.minAngleLoss), new Set([2]));
  assert.ok((await counts((vectors) => losses.rieszEnergyLoss(vectors))).has(20));
});

test('the ends of several starts are those of their runs', async () => {
  const starts = [1, 2].map((seed) => spreads.randomVectors(seed, 6, 2));
  const way = { loss: losses.minAngleLoss, optimizer: () => tf.train.sgd(0.05), iterations: 30, compile: false };
  const ends = await spreads.endAngles({ starts, ...way });
  const runs = [await spread({ start: starts[0]!, ...way }), await spread({ start: starts[1]!, ...way })];
  assert.deepEqual(
    ends,
    runs.map(({ records }) => records.at(-1)!.minAngleDegrees),
  );
  const untouched = await spreads.endAngles({ starts, ...way, iterations: 0 });
  starts.forEach((start, i) => assert.ok(Math.abs(untouched[i]! - spreads.minAngleDegrees(start)) < 1e-5));
});
