import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { figureHash, payloadOf } from '../lib/src/edge/payload';
import { findBrowser } from '../lib/src/edge/browser';
import { renderFrames, renderStill } from '../lib/src/edge/render-png';
import { renderPng, writeHtml } from 'descent-lab';
import { writeFileAtomically } from '../lib/src/data/files';
import { type Figure } from '../lib/src/figures';
import { losses, surface, turningLine } from './snapshots/figures';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'descent-lab-'));
  process.env.DESCENT_LAB_CACHE = join(folder, 'images');
});
after(() => {
  delete process.env.DESCENT_LAB_CACHE;
  rmSync(folder, { recursive: true });
});

/** The part of an image's pixels that `is` picks by their red, green and blue. */
async function part(
  png: Buffer,
  is: (r: number, g: number, b: number) => boolean,
  area?: sharp.Region,
): Promise<number> {
  const image = sharp(png).removeAlpha().toColourspace('srgb');
  const { data, info } = await (area ? image.extract(area) : image).raw().toBuffer({ resolveWithObject: true });
  let found = 0;
  for (let i = 0; i < data.length; i += info.channels) if (is(data[i]!, data[i + 1]!, data[i + 2]!)) found++;
  return found / (info.width * info.height);
}
const dark = (r: number, g: number, b: number): boolean => r + g + b < 300;
const blue = (r: number, g: number, b: number): boolean => b > r + 90 && b > g + 40;

test('the hash is of what is drawn: not of the name, the description or the order of keys', () => {
  const { data, layout, frames } = turningLine();
  const hash = figureHash(turningLine());
  assert.match(hash, /^[0-9a-f]{64}$/);
  assert.equal(figureHash({ frames, layout: Object.fromEntries(Object.entries(layout).reverse()), data }), hash);
  assert.equal(figureHash(JSON.parse(JSON.stringify(payloadOf({ ...turningLine(), name: 'other' }))) as Figure), hash);
  assert.notEqual(figureHash({ data, layout }), hash);
  assert.notEqual(figureHash({ data, layout: { ...layout, height: 461 }, frames }), hash);
});

test('an image shows the curves and the text, and is small', async () => {
  const png = await renderPng(losses());
  const { width, height } = await sharp(png).metadata();
  assert.deepEqual({ width, height }, { width: 1440, height: 800 });
  assert.ok(png.length <= 80_000);
  assert.ok((await part(png, blue)) > 0.001, 'the first curve');
  assert.ok((await part(png, dark, { left: 0, top: 16, width: 600, height: 48 })) > 0.01, 'the title');
});

test('a figure that was drawn keeps its bytes, and is not drawn again', async () => {
  const first = await renderPng(losses());
  process.env.CHROME_PATH = join(folder, 'no-such-browser');
  try {
    assert.ok((await renderPng({ ...losses(), name: 'other' })).equals(first));
    await assert.rejects(renderPng(surface()), /CHROME_PATH is \S+no-such-browser/);
  } finally {
    delete process.env.CHROME_PATH;
  }
});

test('a 3-D figure is drawn without a graphics card', async () => {
  const colourful = (r: number, g: number, b: number): boolean => Math.max(r, g, b) - Math.min(r, g, b) > 60;
  assert.ok((await part(await renderPng(surface()), colourful)) > 0.02);
});

test('frames are drawn in the order asked for, as they differ', async () => {
  const [last, first, again] = (await renderFrames(turningLine(), [3, 0, 3], { width: 360 })) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  assert.equal((await sharp(last).metadata()).width, 360);
  assert.ok(last.equals(again));
  assert.ok(!last.equals(first));
  await assert.rejects(renderFrames(turningLine(), [4]), /'test-turning-line' has no frame 4; it has 4/);
});

test('what is hard to compress is made coarser, down to the limit', async () => {
  let state = 1;
  const noise = Array.from({ length: 300 }, () =>
    Array.from({ length: 400 }, () => (state = (state * 16807) % 2147483647)),
  );
  const png = await renderPng({
    name: 'noise',
    description: 'Noise.',
    data: [{ type: 'heatmap', z: noise }],
    layout: { height: 400 },
  });
  assert.ok(png.length <= 80_000, String(png.length));
});

test(
  'two processes may draw for the first time at once, and neither waits for its browser to end',
  { skip: process.platform === 'win32' },
  async () => {
    const code = `require('descent-lab').renderPng(${JSON.stringify({ ...losses(), layout: { height: 300 } })}).then((png) => console.log(png.length))`;
    const sizes = await Promise.all(
      [1, 2].map(
        (run) =>
          new Promise<number>((resolve, reject) => {
            const child = spawn(process.execPath, ['-e', code], {
              cwd: join(__dirname, '..'),
              env: {
                ...process.env,
                XDG_CACHE_HOME: join(folder, 'cache'),
                DESCENT_LAB_CACHE: join(folder, `images-${run}`),
              },
              stdio: ['ignore', 'pipe', 'inherit'],
            });
            let out = '';
            child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
            child.on('exit', (status) => (status === 0 ? resolve(Number(out)) : reject(new Error(`exit ${status}`))));
          }),
      ),
    );
    assert.ok(sizes[0]! > 1000 && sizes[0] === sizes[1], String(sizes));
  },
);

test('a process that is killed leaves no browser behind', { skip: process.platform === 'win32' }, async () => {
  const mark = `mark-${process.pid}`;
  const code = `require('descent-lab').renderPng(${JSON.stringify(surface())}).then(() => console.log('drawn')); setInterval(() => 0, 1000)`;
  const child = spawn(process.execPath, ['-e', code], {
    cwd: join(__dirname, '..'),
    env: { ...process.env, DESCENT_LAB_CACHE: join(folder, 'killed'), DESCENT_LAB_TEST: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  assert.ok(marked(mark).length > 1, 'the browser runs');
  child.kill('SIGKILL');
  for (let i = 0; i < 100 && marked(mark).length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.deepEqual(marked(mark), []);
});

/** The processes with this mark in their environment, which children inherit. */
function marked(mark: string): string[] {
  if (!existsSync('/proc'))
    return execFileSync('ps', ['eww', '-A'])
      .toString()
      .split('\n')
      .filter((line) => line.includes(mark));
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark);
    } catch {
      return false; // ended, or another user's
    }
  });
}

test("a browser of one's own comes first, then the machine's, then the bundled one", async () => {
  const bin = join(folder, 'bin');
  const chrome = join(bin, 'chromium');
  writeFileAtomically(chrome, '');
  if (process.platform === 'linux') {
    assert.equal((await findBrowser({ PATH: bin })).executablePath, chrome);
    const bundled = await findBrowser({ PATH: '' });
    assert.match(bundled.name, /@sparticuz\/chromium/);
    assert.ok(existsSync(bundled.executablePath));
  }
  assert.equal((await findBrowser({ PATH: '', CHROME_PATH: chrome })).executablePath, chrome);
  await assert.rejects(
    findBrowser({ PATH: bin, CHROME_PATH: join(folder, 'none') }),
    /CHROME_PATH is \S+none, where there is no file/,
  );
});

test('a page escapes what it is given', () => {
  const file = join(folder, 'page.html');
  const evil = '</script><script>alert("1")</script><!--';
  writeHtml(file, [{ ...losses(), description: evil, layout: { title: { text: evil } } }], {
    title: evil,
    intro: evil,
  });
  const text = readFileSync(file, 'utf8');
  assert.ok(!text.includes('<script>alert'));
  assert.ok(text.includes('&lt;/script&gt;&lt;script&gt;alert(&quot;1&quot;)'));
  assert.equal(text.match(/<script/g)!.length - text.match(/<\/script>/g)!.length, 0);
});

test('a file is written whole, with its folders, or the error names it', () => {
  const file = join(folder, 'a', 'b', 'file.txt');
  writeFileAtomically(file, 'one');
  writeFileAtomically(file, Buffer.from('two'));
  assert.equal(readFileSync(file, 'utf8'), 'two');
  assert.deepEqual(readdirSync(join(folder, 'a', 'b')), ['file.txt']);
  assert.throws(
    () => writeFileAtomically(join(file, 'x'), ''),
    /file\.txt.x cannot be written: a part of its path is a file/,
  );
  mkdirSync(join(folder, 'a', 'taken'));
  assert.throws(
    () => writeFileAtomically(join(folder, 'a', 'taken'), ''),
    /taken cannot be written: there is a folder of that name/,
  );
  assert.deepEqual(readdirSync(join(folder, 'a')), ['b', 'taken']);
});

test('a still has no buttons, which nobody could press; its slider says which state it shows', async () => {
  const { layout, ...figure } = turningLine();
  const [has, without] = await Promise.all([
    renderPng({ ...figure, layout }),
    renderPng({ ...figure, layout: { ...layout, updatemenus: undefined } }),
  ]);
  assert.ok(has.equals(without));
});

test('a still of a narrow window is laid out for it', async () => {
  const fit = `globalThis.fitChart = ({ layout, ...rest }, width) => ({ ...rest, layout: { ...layout, height: 2 * width } })`;
  const { width, height } = await sharp(await renderStill(losses(), { fit, width: 200 })).metadata();
  assert.deepEqual({ width, height }, { width: 400, height: 800 });
  const wide = await sharp(await renderStill(losses())).metadata();
  assert.equal(wide.width, 1440, 'and another image than the wide one');
});
