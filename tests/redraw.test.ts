// A figure drawn in place of another: what stands there then is what a new chart of it shows, down to each stroke.
import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { figures, race, races } from 'descent-lab';
import { redrawText } from 'descent-lab/internal';
import type { Figure } from '../lib/src/figures';
import { launchBrowser, withoutBrowser } from './support/browser';

/** A race from a start, as a control draws it. */
async function raceFrom(start: [number, number], ground: 'beale' | 'saddle' = 'beale'): Promise<Figure> {
  const objective = races.objectives[ground];
  const runs = await race({ objective, start, runners: races.suitableRunners(ground).slice(0, 3), steps: 40 });
  const title = `From ${start.join(', ')}`;
  return figures.raceFigure({ objective, runs }, { name: 'race', title, frames: 1 });
}

/** An empty page that can draw. */
async function pageWithPlotly(t: TestContext): Promise<Page> {
  const browser = await launchBrowser();
  t.after(() => browser.close());
  const page = await browser.newPage();
  await page.setContent('<!doctype html><title>redraw</title>');
  await page.addScriptTag({ path: require.resolve('plotly.js-strict-dist-min') });
  await page.addScriptTag({ content: `const redraw = ${redrawText};` });
  return page;
}

/** Draws one figure after the other in one chart, and each in a chart of its own; runs in the page. */
const DRAW = `async (all) => {
  const make = () => document.body.appendChild(document.createElement('div'));
  const strokes = (chart) => {
    const parts = [...chart.querySelectorAll('.cartesianlayer path, .infolayer text, .xtick text, .ytick text')];
    return parts.map((part) => [part.getAttribute('d'), part.getAttribute('transform'), part.style.stroke, part.textContent].join(' '));
  };
  const chart = make();
  await redraw(Plotly, chart, structuredClone(all[0]));
  const drawn = [];
  for (const figure of all.slice(1)) {
    let kept = true;
    const watch = new MutationObserver(() => (kept = false));
    watch.observe(chart.querySelector('.contourlayer') ?? chart, { attributeFilter: ['d'], subtree: true });
    await redraw(Plotly, chart, structuredClone(figure));
    watch.disconnect();
    const other = make();
    await Plotly.newPlot(other, structuredClone(figure));
    drawn.push({ is: strokes(chart), wanted: strokes(other), kept });
    other.remove();
  }
  return drawn;
}`;

/** Whether two strokes are one, to a tenth of a pixel. */
function isSame(a: string, b: string): boolean {
  const number = /-?\d+(\.\d+)?/g;
  const numbersIn = (text: string): number[] => [...text.matchAll(number)].map(([digits]) => Number(digits));
  const others = numbersIn(b);
  return (
    a.replace(number, '#') === b.replace(number, '#') &&
    numbersIn(a).every((value, i) => Math.abs(value - others[i]!) < 0.1)
  );
}

test('a figure drawn in place of another is drawn whole; where points alone have moved, the rest is not touched', async (t) => {
  const reason = await withoutBrowser();
  if (reason) return t.skip(reason);
  const page = await pageWithPlotly(t);
  const [first, second] = [await raceFrom([1, 1.5]), await raceFrom([1.1, 1.5])];
  const longer: Figure = { ...second, layout: { ...second.layout, height: 620 } };
  const fewer: Figure = { ...second, data: second.data.slice(0, -1) };
  const other = await raceFrom([1, 1], 'saddle');
  const recoloured: Figure = { ...first, data: first.data.map((trace, i) => (i === 2 ? { ...trace, line: { color: '#ff0000' } } : trace)) }; // prettier-ignore
  const all = [first, second, first, recoloured, first, longer, second, fewer, other, first];
  const plain = all.map(({ data, layout, frames }) => ({ data, layout: { ...layout, width: 800 }, frames }));
  type Strokes = { is: string[]; wanted: string[]; kept: boolean };
  const drawn = await page.evaluate<Strokes[]>(`(${DRAW})(${JSON.stringify(plain)})`);
  for (const [i, { is, wanted }] of drawn.entries()) {
    assert.ok(wanted.length > 40, 'something is drawn');
    const odd = wanted.findIndex((stroke, k) => !isSame(stroke, is[k] ?? ''));
    assert.equal(odd < 0 ? '' : `${is[odd]} is not ${wanted[odd]}`, '', `figure ${i + 1}, part ${odd}`);
    assert.equal(is.length, wanted.length, `figure ${i + 1}`);
  }
  assert.deepEqual(
    drawn.slice(0, 3).map(({ kept }) => kept),
    [true, true, false],
    'the map stays where points alone have moved',
  );
});

test('axes that fit themselves to the points follow them', async (t) => {
  const reason = await withoutBrowser();
  if (reason) return t.skip(reason);
  const page = await pageWithPlotly(t);
  const curve = (scale: number, length = 20): Figure =>
    figures.lossChart([{ name: 'loss', loss: Array.from({ length }, (_, i) => scale / (i + 1)) }], {
      name: 'l',
      title: `${scale}`,
    });
  const all = [curve(1), curve(1.1), curve(100), curve(0.01), curve(1, 60)];
  const plain = all.map(({ data, layout }) => ({ data, layout: { ...layout, width: 800 } }));
  const drawn = await page.evaluate<{ is: string[]; wanted: string[] }[]>(`(${DRAW})(${JSON.stringify(plain)})`);
  for (const [i, { is, wanted }] of drawn.entries()) {
    const odd = wanted.findIndex((stroke, k) => !isSame(stroke, is[k] ?? ''));
    assert.equal(odd < 0 ? '' : `${is[odd]} is not ${wanted[odd]}`, '', `figure ${i + 1}`);
  }
});

test('of figures that are asked for at once the last is shown, and one that Plotly refuses does not stop the next', async (t) => {
  const reason = await withoutBrowser();
  if (reason) return t.skip(reason);
  const page = await pageWithPlotly(t);
  const shown = await page.evaluate<{ last: string; refused: string; after: string }>(`(async () => {
    const chart = document.body.appendChild(document.createElement('div'));
    const at = (y) => ({ data: [{ x: [0, 1], y: [0, y] }], layout: { title: { text: 'y ' + y }, xaxis: { range: [0, 1] }, yaxis: { range: [0, 9] } } });
    const title = () => chart.querySelector('.gtitle').textContent + ' ' + chart.data[0].y[1];
    await redraw(Plotly, chart, at(0));
    await Promise.all([1, 2, 3, 4, 5].map((y) => redraw(Plotly, chart, at(y))));
    const last = title();
    const refused = await redraw({ ...Plotly, animate: () => Promise.reject(new Error('no')) }, chart, at(6)).catch(({ message }) => message);
    await redraw(Plotly, chart, at(7));
    return { last, refused, after: title() };
  })()`);
  assert.deepEqual(shown, { last: 'y 5 5', refused: 'no', after: 'y 7 7' });
});
