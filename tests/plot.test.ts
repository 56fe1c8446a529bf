import test from 'node:test';
import assert from 'node:assert/strict';
import { axis, baseLayout, palette, panelAxes, panels, pickFrames, round, seriesColor } from '../lib/src/figures';
import { checkSize } from '../lib/src/figures/chart/animate';
import { roundNumber } from '../lib/src/figures/chart/round';
import { losses } from './snapshots/figures';
import { snapshot } from './snapshots/snapshot';

/** WCAG's relative luminance and contrast: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [light, dark] = [a, b]
    .map((color) => {
      const [r, g, blue] = [1, 3, 5]
        .map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
        .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number];
      return 0.2126 * r + 0.7152 * g + 0.0722 * blue;
    })
    .sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

test('every colour that carries a meaning stands out from the paper', () => {
  const { data, model, optimum, start, warning, series, text, paper } = palette;
  for (const color of [data, model, optimum, start, warning, ...series]) {
    assert.ok(contrast(color, paper) >= 3, `${color} on ${paper}: ${contrast(color, paper).toFixed(2)}`);
  }
  assert.ok(contrast(text, paper) >= 7);
  assert.equal(new Set(series).size, 8);
  assert.equal(seriesColor(8), series[0]);
});

test('round keeps significant digits and makes typed arrays plain', () => {
  assert.deepEqual(round({ a: [1.23456, [-0.000123456]], b: 'x', c: null, d: undefined, e: true }), {
    a: [1.235, [-0.0001235]],
    b: 'x',
    c: null,
    e: true,
  });
  assert.deepEqual(round(Float32Array.of(0.1, 12345.6)), [0.1, 12350]);
  assert.equal(roundNumber(Math.PI, 2), 3.1);
  assert.equal(roundNumber(Infinity), Infinity);
});

test('pickFrames shows single steps first, then goes farther and farther, includes both ends and never repeats', () => {
  for (const [length, atMost] of [
    [1, 60],
    [60, 60],
    [61, 60],
    [75, 60],
    [1000, 60],
    [20_001, 40],
  ] as const) {
    const picked = pickFrames(length, atMost);
    assert.equal(picked.length, Math.min(length, atMost));
    assert.equal(picked[0], 0);
    assert.equal(picked.at(-1), length - 1);
    assert.ok(
      picked.every((frame, i) => i === 0 || frame > picked[i - 1]!),
      picked.join(),
    );
  }
  const many = pickFrames(1000, 60);
  const ways = many.slice(1).map((frame, i) => frame - many[i]!);
  assert.deepEqual(new Set(ways.slice(0, 19)), new Set([1]), 'a third of them are single steps');
  assert.ok(ways.slice(20).every((way, i) => way >= ways[19 + i]! - 1) && ways.at(-1)! > 30, ways.join());
  assert.deepEqual(pickFrames(0), []);
});

test('an axis has its unit in its title, and a range in the unit of its data', () => {
  assert.deepEqual((axis({ title: 'height', unit: 'in' }).title as { text: string }).text, 'height (in)');
  assert.deepEqual(axis({ title: 'loss', range: [10, 1000] }).range, [10, 1000]);
  assert.deepEqual(axis({ title: 'loss', log: true, range: [10, 1000] }).range, [1, 3]);
});

test('a title breaks into lines, and the margin grows with them', () => {
  const margin = (layout: ReturnType<typeof baseLayout>) => (layout.margin as { t: number }).t;
  const text = (layout: ReturnType<typeof baseLayout>) => (layout.title as { text: string }).text;
  const short = baseLayout({ title: 'Short' });
  const long = baseLayout({
    title: 'A finding that takes more words than fit into a line of a narrow window<br>and a second sentence',
  });
  assert.equal(text(short), 'Short');
  assert.equal(text(long).split('<br>').length, 3);
  assert.ok(
    text(long)
      .split('<br>')
      .every((line) => line.length <= 60),
  );
  const [first, second] = text(long)
    .split('<br>')
    .map((line) => line.length);
  assert.ok(Math.abs(first! - second!) <= 12, `lines of ${first} and ${second} characters`); // no word alone on the second
  assert.equal(margin(long) - margin(short), 44);
  assert.equal(short.autosize, true);
  assert.equal(baseLayout({ title: 'x', width: 500 }).width, 500);
});

test('panels fill the plot without touching each other, the first row on top', () => {
  const empty = { x: {}, y: {} };
  const layout = panels({
    columns: 2,
    panels: [{ ...empty, title: 'a' }, empty, empty],
    gapX: 0.2,
    gapY: 0.1,
    widths: [1, 3],
    heights: [2, 1],
  });
  const domain = (name: string) => (layout[name] as { domain: number[] }).domain;
  assert.deepEqual(
    [domain('xaxis'), domain('xaxis2'), domain('xaxis3')],
    [
      [0, 0.2],
      [0.4, 1],
      [0, 0.2],
    ],
  );
  assert.deepEqual(
    [domain('yaxis'), domain('yaxis2'), domain('yaxis3')],
    [
      [0.4, 1],
      [0.4, 1],
      [0, 0.3],
    ],
  );
  assert.deepEqual(
    (layout.annotations as { text: string }[]).map(({ text }) => text),
    ['a'],
  );
  assert.deepEqual(
    [panelAxes(0), panelAxes(2)],
    [
      { xaxis: 'x', yaxis: 'y' },
      { xaxis: 'x3', yaxis: 'y3' },
    ],
  );
});

test('the loss chart', () => snapshot('loss-chart', losses()));

test('a figure that is too large says what to do', () => {
  const figure = { ...losses(), data: [{ y: Array<number>(100_000).fill(1.234) }] };
  assert.throws(() => checkSize(figure), /'test-losses' takes \d+ kB as JSON.*draw fewer points/);
  assert.doesNotThrow(() => checkSize(losses()));
});
