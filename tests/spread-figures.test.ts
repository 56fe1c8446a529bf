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
  pushesFigure,
  sphereFigure,
  sphereTableFigure,
  spreadRunFigure,
  startAndTargetFigure,
  type Figure,
} from '../lib/src/figures';
import { crowdedVectors, evenVectors, minAngleDegrees, randomVectors, vectorsAt } from '../lib/src/spreads';

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

const against = { name: 'ends', bestDegrees: 18, medianOf: "the article's code" };
const row = { starts: 8, energy: 1, leastKnownEnergy: 1 };

const figures: Figure[] = [
  startAndTargetFigure({ start: plane[0]!.vectors, target: plane[2]!.vectors }, { name: 'start-and-target' }),
  spreadRunFigure(run, { name: 'a-run', title: 'a run', bestDegrees: 60 }),
  sphereFigure({ records: ball, recorded: [0, 9] }, { name: 'a-sphere', title: 'a sphere' }),
  angleMapsFigure({ before: ball[0]!.vectors, after: ball[1]!.vectors }, { name: 'maps', title: 'maps' }),
  angleHistogramFigure(
    { before: ball[0]!.vectors, after: ball[1]!.vectors },
    { name: 'histogram', title: 'histogram' },
  ),
  sphereTableFigure([{ ...row, vectors: 4, minAngle: 109.47, bestKnown: 109.4712, startsAtBestKnown: 6 }], {
    name: 'sphere-table',
    reached: 0.002,
  }),
  famousFigure(
    [
      { name: 'E8 roots', vectors: 240, dimensions: 8, method: 'best', starts: 16, found: 2 },
      { name: 'icosahedron', vectors: 12, dimensions: 3, method: 'best', starts: 16, found: 16 },
    ],
    { name: 'famous' },
  ),
  lossShareFigure(
    [{ vectors: 20, dimensions: 3, loss: 'force', seeds: 5, mean: 35, min: 33, max: 36, bestKnown: 47.43 }],
    { name: 'shares', groups: 'dimensions' },
  ),
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
  assert.deepEqual(points!.z, [0.99, -0.99, 0, 0, 0]);
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
  const angles = figures[3]!.data[1]!['z'] as (number | null)[][];
  assert.deepEqual([angles[0]![1], angles[0]![0]], [180, null], 'no angle with itself');
  const { cmin, cmax } = figures[3]!.layout['coloraxis'] as { cmin: number; cmax: number };
  assert.ok(cmin > 0 && cmin <= 90 && cmax === 180, `${cmin} to ${cmax}`);
  for (const trace of figures[4]!.data)
    assert.equal(
      (trace['y'] as number[]).reduce((sum, n) => sum + n, 0),
      10,
    );
});

test('titles that say a finding are computed from the data', () => {
  const ends = (...minAngles: number[]): string =>
    titleOf(endsFigure([{ loss: 'force', minAngles, median: 17.35 }], against));
  assert.equal(ends(17, 17.5), 'None of 2 starts comes to 18°; the best ends at 17.50°');
  assert.equal(ends(17, 17.99, 18), '2 of 3 starts come to 18°');
  const cost = (...times: number[]): string =>
    titleOf(
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
  assert.deepEqual(figures[5]!.data[1]!['y'], [0.0012]);
  assert.deepEqual(figures[5]!.data[2]!['y'], [75]);
  assert.deepEqual(figures[6]!.data[0]!['x'], [12.5, 100]);
  assert.deepEqual(figures[6]!.data[0]!['textposition'], ['outside', 'inside']);
  assert.deepEqual(figures[7]!.data[0]!['y'], [73.79]);
  const { array, arrayminus } = figures[7]!.data[0]!['error_y'] as Record<string, number[]>;
  assert.deepEqual([array, arrayminus], [[2.108], [4.217]], 'from the worst seed to the best');
});

const titleOf = ({ layout }: Figure): string => (layout['title'] as { text: string }).text.replaceAll('<br>', ' ');

test('where few vectors move, a run shows which, and says how many', () => {
  const [still, first, second] = [0, 10, 20].map((angle) => record(vectorsAt([angle, 90, 180, 270])));
  const records = [still!, first!, second!, record(vectorsAt([20, 90, 180, 275]))];
  const view = { loss: [3, 2, 1, 0], records, recorded: [0, 1, 2, 3] };
  const options = { name: 'few', bestDegrees: 90, marked: { index: 3, name: 'the last' } };
  const figure = spreadRunFigure(view, options);
  assert.equal(titleOf(figure), '1 of 4 vectors move at a time; 70.0 of 90.0 degrees after 3 iterations');
  const [, , , moving, own, name] = figure.frames!.map(({ data }) => data)[3]!;
  assert.deepEqual(moving, { x: [0, 0.08716, null], y: [0, -0.9962, null] });
  assert.deepEqual(own, moving, 'the marked one');
  assert.equal(name!['textposition'], 'bottom center');
  assert.deepEqual(figure.frames![0]!.data[3], { x: [], y: [] }, 'nobody has moved yet');
  const sparse = spreadRunFigure({ ...view, recorded: [0, 2, 4, 6], loss: [6, 5, 4, 3, 2, 1, 0] }, options);
  assert.equal(titleOf(sparse), 'The last turns 5°; 70.0 of 90.0 degrees after 6 iterations');
  assert.equal(sparse.frames![0]!.data.length, 5, 'who moved in a step is not known');
  const many = records.map((_, k) => record(vectorsAt([k, 90 + k, 180 + k, 270])));
  const all = spreadRunFigure({ ...view, records: many }, options);
  assert.match(titleOf(all), /^The last turns 0°; /);
  assert.equal(all.frames![0]!.data.length, 5, 'three of four are not few');
});

test('pushes are arrows of those that are pushed, and the title counts them', () => {
  const vectors = vectorsAt([0, 90]);
  const figure = pushesFigure({ vectors, pushes: [[0, -0.5], [0, 0]], names: ['A', 'B'] }, { name: 'pushes' }); // prettier-ignore
  assert.equal(titleOf(figure), 'The gradient pushes 1 of 2 vectors and leaves the others where they are');
  const [arrow, ...more] = figure.layout['annotations'] as { x: number; y: number; ax: number; ay: number }[];
  assert.deepEqual([arrow!.ax, arrow!.ay, arrow!.x, arrow!.y, more.length], [1, 0, 1, -0.5, 0]);
  assert.match(figure.description, /A is pushed, B is not\.$/);
});

test('the sphere counts its least angle while it plays', () => {
  const counted = figures[2]!.frames!.map(({ layout }) => (layout!['annotations'] as { text: string }[])[0]!.text);
  assert.match(counted[0]!, /^least angle \d+\.\d\d°$/);
  assert.equal(counted[1], 'least angle 90.00°');
});

test('ends are held against two medians', () => {
  const figure = endsFigure([{ loss: 'force', minAngles: [15, 17.5, 16, 17], median: 17.35 }], against);
  const [, own, other] = figure.data;
  assert.deepEqual([own!['y'], other!['y']], [[16.5], [17.35]]);
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
