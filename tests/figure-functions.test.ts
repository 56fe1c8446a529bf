// What holds for every figure function, by walking them all with small data.
import test from 'node:test';
import assert from 'node:assert/strict';
import * as figures from '../lib/src/figures';
import type { Figure, JsonObject } from '../lib/src/figures';
import { optimizerNames } from '../lib/src/optimizers';
import { objectives } from '../lib/src/races';
import { figureRules } from './support/figure-rules';
import { figureSamples } from './support/figure-samples';

const titleOf = ({ layout }: Figure): string => (layout['title'] as { text: string }).text.replaceAll('<br>', ' ');

const functions = Object.entries(figures as Record<string, unknown>).filter(
  (entry): entry is [string, (...args: unknown[]) => unknown] =>
    typeof entry[1] === 'function' && /^(\w+(Figure|Chart|Animation|Contours|Histogram)|lossLandscape)$/.test(entry[0]),
);

test('every figure function is here, and takes data and options', () => {
  assert.deepEqual(functions.map(([name]) => name).sort(), Object.keys(figureSamples).sort());
  for (const [name, draw] of functions) assert.equal(draw.length, 2, name);
});

for (const [draw, sample] of Object.entries(figureSamples)) {
  test(`${draw} takes its name, its title and its description from the caller`, async () => {
    for (const name of ['one-name', 'another-name']) {
      const figure = await sample({ name, title: `What the data of ${name} have to say` });
      assert.equal(figure.name, name);
      assert.equal(titleOf(figure), `What the data of ${name} have to say`);
    }
    const told = await sample({ name: 'a', title: 'b', description: 'What it shows.' });
    assert.equal(told.description, 'What it shows.');
  });

  test(`${draw} keeps the rules of figures, in plain and finite numbers`, async () => {
    const figure = await sample({ name: 'sample', title: 'What a handful of numbers have to say' });
    const { name, description, data, layout, frames } = figure;
    const output = { cell: 1, name, description, payload: { data, layout, ...(frames && { frames }) } };
    for (const [rule, problemsOf] of Object.entries(figureRules)) {
      assert.deepEqual(problemsOf(output), [], `${rule}: ${problemsOf(output).join('; ')}`);
    }
    JSON.stringify(output.payload, (_, value: unknown) => {
      assert.ok(!ArrayBuffer.isView(value), 'a typed array');
      assert.ok(typeof value !== 'number' || Number.isFinite(value), String(value));
      return value;
    });
  });
}

/** How each optimiser's path is drawn, and its ball, in a race. */
function looksOf({ data }: Figure): Map<string, string> {
  const [paths, heads] = ['x', 'markers'].map((wanted) =>
    data.filter(({ mode, xaxis }) => (wanted === 'x' ? mode === 'lines' && !xaxis : mode === wanted)),
  );
  const balls = heads!.find(({ text }) => Array.isArray(text))!;
  const { color, symbol } = balls['marker'] as { color: string[]; symbol: string[] };
  return new Map(
    paths!.map(({ name, line }, i) => {
      const look = line as JsonObject;
      assert.equal(look['color'], color[i]);
      return [name as string, JSON.stringify([look['color'], look['dash'], symbol[i]])];
    }),
  );
}

test('each optimiser is drawn in a look of its own, and so is one that no table has', () => {
  const names = [...optimizerNames, 'mine'];
  const path: [number, number][] = [
    [1, 1.5],
    [2, 1],
  ];
  const runs = names.map((optimizer) => ({
    optimizer: optimizer as (typeof optimizerNames)[number],
    hyper: { learningRate: 0.1 },
    steps: 1,
    path,
    loss: [2, 1],
    final: path[1]!,
    finalLoss: 1,
  }));
  const figure = figures.raceFigure({ objective: objectives.beale, runs }, { name: 'race', title: 'A race' });
  const looks = looksOf(figure);
  assert.equal(looks.size, names.length);
  assert.equal(new Set(looks.values()).size, names.length);
  for (const [name, look] of looks) assert.match(look, /^\["#[0-9a-f]{6}"/, `${name} has no colour: ${look}`);
});
