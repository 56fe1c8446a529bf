import assert from 'node:assert/strict';
import test from 'node:test';
import { Random } from 'descent-lab';
import {
  angleHistogramFigure,
  angleMapsFigure,
  costFigure,
  endsFigure,
  famousFigure,
  lossShareFigure,
  sphereFigure,
  sphereTableFigure,
  spreadRunFigure,
  startAndTargetFigure,
  type Figure,
} from '../lib/src/figures';
import { crowdedVectors, evenVectors, minAngleDegrees, randomVectors } from '../lib/src/spreads';

const record = (vectors: number[][]): { vectors: number[][]; minAngleDegrees: number } => ({
  vectors,
  minAngleDegrees: minAngleDegrees(vectors),
});
const random = new Random(3);
const plane = [record(crowdedVectors(random, 6)), record(randomVectors(random, 6, 2)), record(evenVectors(6))];
const ball = [
  record(randomVectors(random, 5, 3)),
  record([
    [0, 0, 1],
    [0, 0, -1],
    [1, 0, 0],
    [0, 1, 0],
    [-1, 0, 0],
  ]),
];
const run = { loss: [3, 2, 1], records: plane, recorded: [0, 1, 2] };

const against = { name: 'ends', bestDegrees: 18, medianOf: "the article's ten" };

const figures: Figure[] = [
  startAndTargetFigure({ start: plane[0]!.vectors, target: plane[2]!.vectors }, { name: 'start-and-target' }),
  spreadRunFigure(run, { name: 'a-run', title: 'a run', bestDegrees: 60 }),
  sphereFigure({ records: ball, recorded: [0, 9] }, { name: 'a-sphere', title: 'a sphere' }),
  angleMapsFigure({ before: ball[0]!.vectors, after: ball[1]!.vectors }, { name: 'maps', title: 'maps' }),
  angleHistogramFigure(
    { before: ball[0]!.vectors, after: ball[1]!.vectors },
    { name: 'histogram', title: 'histogram' },
  ),
  sphereTableFigure([{ vectors: 4, minAngle: 109.47, bestKnown: 109.4712, starts: 8, startsAtBestKnown: 6 }], {
    name: 'sphere-table',
    reached: 0.002,
    goals: [{ vectors: 24, degrees: 0.002 }],
  }),
  famousFigure([{ name: 'E8 roots', vectors: 240, dimensions: 8, method: 'annealed', starts: 16, found: 2 }], {
    name: 'famous',
  }),
  lossShareFigure([{ vectors: 20, dimensions: 3, loss: 'force', mean: 35, bestKnown: 47.43 }], {
    name: 'shares',
    title: 'shares',
    groups: 'dimensions',
  }),
  costFigure(
    [
      { loss: 'force', vectors: 10, dimensions: 3, milliseconds: 1 },
      { loss: 'force', vectors: 100, dimensions: 3, milliseconds: 2 },
    ],
    { name: 'costs' },
  ),
  endsFigure([{ loss: 'force', minAngles: [17, 17.5], median: 17.35 }], against),
];

test('the run is animated: a frame for each state, the vectors, loss and angle of that state in it', () => {
  const { frames } = figures[1]!;
  assert.deepEqual(
    frames!.map(({ name }) => name),
    ['0', '1', '2'],
  );
  assert.deepEqual(frames![2]!.data[1], { x: [2], y: [1] });
  assert.deepEqual(frames![2]!.data[2], { x: [2], y: [60] });
});

test('the run of points in space is shown on the ball, in a still and in frames', () => {
  const inSpace = { loss: [2, 1], records: ball, recorded: [0, 1] };
  const options = { name: 'on-the-ball', title: 'on the ball', bestDegrees: 90 };
  const { frames, layout, data, description } = spreadRunFigure(inSpace, options);
  assert.deepEqual((layout['scene'] as { domain: object }).domain, { x: [0, 0.42], y: [0, 1] });
  assert.ok(!('xaxis' in layout) && 'xaxis2' in layout, 'no circle beside it');
  assert.equal(frames!.length, 2);
  const [lines, points, lossDot] = frames![1]!.data as { x: (number | null)[]; z?: number[] }[];
  assert.equal(lines!.x.filter((x) => x === null).length, 8, 'the closest pairs');
  assert.deepEqual(points!.z, [1, -1, 0, 0, 0]);
  assert.deepEqual(lossDot, { x: [1], y: [1] });
  assert.match(description, /^on the ball\. 5 points on the sphere\. After 1 iterations .* 90\.00 of 90\.00 degrees/);
  const still = spreadRunFigure(inSpace, { ...options, frames: 1 });
  assert.equal(still.frames, undefined);
  assert.deepEqual(still.data, data, 'the last state');
});

test("the sphere joins the closest pairs only: eight of the five points' ten pairs are at a right angle", () => {
  const lines = figures[2]!.data.filter((trace) => trace['type'] === 'scatter3d')[1]!['x'] as (number | null)[];
  assert.equal(lines.filter((x) => x === null).length, 8);
});

test('the maps hold every angle, the histogram every pair once', () => {
  assert.equal((figures[3]!.data[1]!['z'] as number[][])[0]![1], 180);
  for (const trace of figures[4]!.data)
    assert.equal(
      (trace['y'] as number[]).reduce((sum, n) => sum + n, 0),
      10,
    );
});

test('titles that say a finding are computed from the data', () => {
  const title = ({ layout }: Figure): string => (layout['title'] as { text: string }).text.replace('<br>', ' ');
  const ends = (...minAngles: number[]): string =>
    title(endsFigure([{ loss: 'force', minAngles, median: 17.35 }], against));
  assert.equal(ends(17, 17.5), 'None of 2 seeds comes to 18°; the best ends at 17.50°');
  assert.equal(ends(17, 17.99, 18), '2 of 3 seeds come to 18°');
  const cost = (...times: number[]): string =>
    title(
      costFigure(
        times.map((milliseconds, i) => ({ loss: 'force', vectors: 10 * 2 ** i, dimensions: 3, milliseconds })),
        { name: 'costs' },
      ),
    );
  assert.equal(
    cost(1, 1.2, 1.4, 4, 14),
    'Up to 40 vectors an iteration costs little more than for 10; from 80 to 160, 3.5 times as much',
  );
});

test('shares and gaps are computed from the rows', () => {
  assert.deepEqual(figures[5]!.data[0]!['y'], [0.0012]);
  assert.deepEqual(figures[5]!.data[2]!['y'], [75]);
  assert.deepEqual(figures[6]!.data[0]!['x'], [12.5]);
  assert.deepEqual(figures[7]!.data[0]!['y'], [73.79]);
});

test('of many vectors the histogram counts every pair; maps of their angles are refused', () => {
  const many = randomVectors(new Random(1), 600, 3);
  const { data } = angleHistogramFigure({ before: many, after: many }, { name: 'histogram', title: 'histogram' });
  for (const { y } of data as { y: number[] }[])
    assert.equal(
      y.reduce((a, b) => a + b),
      (600 * 599) / 2,
    );
  const names = { name: 'maps', title: 'maps' },
    more = new Array<number[]>(1001).fill([1, 0]);
  assert.throws(() => angleMapsFigure({ before: more, after: more }, names), {
    message: /1000 vectors at most, not of 1001/,
  });
});
