// Descents on a curve of one variable, and the labels that stand beside what moves.
import assert from 'node:assert/strict';
import test from 'node:test';
import { curveDescentFigure, lossChart, mapFigure } from '../lib/src/figures';
import { labelsBeside } from '../lib/src/figures/chart/beside';

const panel = { x: [0, 100], y: [0, 200], width: 100, height: 200 } as const; // a unit is a pixel

test('a label stands right of its point, and left where the panel ends', () => {
  const { x, y, text, textposition } = labelsBeside(
    [
      { text: 'a', x: 10, y: 50 },
      { text: 'b', x: 99, y: 90 },
      { text: 'c', x: 180, y: 150 },
    ],
    panel,
  );
  assert.deepEqual(x, [10, 99, 100]); // what lies outside is named at the edge
  assert.deepEqual(y, [50, 90, 150]);
  assert.deepEqual(
    text.map((own) => own.trim()),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(textposition, ['middle right', 'middle left', 'middle left']);
});

test('labels of one place make a column about it, in their order, inside the panel', () => {
  for (const height of [100, 0, 200]) {
    const crowd = ['a', 'b', 'c'].map((text) => ({ text, x: 10, y: height }));
    const [a, b, c] = labelsBeside(crowd, panel).y as [number, number, number];
    assert.ok(a - b > 14.9 && b - c > 14.9 && a - c < 30.1, `${a}, ${b}, ${c}`);
    assert.ok(c > 7 && a < 193);
    if (height === 100) assert.ok(Math.abs(b - 100) < 0.1);
  }
});

test('each run has its trail so far, its ball and its name, and what is not finite ends it', () => {
  const runs = { plain: { x: [2, 1, 0.5], loss: [4, 1, 0.25] }, wild: { x: [2, -3, 30], loss: [4, 9, NaN] } };
  const curve = { x: [-4, 0, 4], y: [16, 0, 16] };
  const figure = curveDescentFigure({ curve, runs }, { name: 'c', xTitle: 'slope', xUnit: 'lb/in' });
  const [, second] = figure.frames!;
  assert.deepEqual(second!.data[0], { x: [2, 1], y: [4, 1] });
  assert.deepEqual(second!.data[2], { x: [1, -3], y: [1, 9] });
  assert.deepEqual(figure.data[2]!['x'], [2, -3]);
  const title = (figure.layout['title'] as { text: string }).text.replaceAll('<br>', ' ');
  assert.equal(title, 'After 2 steps: plain at 0.5 lb/in, wild at −3 lb/in');
  assert.match(figure.description, /plain at 0\.5 lb\/in, where the loss is 0\.25; wild at −3/);
});

test('one frame alone is a still of the end', () => {
  const curve = { x: [-1, 1], y: [1, 1] };
  const runs = { plain: { x: [1, 0], loss: [1, 0] } };
  const { frames, data } = curveDescentFigure({ curve, runs }, { name: 'c', frames: 1 });
  assert.equal(frames, undefined);
  assert.deepEqual(data[1]!['x'], [1, 0]);
});

test('below its point a label stands in the middle, and to one side where the panel ends', () => {
  const at = [3, 50, 98].map((x) => ({ text: 'abcd', x, y: 50 }));
  const { y, textposition } = labelsBeside(at, { ...panel, width: 300, below: true });
  assert.deepEqual(textposition, ['middle right', 'middle center', 'middle left']);
  assert.ok(y.every((height) => height < 40));
});

test('a name below its point keeps off a lower ball beside it, not off one far below', () => {
  const label = { text: 'name', x: 100, y: 100 };
  const heightBeside = (y: number): number =>
    labelsBeside([label, { text: '', x: 105, y }], { ...panel, x: [0, 200], width: 200, below: true }).y[0]!;
  assert.deepEqual([100, 90, 20].map(heightBeside), [82, 72, 82]);
});

test('the lowest point of a curve is marked and named where that is asked for', () => {
  const curve = { x: [-4, 1, 4], y: [16, 0, 16] };
  const runs = { plain: { x: [2, 1.5], loss: [4, 1] } };
  const figure = curveDescentFigure({ curve, runs }, { name: 'c', lowest: 'lowest point' });
  const star = figure.data.find(({ marker }) => (marker as { symbol?: string })?.symbol === 'star')!;
  assert.deepEqual([star['x'], star['y']], [[1], [0]]);
  const names = figure.data.at(-1)!['text'] as string[];
  assert.deepEqual(
    names.map((name) => name.trim()),
    ['plain', 'lowest point'],
  );
  assert.match(figure.description, /The lowest point is at 1\.$/);
});

test('names of a crowd stand right of its last ball', () => {
  const labels = [
    { text: 'a', x: 10, y: 50 },
    { text: 'b', x: 30, y: 52 },
  ];
  const crowd = [...labels.map(({ x, y }) => [x, y] as const), [40, 50] as const];
  assert.deepEqual(labelsBeside(labels, { ...panel, crowd }).x, [40, 40]);
  assert.deepEqual(labelsBeside(labels, panel).x, [10, 30]);
});

test('a map says how far from the goal each path ends, and draws circles where there is a radius', () => {
  const paths = { 'one way': [[0, 0], [3, 0]], other: [[0, 0], [0, 1]] }; // prettier-ignore
  const places = [{ name: 'A', x: 1, y: 1, radius: 2 }];
  const figure = mapFigure({ paths, places, goal: { name: 'home', x: 3, y: 4 } }, { name: 'map', unit: 'km' });
  const title = (figure.layout['title'] as { text: string }).text.replaceAll('<br>', ' ');
  assert.equal(title, 'One way ends 4 km from home, other ends 4.2 km from home');
  const [circle] = figure.data as { x: number[]; y: number[] }[];
  assert.ok(Math.abs(Math.max(...circle!.x) - 3) < 1e-3 && Math.abs(Math.min(...circle!.y) + 1) < 1e-3);
  assert.equal(figure.frames!.length, 2);
});

test('losses by their names, with those at the ends; what diverges leaves at the top', () => {
  const figure = lossChart({ good: { loss: [4, 2, 1] }, wild: { loss: [4, 400, NaN] } }, { name: 'l', most: 5 });
  const { range } = figure.layout['yaxis'] as { range: [number, number] };
  assert.ok(range[1] > 5 && range[1] < 6);
  const names = figure.data.at(-1)!;
  assert.deepEqual(
    (names['text'] as string[]).map((name) => name.trim()),
    ['good', 'wild'],
  );
  assert.ok((names['y'] as number[])[1]! > 4);
});
