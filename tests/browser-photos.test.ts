// Photos in a page: what a cell reads in a worker of a browser, beside what the same cell reads in Node with sharp.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import sharp from 'sharp';
import { pictures, Random } from 'descent-lab';
import { fragmentOf } from '../web/src/page/link';
import { builtSite } from './support/built-site';
import { printedBy } from './support/own-cell';
import { readers } from './support/readers';

type Photo = { name: string; width: number; height: number };

const folder = mkdtempSync(join(tmpdir(), 'descent-lab-page-photos-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const random = new Random(1);

/** Slopes of colour with a little noise: what a codec finds easy, and what it finds hard. */
function pixels(width: number, height: number, channels: number): Buffer {
  const value = (i: number): number => {
    const [x, y, c] = [Math.floor(i / channels) % width, Math.floor(i / channels / width), i % channels];
    return ((x * (3 + c)) / 2 + y * (2 - c / 2) + 40 * c + random.integer(0, 30)) % 256;
  };
  return Buffer.from(Array.from({ length: width * height * channels }, (_, i) => value(i)));
}

type Save = (picture: sharp.Sharp) => sharp.Sharp;
/** Files of a kind: how they are written, and how many channels they have. */
const KINDS: Record<string, [save: Save, channels: 1 | 2 | 3 | 4]> = {
  'plain.jpg': [(picture) => picture.jpeg({ quality: 90 }), 3],
  'coarse.jpg': [(picture) => picture.jpeg({ quality: 25 }), 3],
  'full-colour.jpg': [(picture) => picture.jpeg({ chromaSubsampling: '4:4:4' }), 3],
  'progressive.jpg': [(picture) => picture.jpeg({ progressive: true }), 3],
  'grey.jpg': [(picture) => picture.toColourspace('b-w').jpeg(), 1],
  'four-inks.jpg': [(picture) => picture.toColourspace('cmyk').jpeg(), 3],
  'colour.png': [(picture) => picture.png(), 3],
  'clear.png': [(picture) => picture.png(), 4],
  'grey.png': [(picture) => picture.toColourspace('b-w').png(), 1],
  'grey-clear.png': [(picture) => picture.toColourspace('b-w').png(), 2],
  'deep.png': [(picture) => picture.toColourspace('rgb16').png(), 3],
  'palette.png': [(picture) => picture.png({ palette: true, colours: 16 }), 3],
  'two-colours.png': [(picture) => picture.png({ palette: true, colours: 2 }), 3],
  'lossless.webp': [(picture) => picture.webp({ lossless: true }), 3],
  'lossy.webp': [(picture) => picture.webp({ quality: 80 }), 3],
  'still.gif': [(picture) => picture.gif(), 3],
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8].map((orientation): [string, [Save, 3]] => [
      `turned-${orientation}.jpg`,
      [(picture) => picture.jpeg().withMetadata({ orientation }), 3],
    ]),
  ),
};
const SIZES = [[16, 16], [33, 17], [7, 50], [1, 1]] as const; // prettier-ignore

async function make(): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (const [kind, [save, channels]] of Object.entries(KINDS)) {
    for (const [width, height] of SIZES) {
      const name = `${width}x${height}-${kind}`;
      const raw = { width, height, channels };
      await save(sharp(pixels(width, height, channels), { raw })).toFile(join(folder, name));
      const isTurned = /turned-[5-8]/.test(kind);
      photos.push({ name, width: isTurned ? height : width, height: isTurned ? width : height });
    }
  }
  const whole = sharp(pixels(60, 40, 3), { raw: { width: 60, height: 40, channels: 3 } });
  const [jpeg, png, webp] = [
    await whole.jpeg().toBuffer(),
    await whole.png().toBuffer(),
    await whole.webp().toBuffer(),
  ];
  const damaged = {
    'cut.jpg': jpeg.subarray(0, jpeg.length / 2),
    'cut.png': png.subarray(0, png.length / 2),
    'cut.webp': webp.subarray(0, webp.length / 2),
    'wrong.png': Buffer.concat([png.subarray(0, 60), Buffer.alloc(200, 7), png.subarray(260)]),
    'head.jpg': jpeg.subarray(0, 20),
    'empty.jpg': Buffer.alloc(0),
    'text.jpg': Buffer.from('this is no photo'),
    'page.jpg': Buffer.from('<!doctype html><p>404'),
  };
  for (const [name, content] of Object.entries(damaged)) {
    writeFileSync(join(folder, name), content);
    photos.push({ name, width: 60, height: 40 });
  }
  return photos;
}

/** Reads the photos one by one, and says what came of each: a hash of its bytes, or the error. */
const CELL = `import { pictures } from 'descent-lab';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
for (const { name, ...size } of JSON.parse(readFileSync('photos.json', 'utf8'))) {
  const result = await pictures.readPhoto(name, { ...size, channels: 3 }).then(
    (values) => createHash('sha256').update(Uint8Array.from(values, (value) => Math.round(255 * value))).digest('hex'),
    (error) => error.message,
  );
  console.log(name + ': ' + result);
}`;

let photos: Photo[];
let site: string;
const expected: string[] = [];

before(async () => {
  photos = await make();
  writeFileSync(join(folder, 'photos.json'), JSON.stringify(photos));
  site = await builtSite();
  process.chdir(folder);
  for (const { name, ...size } of photos) {
    const result = await pictures.readPhoto(name, { ...size, channels: 3 }).then(
      (values) => createHash('sha256').update(Uint8Array.from(values, (value) => Math.round(255 * value))).digest('hex'), // prettier-ignore
      (error: Error) => error.message,
    );
    expected.push(`${name}: ${result}`);
  }
  process.chdir(__dirname);
});

/** What the cell prints in a page; `first` is what the page's script does before all else. */
async function inPage(browser: Browser, first = ''): Promise<string[]> {
  const address = pathToFileURL(join(site, 'try.html')).href + (await fragmentOf([CELL]));
  const addPhotos = async (page: Page): Promise<void> => {
    const input = (await page.$('input[type=file]'))!;
    await (input as unknown as { uploadFile: (...files: string[]) => Promise<void> }).uploadFile(
      ...['photos.json', ...photos.map(({ name }) => name)].map((name) => join(folder, name)),
    );
    await page.waitForFunction(`document.querySelector('.kernel [role="status"]').textContent.startsWith('page.jpg')`);
  };
  return printedBy(browser, address, addPhotos, first);
}

/** Browsers that protect their readers change what is read from a canvas, and have no frames of video. */
const NOISED = `(() => {
  const noise = () => {
    delete globalThis.VideoFrame;
    const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...place) {
      const image = read.apply(this, place);
      for (let i = 0; i < image.data.length; i += 5) image.data[i] ^= 1;
      return image;
    };
  };
  const Plain = Blob;
  window.Blob = class extends Plain {
    constructor(parts, options) {
      super(options?.type === 'text/javascript' ? ['(' + noise + ')();', ...parts] : parts, options);
    }
  };
})()`;

/** Holds what a page read to what Node read; of `refused` files the page must say why it does not read them. */
function compare(lines: string[], refused = /^$/): void {
  assert.equal(lines.length, expected.length);
  const wrong = expected.filter((line, i) => {
    const [name, theirs] = line.split(/: (.*)/s) as [string, string];
    const ours = lines[i]!.slice(name.length + 2);
    if (name.endsWith('four-inks.jpg')) return !ours.includes('is a JPEG in four inks (CMYK)');
    if (/^\w{64}$/.test(theirs)) {
      return refused.test(name) ? !ours.includes('this browser changes pixels to protect you') : ours !== theirs;
    }
    // each decoder has its own words for what is wrong with a file
    const [kind] = /^\S+ (is \w+)/.exec(theirs)!;
    return !ours.startsWith(kind) && !/^\S+ cannot be decoded by this browser: it is damaged/.test(ours);
  });
  assert.deepEqual(
    wrong.map((line) => `${line}, in the page ${lines[expected.indexOf(line)]}`),
    [],
  );
}

void (async () => {
  for (const reader of await readers()) {
    test(`in ${reader.name}`, { skip: reader.missing }, async (t) => {
      const browser = await reader.launch();
      t.after(() => browser.close());
      compare(await inPage(browser));
      // another decoder is there for JPEG and PNG; what only the browser decodes is refused
      compare(await inPage(browser, NOISED), /\.(webp|gif)$/);
    });
  }
})();
