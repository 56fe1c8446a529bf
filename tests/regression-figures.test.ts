import test from 'node:test';
import assert from 'node:assert/strict';
import {
  candidateLinesFigure,
  fitAnimation,
  lossContours,
  lossLandscape,
  ratesFigure,
  scatterFigure,
  type Figure,
} from '../lib/src/figures';
import { exactFit, lossGrid, lossMap } from '../lib/src/regression';

const x = { name: 'Age', unit: 'years', values: [1, 2, 3, 4] };
const y = { name: 'Size', values: [2, 4, 5, 9] };
const exact = exactFit(x.values, y.values); // slope 2.2, intercept -0.5, mse (0.09 + 0.01 + 1.21 + 0.49) / 4 = 0.45
const run = (length: number): { records: { slope: number; intercept: number }[]; loss: number[] } => ({
  records: Array.from({ length }, (_, k) => ({ slope: 2.2 - 1 / (k + 1), intercept: -0.5 })),
  loss: Array.from({ length }, (_, k) => 0.45 + 7.5 / (k + 1) ** 2),
});
const last = (figure: Figure, frame: number): { x?: number[]; y?: number[]; text?: string[] }[] =>
  figure.frames!.at(frame)!.data;

test('the scatter chart has every point, axis titles with units, and a description with the ranges', () => {
  const figure = scatterFigure({ x, y }, { name: 'data' });
  assert.deepEqual([figure.data[0]!['x'], figure.data[0]!['y']], [x.values, y.values]);
  assert.match(JSON.stringify(figure.layout), /"Age \(years\)".*"Size"/);
  // The correlation is 11 / sqrt(5 * 26), from the deviations -1.5 -0.5 0.5 1.5 and -3 -1 0 4.
  assert.equal(
    figure.description,
    'Size rises with Age (correlation 0.96). 4 points: Age from 1 to 4 years, Size from 2 to 9.',
  );
});

test("the scatter chart's title says what the points show", () => {
  const title = (values: number[]): string =>
    (scatterFigure({ x, y: { name: 'b', values } }, { name: 'data' }).layout['title'] as { text: string }).text;
  assert.equal(title([9, 5, 4, 2]), 'b falls with Age (correlation −0.96)');
  assert.equal(title([1, 2, 2, 1]), 'b hardly depends on Age (correlation 0.00)');
  assert.equal(title([3, 3, 3, 3]), 'b is the same in all rows');
});

test('of a long table every so many rows are drawn, few enough for a notebook', () => {
  const values = Array.from({ length: 100_000 }, (_, i) => i);
  const drawn = scatterFigure({ x: { name: 'a', values }, y: { name: 'b', values } }, { name: 'data' }).data[0]![
    'x'
  ] as number[];
  assert.ok(drawn.length > 300 && drawn.length <= 600);
});

test('each candidate line has a stroke from every point to the line, and its loss in the heading', () => {
  const figure = candidateLinesFigure(
    {
      x,
      y,
      lines: [
        { slope: 2, intercept: 0 },
        { slope: 2.2, intercept: -0.5 },
      ],
    },
    { name: 'lines', title: 't' },
  );
  const strokes = figure.data[0]!;
  assert.deepEqual(
    [strokes['x'], strokes['y']],
    [
      [1, 1, null, 2, 2, null, 3, 3, null, 4, 4, null],
      [2, 2, null, 4, 4, null, 5, 6, null, 9, 8, null],
    ],
  );
  assert.match(JSON.stringify(figure.layout), /2 x \+ 0<\/b><br>MSE 0\.5".*2\.2 x − 0\.5<\/b><br>MSE 0\.45"/);
  assert.match(
    figure.description,
    /2 x \+ 0 has the mean squared error 0\.5; 2\.2 x − 0\.5 has the mean squared error 0\.45\./,
  );
});

test('the animation has a frame for each iteration, all panels in step, and shows the end at rest', () => {
  const figure = fitAnimation({ x, y, runs: { first: run(5), second: run(3) }, exact }, { name: 'a', title: 't' });
  assert.deepEqual(
    figure.frames!.map((frame) => frame.data.length),
    [8, 8, 8, 8, 8],
  ); // 2 runs x 4 moving traces
  const [line, text, losses, point, , , shorter] = last(figure, 3);
  assert.equal(line!.y!.length, 2);
  assert.deepEqual(text!.text, ['slope 1.95<br>intercept −0.5<br>loss 0.9187']); // slope 2.2 - 1/4, loss 0.45 + 7.5/16
  assert.deepEqual(losses!.x, [0, 1, 2, 3]);
  assert.deepEqual([point!.x, point!.y], [[3], [0.9187]]);
  assert.deepEqual(shorter!.x, [0, 1, 2]); // the shorter run waits at its end
  const resting = figure.data.slice(-8).map((trace) => trace['y']);
  assert.deepEqual(resting[2], last(figure, -1)[2]!.y);
  assert.equal(figure.layout['showlegend'], true);
});

test('a long run is thinned to the frames asked for, both ends kept, and stays under 300 kB', () => {
  const figure = fitAnimation({ x, y, runs: { long: run(50_000) }, exact }, { name: 'a', title: 't', frames: 40 });
  assert.equal(figure.frames!.length, 40);
  assert.deepEqual([last(figure, 0)[3]!.x, last(figure, -1)[3]!.x], [[0], [49_999]]);
  assert.ok(JSON.stringify(figure).length < 300_000);
});

test('a perfect line, whose least loss is zero, can be drawn', () => {
  const perfect = { name: 'p', values: [1, 3, 5, 7] };
  const figure = fitAnimation(
    {
      x,
      y: perfect,
      exact: exactFit(x.values, perfect.values),
      runs: {
        only: {
          records: [
            { slope: 0, intercept: 0 },
            { slope: 2, intercept: -1 },
          ],
          loss: [21, 0],
        },
      },
    },
    { name: 'a', title: 't' },
  );
  const ranges = [figure.layout['yaxis2'] as { range: number[] }].map(({ range }) => range).flat();
  assert.ok(ranges.every(Number.isFinite));
  assert.deepEqual(last(figure, -1)[2]!.y, [21, 0]);
});

test('map and landscape hold logarithms of the loss, the ways of the runs, and the exact fit', () => {
  const grid = lossGrid(x.values, y.values, { from: 1, to: 3, count: 5 }, { from: -2, to: 1, count: 4 });
  for (const figure of [lossContours, lossLandscape].map((draw) =>
    draw({ grid, runs: { a: run(3) } }, { name: 'm', title: 't' }),
  )) {
    const surface = figure.data[0] as unknown as { z: number[][] };
    const [way, star] = ['a', 'exact fit'].map((name) => figure.data.find((trace) => trace['name'] === name)!) as {
      x: number[];
      y: number[];
    }[] as [{ x: number[] }, { x: number[]; y: number[] }];
    assert.equal(surface.z.length, 4);
    assert.equal(surface.z[0]!.length, 5);
    assert.ok(Math.abs(10 ** surface.z[1]![2]! - grid.loss[1]![2]!) < 1e-3 * grid.loss[1]![2]!);
    assert.deepEqual(way.x, [1.2, 1.7, 1.867]);
    assert.deepEqual([star.x, star.y], [[2.2], [-0.5]]);
    assert.match(
      figure.description,
      /a: from slope 1\.2 and intercept −0\.5 to 1\.867 and −0\.5, loss 1\.283\. The least loss, 0\.45,/,
    );
  }
});

test('the chart of learning rates takes whole trajectories and labels its axis with losses', () => {
  const figure = ratesFigure(
    { runs: [{ name: 'one', ...run(4), ...{ iterations: 3 } }], exact },
    { name: 'rates', title: 't' },
  );
  assert.deepEqual(figure.data[0]!['y'], [7.95, 2.325, 1.283, 0.9187]);
  assert.deepEqual(figure.data[2]!['y'], [1.2, 1.7, 1.867, 1.95], 'the slopes, on the right');
  assert.deepEqual((figure.layout['yaxis'] as { ticktext: string[] }).ticktext, [
    '0.5',
    '1',
    '2',
    '5',
    '10',
    '20',
    '50',
    '100',
    '200',
  ]);
  assert.match(figure.description, /one: from 7\.95 to 0\.9187 in 3 iterations/);
});

test('a run that diverges is drawn until it leaves the chart, which is said at the edge', () => {
  const wild = {
    name: 'wild',
    records: [1.2, -9, 400, Infinity].map((slope) => ({ slope, intercept: -0.5 })),
    loss: [7.95, 500, 4e4, Infinity],
  };
  const figure = ratesFigure({ runs: [{ name: 'one', ...run(4) }, wild], exact }, { name: 'rates', title: 't' });
  assert.deepEqual(
    figure.data.filter(({ name }) => name === 'wild').map(({ y }) => y),
    [
      [7.95, 500],
      [1.2, -9],
    ],
  );
  assert.deepEqual(
    (figure.layout['annotations'] as { text: string }[]).map(({ text }) => text),
    ['wild<br>leaves the chart:<br>500 after 1'],
  );
  assert.doesNotMatch(JSON.stringify(figure), /null/);
  assert.match(figure.description, /wild: 7\.95, then 500, 40000 \.\.\./);
});

const titleOf = (figure: Figure): string =>
  (figure.layout['title'] as { text: string }).text.replaceAll('<br>', ' ').replaceAll(' ', ' ');

test("an animation's title says how many lines end at the least loss, and how many at the exact line", () => {
  const end = (slope: number, loss: number) => ({
    records: [
      { slope: 1, intercept: 0 },
      { slope, intercept: -0.5 },
    ],
    loss: [9, loss],
  });
  const title = (...runs: ReturnType<typeof end>[]): string =>
    titleOf(
      fitAnimation(
        { x, y, runs: Object.fromEntries(runs.map((run, i) => [`${i}`, run])), exact },
        { name: 'a', by: 'Adam' },
      ),
    );
  assert.equal(
    title(end(2.2, 7), end(2.19, 7), end(2.13, 7), end(2, 7)), // 0.45 + 7.5 times the square of how far the slope is off
    'Adam: 3 of 4 end at most a tenth above the least MSE, 2 close to the exact line',
  );
});

test("a map's title tells a valley from a bowl, and who arrives; a valley's floor has its name", () => {
  const draw = (values: number[], slope: number): Figure => {
    const fit = exactFit(values, y.values);
    const grid = lossMap(values, y.values, 20);
    const runs = { a: { records: [fit, { ...fit, slope: slope * fit.slope }], loss: [9, 1] } };
    return lossContours({ grid, runs }, { name: 'm' });
  };
  // the mean square is 102.5^2 + 1.25, so the condition number is about (2 * 10508.5)^2 / (4 * 1.25)
  const valley = draw([101, 102, 103, 104], 1);
  const title =
    'The MSE is a valley, curved 88,000,000 times as much across as along: 1 of 1 walks at the lowest point';
  assert.equal(titleOf(valley), title);
  assert.ok(valley.data.some(({ text }) => JSON.stringify(text)?.includes('the floor')));
  const bowl = draw([-1, -1, 1, 1], 1.5);
  assert.equal(titleOf(bowl), 'The MSE is a round bowl: 0 of 1 walks at the lowest point');
  assert.ok(!bowl.data.some(({ text }) => text !== undefined));
});

test('the title of several rates says what becomes of each', () => {
  const fate = (name: string, slopes: number[], loss: number[]) => ({
    name,
    loss,
    records: slopes.map((slope) => ({ slope, intercept: -0.5 })),
  });
  const figure = ratesFigure(
    {
      runs: [
        fate('rate 1', [1, 1, 1, 1], [8, 7.9, 7.8, 7.7]),
        fate('rate 2', [1, 2, 2.1, 2.2], [8, 2, 1, 0.46]),
        fate('rate 3', [1, 3, 1.1, 3], [8, 4, 4, 4]),
        fate('rate 4', [1, 3, 2, 2.3], [8, 4, 1, 0.46]),
        fate('rate 5', [1, 30, -90, 300], [8, 800, 9e4, 9e6]),
      ],
      exact,
    },
    { name: 'rates' },
  );
  assert.equal(
    titleOf(figure),
    'In 3 iterations: rate 1 crawls, rate 2 arrives, rate 3 swings, rate 4 swings and arrives, rate 5 flies off',
  );
});
