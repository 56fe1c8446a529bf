// The page of all figures: each as committed, and as the source makes it now. In a copy of the project, whose source is
// then edited.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { differences } from '../publish/src/gallery/differences';
import type { Card, Gallery, Room } from '../publish/src/gallery/gallery';
import { programOf } from '../publish/src/gallery/program';
import { serveGallery } from '../publish/src/gallery/serve';
import { figuresOf } from '../publish/src/notebooks/figure-outputs';
import { readNotebook } from '../publish/src/notebooks/notebook';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { launchBrowser, withoutBrowser } from './support/browser';

const notebooks = ['01-fit-a-line', 'your-own'];

const roomsOf = (gallery: Gallery): { rooms: Room[]; problem?: string } =>
  gallery.messages().find((message) => 'rooms' in message)!;
const cardsOf = (gallery: Gallery): Card[] =>
  gallery.messages().flatMap((message) => ('card' in message ? message.card : []));

/** Waits for what the gallery is to come to. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 120_000; !holds(); await sleep(10)) assert.ok(Date.now() < end, `in vain for: ${what}`);
}

/** The status of a request under another name, or from a page of another origin. */
const statusFor = (address: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) =>
    get(address, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject),
  );

test('differences are named by their places', () => {
  const before = { data: [{ y: [1, 2, 3], name: 'a' }], layout: { title: { text: 'Down' } } };
  assert.deepEqual(differences(before, { layout: before.layout, data: before.data }), []);
  const after = { data: [{ y: [1, 5, 6], name: 'a', mode: 'lines' }, { y: [1] }], layout: { title: { text: 'Up' } } };
  assert.deepEqual(differences(before, after), [
    'data[0].y: 2 of 3 values, first [1] 2 → 5',
    'data[0].mode: nothing → "lines"',
    'data[1]: nothing → {"y":[1]}',
    'layout.title.text: "Down" → "Up"',
  ]);
  assert.deepEqual(differences([1], [1, 2], 'x'), ['x: 1 → 2 values, first [1] nothing → 2']);
});

test('the origin of a figure is the statements that its data come from, and no others', () => {
  const sources = [
    "import { display, figures, fit } from 'descent-lab';\nconst other = fit('../data/other.csv');",
    "const table = fit('../data/mine.csv');\nconst rows: number[] = [];",
    'for (const row of table) rows.push(row.loss);\nconsole.log(rows);',
    'const loss = 1;\nawait display(figures.show(rows.map((loss) => loss)));',
  ];
  const cells = sources.map((source) => ({ cell_type: 'code' as const, metadata: {}, source }));
  const { sites, imports } = programOf(
    { metadata: {}, nbformat: 4, nbformat_minor: 5, cells },
    new Map([['figures', './figures']]),
  );
  assert.deepEqual(imports, ['figures.show', 'fit']);
  assert.deepEqual(sites, [
    {
      cell: 4,
      maker: 'figures.show',
      call: 'figures.show(rows.map((loss) => loss))',
      origin:
        "// [2]\nconst table = fit('../data/mine.csv');\nconst rows: number[] = [];\n" +
        '// [3]\nfor (const row of table) rows.push(row.loss);',
      files: ['data/mine.csv'],
    },
  ]);
});

test('a second gallery has a port of its own, and only its own pages reach it', async (t) => {
  const first = await serveGallery(projectAt(ownRoot), [], 0);
  t.after(first.close);
  const { host, port } = new URL(first.address);
  const second = await serveGallery(projectAt(ownRoot), [], Number(port));
  t.after(second.close);
  assert.notEqual(second.address, first.address);
  assert.equal(await statusFor(first.address, {}), 200);
  assert.equal(await statusFor(first.address, { origin: `http://${host}` }), 200);
  for (const path of ['', 'news', 'gallery.js']) {
    assert.equal(await statusFor(first.address + path, { host: `elsewhere.example:${port}` }), 403);
    assert.equal(await statusFor(first.address + path, { origin: 'http://elsewhere.example' }), 403);
  }
  assert.equal(await statusFor(`${first.address}../package.json`, {}), 404);
});

test('figures follow the source', async (t) => {
  mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
  const project = projectAt(mkdtempSync(join(ownRoot, 'tests', 'output', 'gallery-')));
  t.after(() => rmSync(project.root, { recursive: true }));
  for (const path of ['lib/src', 'lib/package.json', 'data/height-weight.csv', ...notebooks.map(fileOf)]) {
    cpSync(join(ownRoot, path), join(project.root, path), { recursive: true });
  }
  const { address, gallery, close } = await serveGallery(project, notebooks, 0);
  t.after(close);
  const cardNamed = (name: string): Card => cardsOf(gallery).find((card) => card.name === name)!;
  const states = (): string =>
    roomsOf(gallery)
      .rooms.map(({ state }) => state)
      .join();
  /** Saves a file as an editor does that replaces it; gives back what it held. */
  const save = (path: string, edit: (text: string) => string): string => {
    const file = join(project.root, path);
    const text = readFileSync(file, 'utf8');
    assert.notEqual(edit(text), text, path);
    writeFileSync(`${file}.new`, edit(text));
    renameSync(`${file}.new`, file);
    return text;
  };
  const scatter = 'lib/src/figures/regression/scatter.ts';

  await t.test('each is made again as it is committed', async () => {
    await until('all notebooks to have run', () => !/running|waiting/.test(states()));
    assert.deepEqual(
      roomsOf(gallery).rooms.map(({ text }) => text),
      notebooks.map(() => ''),
    );
    const committed = notebooks.flatMap((name) => figuresOf(readNotebook(join(ownRoot, fileOf(name)))));
    assert.deepEqual(
      cardsOf(gallery).map(({ name, isMade, differences: places, error }) => ({ name, isMade, places, error })),
      committed.map(({ name }) => ({ name, isMade: true, places: [], error: undefined })),
    );
    assert.equal(cardNamed('data').source, scatter);
    assert.equal(cardNamed('sender-search').source, 'lib/src/figures/map-figure.ts');
  });

  await t.test('on the page', async (t) => {
    const reason = await withoutBrowser();
    if (reason) return t.skip(reason);
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 390, height: 800 }, colorScheme: 'dark' });
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address);
    const card = page.locator('article[data-name="learning-rates"]');
    await card.scrollIntoViewIfNeeded();
    await card.locator('.main-svg').first().waitFor();
    const paper = (svg: SVGElement): string => svg.style.background;
    assert.equal(await card.locator('.main-svg').first().evaluate(paper), 'rgb(20, 23, 27)', 'it follows the theme');
    assert.equal(await page.locator('article').count(), cardsOf(gallery).length);
    assert.equal(await page.locator('article.differs').count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390, 'nothing is wider than a phone');

    const place = await card.boundingBox();
    const start = performance.now();
    const original = save(scatter, (text) => text.replaceAll('rises', 'climbs'));
    const changed = page.locator('article.differs');
    await changed.getByText('layout.title.text: "Weight rises').waitFor();
    t.diagnostic(`from save to page: ${Math.round(performance.now() - start)} ms`);
    assert.equal(states(), 'ready,ready', 'no notebook ran again');
    assert.deepEqual(await changed.locator('h2').allTextContents(), ['data']);
    assert.deepEqual(await changed.locator('figcaption').allTextContents(), ['Committed', 'Now']);
    const moved = (await card.boundingBox())!.y - place!.y;
    assert.ok(Math.abs(moved) < 1, `what is looked at stays where it is, and not ${moved} pixels lower`);
    await page.getByRole('link', { name: 'data' }).click();
    for (const title of ['rises', 'climbs']) await changed.locator('.gtitle', { hasText: `Weight ${title}` }).waitFor();

    const broken = original.replace(
      /^export function scatterFigure[^]*?\{\n/m,
      "$&  throw new Error('no dots today');\n",
    );
    save(scatter, () => broken);
    const line = broken.split('\n').findIndex((text) => text.includes('no dots today')) + 1;
    await changed.getByText(`${scatter}:${line}`).waitFor();
    assert.match((await changed.locator('.error').textContent())!, /^no dots today\n/);

    save(scatter, () => 'const = 1;');
    await page.locator('#problem').getByText(`${scatter}:1:6: ERROR`).waitFor();
    save(scatter, () => original);
    await page.locator('#problem').waitFor({ state: 'hidden' });
    await changed.waitFor({ state: 'detached' });
    await page.getByRole('searchbox').fill('loss-surface.ts');
    assert.deepEqual(await page.locator('article:visible h2').allTextContents(), [
      ...['loss-valley', 'loss-valley-3d', 'loss-bowl', 'start-to-try'],
    ]);
    assert.deepEqual(errors, []);
  });

  await t.test('a notebook that is only saved does not run again, but its figures are the committed ones', async () => {
    const file = fileOf(notebooks[0]!);
    const original = save(file, (text) => text.replaceAll('Weight rises', 'Weight soars'));
    await until('the other form', () => cardNamed('data').differences.length > 0);
    assert.match(cardNamed('data').differences.at(-1)!, /^layout.title.text: "Weight soars .* → "Weight rises/);
    save(file, () => original);
    await until('the first form', () => cardNamed('data').differences.length === 0);
    assert.equal(states(), 'ready,ready');
  });

  await t.test('a notebook runs again where its data may have changed, and only then', async () => {
    save('lib/src/regression/exact.ts', (text) => text.replace('{ slope, intercept: 0 }', '{ slope, intercept: 1 }'));
    await until('the notebook to start', () => states() !== 'ready,ready');
    assert.equal(states(), 'running,ready');
    await until('the notebook to end', () => !/running|waiting/.test(states()));
    // Its line lies higher, which the figures show.
    assert.match(cardNamed('fit-by-adam').differences.join('\n'), /^data\[\d\]\.y: /m);
    assert.deepEqual(cardNamed('data').differences, []);
    assert.equal(roomsOf(gallery).rooms[0]!.text, '');
  });
});

const fileOf = (notebook: string): string => `notebooks/${notebook}.ipynb`;
