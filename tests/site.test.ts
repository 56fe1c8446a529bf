// The offline site: built once, then read as files and in a browser, opened from the disk with no network.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { notebookNames } from '../publish/src/notebooks/run';
import { buildSite } from '../publish/src/site/build';
import { readNotebooks } from '../publish/src/site/notebook-pages';
import { linkTerms } from '../publish/src/site/glossary';
import { readReadme } from '../publish/src/site/readme';
import { replaceFolder, restoreFolder } from '../publish/src/site/replace-folder';
import { barriers } from './support/barriers';
import { launchBrowser, withoutBrowser } from './support/browser';
import { builtSite } from './support/built-site';

const output = join(ownRoot, 'tests', 'output');
mkdirSync(output, { recursive: true });
const folder = (): string => mkdtempSync(join(output, 'site-'));

/** The files in a folder and the folders in it, with their sizes in bytes. */
const sizesIn = (folder: string): Map<string, number> =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((file) => [relative(folder, file).split(sep).join('/'), statSync(file).size]),
  );

describe('the site', () => {
  const root = folder();
  let out: string;
  let sizes: Map<string, number>;
  let browser: Browser | undefined;
  let skip: string | undefined;
  const read = (path: string): string => readFileSync(join(out, path), 'utf8');
  const pages = (): string[] => [...sizes.keys()].filter((path) => path.endsWith('.html'));
  const notebooks = (): string[] => pages().filter((path) => /^notebooks\/[^/]+$/.test(path));
  const solutions = (): string[] => pages().filter((path) => path.startsWith('notebooks/solutions/'));

  before(async () => {
    out = await builtSite();
    sizes = sizesIn(out);
    skip = await withoutBrowser();
    if (!skip) browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    rmSync(root, { recursive: true, force: true });
  });

  test('every link leads to a file of the site, and to a place in it', () => {
    const ids = new Map(pages().map((path) => [path, new Set(read(path).match(/(?<= id=")[^"]+/g))]));
    const broken = pages().flatMap((path) =>
      [...read(path).matchAll(/ (?:href|src|data-source)="([^"]*)"/g)]
        .map(([, address]) => address!)
        .filter((address) => !/^(https?|data):/.test(address))
        .filter((address) => {
          const [file, id] = address.split('#');
          const target = file ? posix.join(posix.dirname(path), file) : path;
          return !sizes.has(target) || (id && !ids.get(target)!.has(decodeURIComponent(id)));
        })
        .map((address) => `${path}: ${address}`),
    );
    assert.deepEqual(broken, []);
    assert.ok(
      pages().some((path) => path.startsWith('files/lib/src/')),
      'the source can be read',
    );
  });

  test('formulae in doc comments are set, and no page shows their source', () => {
    const reference = pages().filter((path) => path.startsWith('api/'));
    const set = reference.filter((path) => read(path).includes('<math'));
    for (const name of [
      'meanSquaredError',
      'minAngleVarianceLoss',
      'forceLoss',
      'rieszEnergyLoss',
      'createOptimizer',
      'cosineSchedule',
    ])
      assert.ok(
        set.some((path) => path.endsWith(`/functions/${name}.html`)),
        name,
      );
    for (const path of reference) {
      const prose = read(path).replace(/<(math|pre|code|script)\b[^]*?<\/\1>/g, '');
      assert.deepEqual(prose.match(/.{0,40}(\$|\\[a-z]+\b).{0,40}/g), null, path);
    }
  });

  test("the charts' script is there once, and nothing else is large that a page loads by itself", () => {
    const atAPress = /^assets\/(kernel\.js|search-index\.js|binaries\/|files\/models\/)/;
    const large = [...sizes].filter(([path, size]) => size > 500_000 && !atAPress.test(path)).map(([path]) => path);
    assert.deepEqual(large, ['assets/plotly.js']);
    assert.ok(sizes.get('assets/start.js')! < 3_000, 'what waits for a press');
    const packed = gzipSync(readFileSync(join(out, 'assets/kernel.js')), { level: 9 }).length;
    assert.ok(packed < 680_000, `the kernel takes ${packed} bytes, packed with gzip`);
    for (const path of notebooks()) assert.ok(sizes.get(path)! < 150_000, `${path}: ${sizes.get(path)} bytes`);
  });

  test('each notebook has a page, with the data of its charts', () => {
    const names = notebookNames(projectAt(ownRoot));
    assert.deepEqual([...notebooks(), ...solutions()].sort(), names.map((name) => `notebooks/${name}.html`).sort());
    for (const path of notebooks()) {
      const charts = [...read(path).matchAll(/data-name="(.*?)"/g)].map(([, name]) => name!);
      assert.ok(charts.length > 0, path);
      for (const name of charts) {
        const window = { figures: {} as Record<string, { data: object[] }> };
        runInNewContext(read(`figures/${name}.js`), { window });
        assert.ok(window.figures[name]!.data.length > 0, name);
      }
    }
  });

  /** A page of the site in a browser, and what it did: errors, and the files and hosts that it asked for. */
  async function open(path: string, options: BrowserContextOptions = {}) {
    const context = await browser!.newContext({ offline: true, viewport: { width: 1000, height: 800 }, ...options });
    const page = await context.newPage();
    const [errors, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(String(error.stack ?? error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(join(out, path)).href);
    const check = async (): Promise<void> => {
      await context.close();
      assert.deepEqual(errors, [], path);
      assert.deepEqual(
        requests.filter((address) => !/^(file|data|blob):/.test(address)),
        [],
        path,
      );
    };
    return { page, requests, check };
  }

  const width = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);

  test('on every kind of page: no barrier, no error, no other host, on a phone and in the dark', async (t) => {
    if (skip) return t.skip(skip);
    const kinds = [
      'index.html',
      ...notebooks(),
      ...solutions().slice(0, 1),
      'files/docs/teaching.md.html',
      'files/docs/glossary.md.html',
      'api/index.html',
      'api/functions/descend.html',
      'api/classes/Random.html',
      'api/interfaces/DescendOptions.html',
      'api/races/variables/objectives.html',
      'api/type-aliases/Values.html',
      'files/lib/src/descent/descend.ts.html',
    ];
    const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, colorScheme: 'dark' as const };
    for (const path of kinds) {
      const desk = await open(path);
      if (notebooks().includes(path)) {
        await desk.page.locator('figure.chart').first().scrollIntoViewIfNeeded();
        await desk.page.locator('figure[data-live]').first().waitFor();
      }
      assert.deepEqual(await barriers(desk.page), [], `${path} at a desk`);
      await desk.check();
      const hand = await open(path, phone);
      assert.equal(await width(hand.page), 360, `${path} is wider than a phone`);
      assert.deepEqual(await barriers(hand.page), [], `${path} on a phone, in the dark`);
      await hand.check();
    }
  });

  test('the front page: light, and its stills come to life when they are pressed', async (t) => {
    if (skip) return t.skip(skip);
    const { page, requests, check } = await open('index.html', { viewport: { width: 360, height: 740 } });
    await page.waitForLoadState('networkidle');
    const loaded = requests.map((address) => decodeURI(address).slice(pathToFileURL(out).href.length + 1));
    const weight = [...new Set(loaded)].reduce((sum, file) => sum + (sizes.get(file) ?? 0), 0);
    t.diagnostic(`the front page weighs ${weight} bytes before the charts' script`);
    assert.ok(loaded.includes('index.html') && !loaded.includes('assets/plotly.js'), loaded.join());
    assert.ok(weight > 20_000 && weight < 300_000, `${weight} bytes`);
    const figures = page.locator('figure[data-press]');
    assert.ok((await figures.count()) >= 4);
    assert.equal(await figures.locator('img.in-light').count(), await figures.count(), 'each has its still');

    await page.evaluate(watchFrames);
    await page.getByRole('button', { name: '▶ Play' }).first().press('Enter');
    await page.locator('figure[data-live] .main-svg').first().waitFor();
    const slider = page.getByRole('slider', { name: 'Frame' });
    const frame = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
    const until = async (holds: (frame: number) => boolean): Promise<void> => {
      for (const end = Date.now() + 30_000; !holds(await frame());)
        assert.ok(Date.now() < end, `frame ${await frame()}`);
    };
    const last = Number(await slider.getAttribute('aria-valuemax'));
    await page.waitForFunction(() => document.body.dataset.least === '0'); // It plays from the beginning,
    await until((now) => now === last); // to the end.
    await slider.press('Home');
    await until((now) => now === 0);
    await slider.press('ArrowRight');
    await until((now) => now === 1);
    await page.getByRole('button', { name: 'One frame on' }).press('Enter');
    await until((now) => now === 2);
    await page.getByRole('button', { name: 'One frame back' }).press('Enter');
    await until((now) => now === 1);
    await page.locator('figure[data-live]').getByRole('button', { name: 'Play' }).press('Enter');
    await until((now) => now > 3);
    await page.locator('figure[data-live]').getByRole('button', { name: 'Pause' }).press('Space');
    assert.equal(await width(page), 360, 'a live chart scrolls inside its frame');
    await check();
  });

  test('paper shows the stills of live charts; without WebGL charts in space stay stills', async (t) => {
    if (skip) return t.skip(skip);
    const path = notebooks().find((name) => name.includes('05-'))!;
    const { page, check } = await open(path);
    const shows = (name: string, what: string): Promise<boolean> =>
      page.locator(`figure[data-name="${name}"] ${what}`).first().isVisible();
    for (const name of ['spread-angle-histogram', 'spread-sphere']) {
      await page.locator(`figure[data-name="${name}"]`).scrollIntoViewIfNeeded();
      await page.locator(`figure[data-name="${name}"] .main-svg`).first().waitFor();
      assert.deepEqual([await shows(name, '.plot .in-light'), await shows(name, '.main-svg')], [false, true]);
    }
    await page.emulateMedia({ media: 'print' });
    for (const name of ['spread-angle-histogram', 'spread-sphere'])
      assert.deepEqual([await shows(name, '.plot .in-light'), await shows(name, '.main-svg')], [true, false]);
    await page.emulateMedia({ media: 'screen' });
    await page.addInitScript(`HTMLCanvasElement.prototype.getContext = new Proxy(HTMLCanvasElement.prototype.getContext, {
      apply: (get, canvas, [kind, ...rest]) => (kind.startsWith('webgl') ? null : Reflect.apply(get, canvas, [kind, ...rest])),
    })`);
    await page.reload();
    await page.locator('figure[data-name="spread-sphere"]').scrollIntoViewIfNeeded();
    const turn = page.locator('figure[data-name="spread-angle-histogram"]'); // drawn after the other: one after the other is
    await turn.scrollIntoViewIfNeeded();
    await turn.locator('.main-svg').first().waitFor();
    assert.deepEqual([await shows('spread-sphere', '.plot .in-light'), await shows('spread-sphere', '.main-svg')], [true, false]); // prettier-ignore
    await check();
  });

  test('charts follow the theme: their stills, what is drawn, and what is drawn when the theme changes', async (t) => {
    if (skip) return t.skip(skip);
    const path = notebooks()[0]!;
    const paperOf = (page: Page): Promise<string> =>
      page
        .locator('figure[data-live] .main-svg')
        .first()
        .evaluate((svg: SVGElement) => svg.style.background);
    for (const viewport of [
      { width: 1440, height: 900 },
      { width: 390, height: 800 },
    ]) {
      const noScript = await open(path, { viewport, colorScheme: 'dark', javaScriptEnabled: false });
      const chart = noScript.page.locator('figure.chart').first();
      await chart.scrollIntoViewIfNeeded();
      assert.deepEqual(
        await chart.locator('img:visible').evaluateAll((all: HTMLElement[]) => all.map(({ className }) => className)),
        ['in-dark'],
      );
      const { height } = (await chart.boundingBox())!;
      await noScript.check();
      const { page, check } = await open(path, { viewport, colorScheme: 'dark' });
      await page.locator('figure.chart').first().scrollIntoViewIfNeeded();
      await page.locator('figure[data-live] .main-svg').first().waitFor();
      assert.equal(await paperOf(page), 'rgb(20, 23, 27)');
      const alive = (await page.locator('figure[data-live]').first().boundingBox())!;
      assert.equal(alive.height, height, 'a live chart is as high as its still');
      await page.emulateMedia({ colorScheme: 'light' });
      await page.locator('figure[data-live] .main-svg[style*="255, 255, 255"]').first().waitFor();
      await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
      const printed = page.locator('figure[data-live] img:visible');
      assert.equal(await printed.first().getAttribute('class'), 'in-light', 'paper is white');
      await check();
    }
  });

  test("a chart's tools are one stop for the Tab key, and the arrows lead from one to the next", async (t) => {
    if (skip) return t.skip(skip);
    const { page, check } = await open(notebooks()[0]!);
    await page.locator('figure.chart').first().scrollIntoViewIfNeeded();
    const bar = page.locator('figure[data-live] .modebar[data-tools]').first();
    await bar.waitFor({ state: 'attached' });
    const stops = () =>
      bar.locator('.modebar-btn').evaluateAll((all) => all.map((one) => (one as HTMLElement).tabIndex));
    const first = await stops();
    assert.deepEqual([first.length > 3, first.filter((stop) => stop === 0).length, first[0]], [true, 1, 0]);
    await bar.locator('.modebar-btn').first().focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal((await stops()).indexOf(0), first.length - 1);
    await check();
  });

  test('Tab reaches everything', async (t) => {
    if (skip) return t.skip(skip);
    for (const path of ['index.html', 'api/classes/Random.html', notebooks()[2]!]) {
      const { page, check } = await open(path);
      const stops = await page.evaluate(() => {
        const usable = Array.from(document.querySelectorAll<HTMLElement>('a[href], button, input, summary'));
        return usable
          .filter((element, i) => (element.dataset.stop = String(i)) && element.checkVisibility())
          .map(({ dataset, outerHTML }) => [dataset.stop, outerHTML] as const);
      });
      const left = new Map(stops);
      // A notebook's charts come to life on the way, and bring their own stops.
      for (let presses = 0; left.size && presses < stops.length + 400; presses += 1) {
        await page.keyboard.press('Tab');
        left.delete(await page.evaluate(() => (document.activeElement as HTMLElement).dataset.stop));
      }
      assert.deepEqual([...left.values()], [], `${path}: ${stops.length} stops`);
      await check();
    }
  });

  test('the search finds names and words of the notebooks, and works with the keyboard', async (t) => {
    if (skip) return t.skip(skip);
    const { page, check } = await open(notebooks()[1]!);
    await page.keyboard.press('/');
    const found = page.locator('#results a');
    const look = async (words: string, title: string): Promise<void> => {
      await page.getByRole('searchbox').fill(words);
      await page.locator('#results b', { hasText: title }).first().waitFor();
    };
    await look('minAngleLoss', 'losses.minAngleLoss');
    assert.match((await found.first().getAttribute('href'))!, /api\/losses\/functions\/minAngleLoss\.html$/);
    await page.getByRole('searchbox').fill('vanilla zebra');
    await page.getByRole('status').filter({ hasText: 'Nothing found' }).waitFor();
    assert.equal(await found.count(), 0);
    await look('condition number', 'condition number');
    assert.deepEqual(await barriers(page), []);
    const target = await found.first().getAttribute('href');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(target!);
    assert.match(page.url(), /docs\/glossary\.md\.html#condition-number$/);
    assert.equal(await page.locator(`[id="${new URL(page.url()).hash.slice(1)}"]`).count(), 1);
    await page.keyboard.press('/');
    await look('descend', 'descend');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#results').isVisible(), false);
    await check();
  });

  test('code is folded by choice, which holds on the next page; without scripts all can be read', async (t) => {
    if (skip) return t.skip(skip);
    const { page, check } = await open(notebooks()[0]!);
    const code = page.locator('pre.code').first();
    assert.equal(await code.isVisible(), true);
    await page.getByLabel('Hide the code').check();
    assert.equal(await code.isVisible(), false);
    await page.getByText('Code of cell 1', { exact: true }).click();
    assert.equal(await code.isVisible(), true, 'one cell opens by itself');
    await page.getByRole('link', { name: '→' }).click();
    await page.waitForURL((url) => !url.href.endsWith(notebooks()[0]!));
    await page.getByLabel('Hide the code').and(page.locator(':checked')).waitFor(); // by the next page's script
    await code.waitFor({ state: 'hidden' });
    await check();
    const plain = await open(notebooks()[0]!, { javaScriptEnabled: false });
    assert.equal(await plain.page.locator('pre.code').first().isVisible(), true);
    assert.equal(await plain.page.locator('figure img').first().isVisible(), true);
    assert.equal(await plain.page.getByRole('searchbox').isVisible(), false, 'what cannot work is not there');
    await plain.check();
  });

  test('sections stand beside the text of a wide page, and the one that is read is marked', async (t) => {
    if (skip) return t.skip(skip);
    const { page, check } = await open(notebooks()[0]!, { viewport: { width: 1200, height: 800 } });
    const contents = page.getByRole('navigation', { name: 'On this page' });
    const [left, text] = [await contents.boundingBox(), await page.locator('h1').boundingBox()];
    assert.ok(left!.x >= 0 && left!.x + left!.width <= text!.x, 'beside it');
    assert.equal(await width(page), 1200);
    assert.deepEqual(await barriers(page), []);
    const links = contents.getByRole('link');
    await links.last().click();
    await contents.locator('[aria-current]').waitFor();
    assert.equal(await links.last().getAttribute('aria-current'), 'location');
    assert.ok((await contents.boundingBox())!.y >= 0, 'it stays in view');
    await page.setViewportSize({ width: 1100, height: 800 });
    await contents.waitFor({ state: 'hidden' });
    await page.getByText('On this page').click();
    assert.equal(await contents.isVisible(), true);
    await check();
  });

  test('terms lead to the glossary, the notebook can be taken along, and guides are in the head of every page', () => {
    const glossary = read('files/docs/glossary.md.html');
    const terms = glossary.match(/<td id="[\w-]+"><strong>/g)!;
    assert.ok(terms.length >= 40, `${terms.length} terms`);
    for (const path of notebooks()) {
      const page = read(path);
      const name = posix.basename(path, '.html');
      assert.match(page, new RegExp(`<a href="${name}\\.ipynb" download>Download this notebook`));
      assert.match(page, /The Many Applications of Gradient Descent in TensorFlow<\/a> by Alan Reiner/);
      assert.match(page, /<a href="\.\.\/files\/docs\/teaching\.md\.html">Teaching<\/a>/);
      assert.match(page, /<a href="\.\.\/files\/docs\/glossary\.md\.html">Glossary<\/a>/);
    }
    const linked = notebooks().flatMap((path) => read(path).match(/<a class="term" href="[^"]+"/g) ?? []);
    assert.ok(linked.length > 3, linked.join());
    const html =
      '<strong>loss</strong> <strong>Losses</strong> <strong>loss</strong> <a href="x"><strong>step</strong></a>';
    const two = new Map(['loss', 'step'].map((id) => [id, { id, means: `a "${id}"` }]));
    assert.equal(
      linkTerms(html, two, 'g'),
      html.replace(
        '<strong>loss</strong>',
        '<a class="term" href="g#loss" title="a &quot;loss&quot;"><strong>loss</strong></a>',
      ),
    );
  });

  test('a build that fails leaves the earlier site whole', async () => {
    const project = projectAt(join(root, 'broken'));
    mkdirSync(project.notebooks, { recursive: true });
    writeFileSync(project.readme, readFileSync(join(ownRoot, 'README.md')));
    writeFileSync(join(project.notebooks, '01-broken.ipynb'), '{');
    const earlier = join(root, 'earlier');
    mkdirSync(earlier);
    writeFileSync(join(earlier, 'index.html'), 'whole');
    await assert.rejects(
      buildSite(project, { out: earlier, warn: () => undefined }),
      /01-broken\.ipynb is not a notebook/,
    );
    assert.deepEqual(readdirSync(earlier), ['index.html']);
    assert.equal(readFileSync(join(earlier, 'index.html'), 'utf8'), 'whole');
    assert.deepEqual(readdirSync(join(project.root, '.setup', 'site')), [], 'nor is rubbish left');
  });
});

test('a folder is replaced as a whole, and put back where that broke off', (t) => {
  const root = folder();
  t.after(() => rmSync(root, { recursive: true }));
  const [target, finished] = [join(root, 'site'), join(root, 'finished')];
  const make = (path: string, text: string): void => {
    mkdirSync(path);
    writeFileSync(join(path, text), '');
  };
  make(target, 'one');
  make(finished, 'two');
  replaceFolder(finished, target);
  assert.deepEqual(readdirSync(target), ['two']);
  assert.throws(() => replaceFolder(finished, target), /ENOENT/);
  assert.deepEqual(readdirSync(root), ['site']);
  assert.deepEqual(readdirSync(target), ['two'], 'nothing took its place');
  make(`${target}.earlier`, 'three');
  rmSync(target, { recursive: true });
  restoreFolder(target); // As after a kill between the two renames.
  assert.deepEqual(readdirSync(target), ['three']);
  assert.equal(existsSync(`${target}.earlier`), false);
});

/** Writes down the earliest frame that a page has shown: a busy page may play to the end between two looks. */
function watchFrames(): void {
  new MutationObserver(() => {
    const frame = document.querySelector('[aria-valuenow]')?.getAttribute('aria-valuenow');
    const { least } = document.body.dataset;
    if (frame && Number(frame) < Number(least ?? Infinity)) document.body.dataset.least = frame;
  }).observe(document.body, { subtree: true, attributeFilter: ['aria-valuenow'] });
}

test('a notebook that has to be executed again is named, and so is the command', async (t) => {
  const project = projectAt(folder());
  t.after(() => rmSync(project.root, { recursive: true }));
  mkdirSync(project.notebooks);
  const cell = { cell_type: 'code', metadata: {}, source: 'assert(true)', outputs: [], execution_count: null };
  const notebook = (source: string): void =>
    writeFileSync(
      join(project.notebooks, '09-new.ipynb'),
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [{ cell_type: 'markdown', metadata: {}, source }, cell],
      }),
    );
  const readme = readReadme(readFileSync(projectAt(ownRoot).readme, 'utf8'));
  const warnings: string[] = [];
  const readAll = () =>
    readNotebooks(
      project,
      readme,
      () => undefined,
      (text) => warnings.push(text),
    );
  notebook('# New');
  assert.equal((await readAll())[0]!.title, 'New');
  assert.match(warnings.join(), /09-new\.ipynb, cell \[1\]: was not executed in order[^]*npm run figures -- 09-new/);
  notebook('# New\n\n[gone](../nowhere.ts)');
  await assert.rejects(
    readAll(),
    /notebooks\/09-new\.ipynb links to \.\.\/nowhere\.ts, and the project has no such file/,
  );
});

test('the front page says what README.md says', () => {
  const text = readFileSync(projectAt(ownRoot).readme, 'utf8');
  const { intro, start, notebooks, library } = readReadme(text);
  assert.ok(intro && start.includes('npm run lab') && library.includes('descend'));
  const linked = [...text.matchAll(/\(notebooks\/([\w-]+)\.ipynb\)/g)].map(([, name]) => name);
  assert.deepEqual([...notebooks.keys()], [...new Set(linked)]);
  for (const { text: blurb } of notebooks.values()) assert.ok(blurb.length > 40 && !blurb.includes('!['));
  assert.throws(() => readReadme('# A\n\nB\n'), /README\.md has no introduction/);
});
