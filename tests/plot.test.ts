import test, { describe } from 'node:test';
import assert from 'node:assert/strict';
import {
  axis,
  baseLayout,
  chart,
  marks,
  palette,
  panelAxes,
  panels,
  pickFrames,
  round,
  seriesColor,
  type JsonObject,
} from '../lib/src/figures';
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
  assert.ok(ways.slice(20).every((way, i) => way >= 0.6 * ways[19 + i]!) && ways.at(-1)! > 30, ways.join());
  const far = many.filter((frame, i) => i > 0 && i < 59 && frame - many[i - 1]! > 30);
  assert.ok(far.length > 8 && far.every((frame) => frame % 10 === 0), `round numbers: ${far.join()}`);
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

describe("names at lines' ends", () => {
  const line = (name: string, y: (number | null)[], x?: number[]) => marks.line({ name, x, y, color: palette.warning });
  const where = { x: [0, 2], y: [0, 100], height: 300 } as const;
  const placed = (lines: JsonObject[], options: Partial<marks.EndLabelsOptions> = {}) => {
    const { x, y, text, textfont } = marks.endLabels(lines, { ...where, ...options });
    return { x, y, text, colors: (textfont as JsonObject).color };
  };

  test('stand where the lines end, in their colours; what has no name or no points has no label', () => {
    const nameless = marks.line({ y: [1, 2] });
    const lines = [line('a', [1, 20, 80]), line('b', [1, 10, null]), line('empty', []), nameless];
    assert.deepEqual(placed(lines), {
      x: [2, 1],
      y: [80, 10],
      text: ['\u00a0a', '\u00a0b'],
      colors: [palette.warning, palette.warning],
    });
  });

  test('are moved apart where they would lie over each other, and only there', () => {
    const { y } = placed(['a', 'b', 'c', 'd'].map((name, i) => line(name, [0, 0, [50, 51, 52, 90][i]!])));
    const pixels = (y as number[]).map((value) => 3 * value);
    assert.ok(pixels[1]! - pixels[0]! > 14.8 && pixels[2]! - pixels[1]! > 14.8, String(pixels));
    assert.ok(Math.abs(pixels[1]! - 153) < 1 && pixels[3] === 270, 'no farther than it takes');
    assert.deepEqual(placed([line('a', [50], [0]), line('b', [50], [1])]).y, [50, 50], 'side by side');
    const low = placed([line('a', [0, 0, 0]), line('b', [0, 0, 0])]).y as number[];
    assert.ok(low[0]! >= 5 && low[1]! >= 0 && low[0]! < 8, `above the axis: ${String(low)}`);
  });

  test('are moved apart in pixels on a logarithmic axis as well', () => {
    const { y } = placed([line('a', [1, 1, 1]), line('b', [1, 1, 1.01])], { y: [0.01, 100], log: 'y' });
    const [a, b] = (y as number[]).map((value) => (300 * (Math.log10(value) + 2)) / 4) as [number, number];
    assert.ok(b - a > 14.8 && b - a < 16 && Math.abs(a + b - 300) < 2, `${a} ${b}`);
  });

  test('take the place of the legend, and have room', () => {
    const lines = [line('a short one', [1, 2]), line('one with a very long name', [2, 3])];
    const figure = chart(
      { name: 'ends', title: 'Two' },
      { says: 'Two lines.', marks: lines, legend: 'ends', x: { title: 'x' }, y: { title: 'y', log: true } },
    );
    const { margin, showlegend, legend, xaxis, yaxis } = figure.layout as Record<string, JsonObject>;
    assert.equal(showlegend, false);
    assert.ok(legend, 'for narrow windows');
    assert.ok(Number(margin!.r) > 150, JSON.stringify(margin));
    assert.deepEqual(xaxis!.range, [0, 1], 'the axis ends where the lines do');
    assert.deepEqual(
      (yaxis!.range as number[]).map((value) => value.toFixed(3)),
      ['-0.024', '0.501'],
    );
    assert.equal(figure.data[2]!.meta, 'ends');
  });
});
