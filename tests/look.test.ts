// The figures of all notebooks as they are committed, held against one visual language.
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { describe } from 'node:test';
import { runInNewContext } from 'node:vm';
import {
  converter,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  wcagContrast,
} from 'culori';
import { darkened, darkenedText } from 'descent-lab/internal';
import { TWINS } from '../lib/src/figures/chart/dark';
import { lossChart, marks, palette, type Figure, type JsonObject } from '../lib/src/figures';
import { lessonOf } from '../publish/src/notebooks/exercises';
import { figuresOf, type FigureOutput } from '../publish/src/notebooks/figure-outputs';
import { readNotebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { gifsInReadme } from '../publish/src/notebooks/publish';
import { notebookNames } from '../publish/src/notebooks/run';
import { coloursByName, figureRules, valuesOf } from './support/figure-rules';

const project = projectAt(ownRoot);
const figures = new Map(
  notebookNames(project).map((name) => [name, figuresOf(readNotebook(join(project.notebooks, `${name}.ipynb`)))]),
);

for (const [notebook, all] of figures) {
  describe(notebook, () => {
    test('has figures, no two with one title', () => {
      assert.ok(all.length > 0 || lessonOf(notebook));
      const titles = all.map(({ payload }) => JSON.stringify(payload.layout['title']));
      assert.deepEqual(
        titles.filter((title, i) => titles.indexOf(title) < i),
        [],
      );
    });
    for (const figure of all) {
      test(figure.name ?? 'nameless', () => {
        const problems = Object.entries(figureRules).flatMap(([rule, check]) =>
          check(figure).map((problem) => `${rule}: ${problem}`),
        );
        assert.deepEqual(problems, [], problems.join('\n'));
      });
    }
  });
}

test('a name has one colour in all notebooks', () => {
  const several = [...coloursByName([...figures.values()].flat())].filter(([, colours]) => colours.size > 1);
  assert.deepEqual(
    several.map(
      ([name, colours]) =>
        `${name}: ${[...colours].map(([colour, where]) => `${colour} in ${where.join(', ')}`).join('; ')}`,
    ),
    [],
  );
});

test('the GIFs of README.md weigh less than 1.5 MB each', () => {
  const gifs = [...gifsInReadme(project)].map((name) => join(project.figures, `${name}.gif`));
  assert.ok(gifs.length > 0);
  for (const gif of gifs) assert.ok(existsSync(gif) && statSync(gif).size < 1_500_000, gif);
});

const rgb = converter('rgb');
const eyes = {
  'any eye': rgb,
  protanopia: (colour: string) => filterDeficiencyProt(1)(rgb(colour)!),
  deuteranopia: (colour: string) => filterDeficiencyDeuter(1)(rgb(colour)!),
  tritanopia: (colour: string) => filterDeficiencyTrit(1)(rgb(colour)!),
};

for (const [theme, of] of [
  ['light', (colour: string) => colour],
  ['dark', (colour: string) => TWINS[colour] as string],
] as const) {
  describe(`the palette, ${theme}`, () => {
    const { paper, text, data, model, optimum, start, warning } = palette;
    const ground = of(paper);
    const roles = [data, model, optimum, start, warning].map(of);
    const series = palette.series.map(of);

    for (const [eye, seen] of Object.entries(eyes)) {
      test(`can be told apart with ${eye}`, () => {
        for (const colours of [series, roles]) {
          const pairs = colours.flatMap((a, i) =>
            colours.slice(0, i).map((b) => ({
              a,
              b,
              // CIEDE2000: 2 can just be seen side by side; 10 is another colour at a glance.
              difference: differenceCiede2000()(seen(a)!, seen(b)!),
            })),
          );
          const { a, b, difference } = pairs.reduce((least, pair) =>
            pair.difference < least.difference ? pair : least,
          );
          assert.ok(difference >= 10, `${a} and ${b} differ by ${difference.toFixed(1)}`);
        }
      });
    }

    test('stands out from the paper: lines 3 to 1, what names are written in 4.5 to 1', () => {
      for (const colour of roles)
        assert.ok(wcagContrast(colour, ground) >= 3, `${colour} ${wcagContrast(colour, ground)}`);
      for (const colour of [...series, ...[model, optimum, data, warning].map(of)])
        assert.ok(wcagContrast(colour, ground) >= 4.5, `${colour} ${wcagContrast(colour, ground)}`);
      assert.ok(wcagContrast(of(text), ground) >= 7);
    });
  });
}

describe('a chart on dark paper', () => {
  const drawn = ({ payload }: FigureOutput) => payload;
  /** The light colours that are still in a chart. */
  const lightIn = (payload: object): unknown[] =>
    [...valuesOf(payload, /color|colorscale$/)].flat(3).filter((colour) => (colour as string) in TWINS);

  test('has no colour of the light palette, in no figure of any notebook', () => {
    for (const figure of [...figures.values()].flat()) {
      const { data, layout, frames } = darkened(drawn(figure));
      assert.deepEqual(lightIn({ data, layout, frames }), [], figure.name);
      assert.ok(lightIn(drawn(figure)).length > 0, 'which is changed in a copy');
    }
  });

  test('keeps what is no colour: its numbers, its words, its photos', () => {
    for (const figure of [...figures.values()].flat()) {
      const [light, dark] = [drawn(figure), darkened(drawn(figure))].map(({ data, frames = [] }) => [
        ...valuesOf({ data, frames }, /^([xy]|name|text|source|hovertemplate)$/),
      ]);
      assert.deepEqual(dark, light);
    }
    const picture = { type: 'image', source: palette.paper };
    assert.deepEqual(darkened({ data: [picture], layout: {} }).data, [picture]);
  });

  test('is the same where a page makes it', () => {
    const inPage = runInNewContext(darkenedText) as typeof darkened;
    const figure = drawn([...figures.values()].flat()[0]!);
    assert.equal(JSON.stringify(inPage(figure)), JSON.stringify(darkened(figure)));
  });
});

describe('each rule finds what it is for', () => {
  const good: Figure = lossChart([{ name: 'run', loss: [10, 1] }], {
    name: 'good',
    title: 'The loss falls to a tenth at once',
    description: 'The loss of one run, from 10 at the start to 1 after a single iteration, on an even scale.',
  });
  const output = (changes: object, description = good.description): FigureOutput => ({
    cell: 1,
    name: 'good',
    description,
    payload: { ...good, ...changes },
  });
  const layout = (changes: object): object => ({ layout: { ...good.layout, ...changes } });
  const broken: Record<string, FigureOutput> = {
    'its title says a finding': output(layout({ title: { text: 'Training loss' } })),
    'its title fits a narrow window': output(
      layout({ title: { text: 'A title that goes on and on without a break until it is cut' } }),
    ),
    'its axes have titles': output(layout({ yaxis: {} })),
    'quantities have units': output(layout({ yaxis: { title: { text: 'least angle' } } })),
    'its text alternative says what it shows': output({}, 'A loss chart.'),
    "its colours are the palette's": output({ data: [{ line: { color: 'red' } }] }),
    'its words can be read, in both themes': output({ data: [{ textfont: { color: palette.start } }] }),
    'what is drawn has a colour': output(layout({ shapes: [{ type: 'line', line: { width: 1 } }] })),
    'its paper is opaque': output(layout({ paper_bgcolor: 'rgba(0,0,0,0)' })),
    'it follows the window': output(layout({ width: 900 })),
    'its letters are large enough': output(layout({ legend: { font: { size: 8 } } })),
    'what it says to the mouse has names and units': output({ data: [{ ...good.data[0], hovertemplate: undefined }] }),
    'its animation waits for the reader': output({ frames: [{ name: '0', data: [] }] }),
  };
  for (const [rule, check] of Object.entries(figureRules)) {
    test(rule, () => {
      assert.deepEqual(check(output({})), []);
      assert.equal(check(broken[rule]!).length > 0, true);
    });
  }
  test('an axis that the layout lacks', () => {
    const check = figureRules['its axes have titles']!;
    const lacks = (...names: string[]) => names.map((name) => `traces are drawn on ${name}, which the layout lacks`);
    assert.deepEqual(check(output(layout({ xaxis: undefined }))), ['xaxis has no title']);
    const { xaxis, yaxis, ...bare } = good.layout;
    assert.ok(xaxis && yaxis);
    assert.deepEqual(check(output({ layout: bare })), lacks('xaxis', 'yaxis'));
    assert.deepEqual(check(output({ layout: bare, data: [{ type: 'scatter3d' }, { type: 'surface' }] })), []);
    assert.deepEqual(check(output({ data: [{ yaxis: 'y3' }, { yaxis: 'y3' }] })), lacks('yaxis3'));
  });
  test('what is drawn without a colour', () => {
    const color = palette.model;
    const bare = (trace: JsonObject): string[] => figureRules['what is drawn has a colour']!(output({ data: [trace] }));
    for (const trace of [
      { mode: 'lines', line: { width: 2 } },
      { type: 'scatter3d', mode: 'lines', visible: 'legendonly' },
      { type: 'contour' },
      { mode: 'markers', marker: { size: 3 } },
      { type: 'bar', marker: { opacity: 1 } },
      { mode: 'markers', marker: { color, symbol: 'star', line: { width: 2 } } },
    ]) {
      assert.equal(bare(trace).length, 1, JSON.stringify(trace));
      assert.match(bare(trace)[0]!, /^the trace without a name has no (line|marker|marker\.line)\.color$/);
    }
    assert.equal(bare({}).length, 2, 'a line with dots');
    for (const trace of [
      { mode: 'lines', line: { width: 0 } },
      { mode: 'lines', visible: false },
      { line: { color }, marker: { size: 4 } },
      { mode: 'markers', marker: { color, line: { width: 0 } } },
      { mode: 'markers', marker: { color, symbol: 'line-ew-open', line: { width: 3 } } },
      { mode: 'text' },
      { type: 'heatmap' },
    ]) {
      assert.deepEqual(bare(trace), [], JSON.stringify(trace));
    }
    const rule = figureRules['what is drawn has a colour']!;
    assert.deepEqual(rule(output(layout({ shapes: [{ type: 'rect', fillcolor: color, line: { width: 0 } }] }))), []);
  });
  test('marks have a colour where none is given', () => {
    const { line } = marks.guide({ y: 0 });
    assert.deepEqual(line, { color: palette.muted });
    assert.deepEqual(marks.guide({ x: 1 }, { color: palette.warning, width: 2 })['line'], {
      color: palette.warning,
      width: 2,
    });
    const edgeOf = (edge: JsonObject) => (marks.dots({ edge })['marker'] as JsonObject)['line'];
    assert.deepEqual(edgeOf({ width: 2 }), { width: 2, color: palette.text });
    assert.deepEqual(edgeOf({ width: 2, color: palette.paper }), { width: 2, color: palette.paper });
    assert.equal((marks.dots({})['marker'] as JsonObject)['line'], undefined);
  });
  test('one colour for a name', () => {
    const other = output({ data: [{ name: 'run, 0.1', line: { color: palette.warning } }] });
    assert.equal(coloursByName([output({}), other]).get('run')!.size, 2);
  });
});
