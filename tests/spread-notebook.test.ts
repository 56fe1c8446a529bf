// The loss that notebook 2 shows is the loss that it runs: whoever changes the listing sees another run.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import type { Figure } from '../lib/src/figures';
import { codeCells, readNotebook, textOf } from '../publish/src/notebooks/notebook';
import { ownRoot } from '../publish/src/notebooks/project';
import { showsOf } from './support/cell-figures';

const sources = codeCells(readNotebook(join(ownRoot, 'notebooks', '02-spread-vectors.ipynb'))).map(({ source }) =>
  textOf(source),
);
/** The cells from the first to that with the figure. */
const upTo = (figure: string): string[] =>
  sources.slice(0, sources.findIndex((source) => source.includes(`'${figure}'`)) + 1);

const LISTING = 'angles(vectors).min().neg()';
const edited = (source: string): string => source.replace(LISTING, 'angles(vectors).mean().neg()');

/** Less of what is not asked here: the forces for a few steps, one start in place of ten. */
const sooner = (source: string): string =>
  source.replace('iterations: 700', 'iterations: 7').replace('[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]', '[1]');

const titleOf = ({ layout }: Figure): string => (layout['title'] as { text: string }).text.replaceAll('<br>', ' ');
const lastFrame = ({ frames }: Figure): string => JSON.stringify(frames!.at(-1)!.data);

test('one word changed in the first listing changes the animation, its title and its numbers', async () => {
  assert.equal(sources.filter((source) => source.includes(LISTING)).length, 1);
  const cells = upTo('spread-min-angle');
  const own = (await showsOf(cells)).figures.get('spread-min-angle')!;
  const other = (await showsOf(cells.map(edited))).figures.get('spread-min-angle')!;
  assert.match(titleOf(own), /^2 of 20 vectors move at a time; 11\.\d of 18\.0 degrees after 1,200 iterations$/);
  assert.match(titleOf(other), /^The lone one turns \d+°; 1\.\d of 18\.0 degrees after 1,200 iterations$/);
  assert.notEqual(own.description, other.description);
  assert.notEqual(lastFrame(own), lastFrame(other));
});

test('and the chart with controls', async () => {
  const light = upTo('vectors-to-try').map(sooner);
  const own = (await showsOf(light)).figures.get('vectors-to-try')!;
  const other = (await showsOf(light.map(edited))).figures.get('vectors-to-try')!;
  assert.match(titleOf(own), /^20 vectors, least angle: 11\.\d of 18\.0 degrees$/);
  assert.match(titleOf(other), /^20 vectors, least angle: 1\.\d of 18\.0 degrees$/);
});

test('after any such edit all cells run, and are told which statements no longer hold', async () => {
  const { unmet } = await showsOf(sources.map(edited).map(sooner));
  assert.ok(unmet.includes('With the least angle two vectors move in each step'), unmet.join('\n'));
});
