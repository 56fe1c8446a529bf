// Photos that cameras and programs write in unusual ways, and broken ones: what the library reads in a page's worker, with and
// without what browsers may lack, beside what it reads in Node, where sharp decodes them.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { after, before, describe } from 'node:test';
import { pictures, Random } from 'descent-lab';
import { build } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import sharp from 'sharp';
import { ownRoot } from '../publish/src/notebooks/project';
import type { Answer, Asked } from './fixtures/photo-worker';
import { compile } from './support/compiled';
import { readers } from './support/readers';
import { serveFolder, STRICT, type StaticServer } from './support/static-server';

/** Soft colours with some noise over them, the same at each call. */
function picture(channels: 1 | 3 | 4 = 3, width = 21, height = 13, most = 255): sharp.Sharp {
  const random = new Random(width);
  const values = Array.from({ length: width * height * channels }, (_, i) => {
    const [x, y] = [Math.floor(i / channels) % width, Math.floor(i / channels / width)];
    const soft = 0.5 + 0.4 * Math.sin(x / 5 + (i % channels)) * Math.cos(y / 7);
    return Math.round(most * Math.min(1, Math.max(0, soft + random.uniform(-0.1, 0.1))));
  });
  const bytes = most > 255 ? Uint16Array.from(values) : Uint8Array.from(values);
  const space = `${channels === 1 ? 'grey' : 'rgb'}16`;
  const image = sharp(bytes, { raw: { width, height, channels } });
  return most > 255 ? image.toColourspace(space) : image;
}

const inserted = (file: Uint8Array, ...bytes: number[]): Uint8Array =>
  Buffer.concat([file.subarray(0, 2), Uint8Array.from(bytes), file.subarray(2)]);

/** A camera's notes in a JPEG, the higher byte first as an iPhone has them: which way up, and a small picture. */
function withNotes(file: Uint8Array, orientation: number, small: Uint8Array): Uint8Array {
  const exif = Buffer.from(`Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0${String.fromCharCode(orientation)}\0\0\0\0\0\0`, 'latin1'); // prettier-ignore
  const length = 2 + exif.length + small.length;
  return inserted(file, 0xff, 0xe1, length >> 8, length & 255, ...exif, ...small);
}

/** By each of Exif's eight ways that a picture is stored in. */
const inAllWays = (kind: string, save: (picture: sharp.Sharp) => sharp.Sharp): Record<string, sharp.Sharp> =>
  Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [`turned-${orientation}.${kind}`, save(picture()).withMetadata({ orientation })])); // prettier-ignore

const jpeg = picture().jpeg({ quality: 90 }).toBuffer();

/** Photos that the library decodes by itself. */
const own: Record<string, sharp.Sharp | Promise<Uint8Array>> = {
  'by mozjpeg.jpg': picture().jpeg({ mozjpeg: true }),
  'profile.jpg': picture().jpeg().withIccProfile('p3'),
  'by iPhone.jpg': jpeg.then((file) => withNotes(file, 6, file)),
  'more ff before a marker.jpg': jpeg.then((file) => inserted(file, 0xff, 0xff)),
  'more behind.jpg': jpeg.then((file) => Buffer.concat([file, Buffer.alloc(99, 7)])),
  'interlaced.png': picture().png({ progressive: true }),
  'palette-clear.png': picture(4).png({ palette: true, colours: 60 }),
  '16-bits-grey.png': picture(1, 21, 13, 65535).png(),
  '16-bits-clear.png': picture(4, 21, 13, 65535).png(),
  'profile.png': picture().png().withIccProfile('p3'),
  ...inAllWays('jpg', (image) => image.jpeg()),
  ...inAllWays('png', (image) => image.png()),
};
/** Photos that the browser decodes. */
const browsers: Record<string, sharp.Sharp> = {
  'a pixel.webp': picture(3, 1, 1).webp({ lossless: true }),
  'profile.webp': picture().webp({ lossless: true }).withIccProfile('p3'),
  'whole.avif': picture().avif({ lossless: true }),
  'lossy.avif': picture().avif(),
  'a.gif': picture().gif(),
  ...inAllWays('webp', (image) => image.webp({ lossless: true })),
  ...inAllWays('avif', (image) => image.avif({ lossless: true })),
};
/** The same, transparent in places. */
const clear: Record<string, sharp.Sharp> = {
  'clear.webp': picture(4).webp({ lossless: true, exact: true }),
  'clear.gif': picture(4).gif(),
};
/** Colours at half the size are made whole by each decoder in its own way: by so much others, of 255. */
const NEAR: Record<string, number> = { 'lossy.avif': 1 };

/** What Node reads and a page does not, for this reason. */
const beyond: Record<string, [file: sharp.Sharp, reason: RegExp]> = {
  'a.tif': [picture().tiff(), / cannot be decoded by this browser: it is damaged, or has to be exported/],
  'few.png': [
    picture().png({ palette: true, colours: 4, progressive: true }),
    / is an interlaced PNG of few colours, /,
  ],
};

/** What nobody reads. */
async function damaged(): Promise<Record<string, Uint8Array>> {
  const image = picture(3, 61, 45);
  const whole = { jpg: image.jpeg(), 'progressive.jpg': image.clone().jpeg({ progressive: true }), png: image.clone().png(), webp: image.clone().webp(), gif: image.clone().gif(), avif: image.clone().avif() }; // prettier-ignore
  const files: Record<string, Uint8Array> = {
    // first, so that what is read behind it shows whether it left the decoder in order
    'begins like one.jpg': Uint8Array.from({ length: 999 }, (_, i) => [255, 216, 255, 224][i] ?? (i * 7919) % 256),
  };
  for (const [kind, file] of Object.entries(whole)) {
    const content = await file.toBuffer();
    for (const part of [0.2, 0.6, 0.98]) files[`cut at ${part}.${kind}`] = content.subarray(0, part * content.length);
  }
  const noted = withNotes(await whole.jpg.toBuffer(), 1, await jpeg);
  const flipped = await whole.png.toBuffer();
  flipped[Math.floor(flipped.length / 2)]! ^= 16;
  return { ...files, 'cut behind the small picture.jpg': noted.subarray(0, -99), 'another bit.png': flipped };
}

mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
const folder = mkdtempSync(join(ownRoot, 'tests', 'output', 'codec-'));
const asked: Asked[] = [];
const inNode: Record<string, Answer> = {};
let broken: string[];
let server: StaticServer;
let strict: StaticServer;

async function add(name: string, content: Uint8Array, { width, height } = { width: 8, height: 8 }): Promise<void> {
  const file = join(folder, name);
  writeFileSync(file, content);
  asked.push({ name, width, height });
  inNode[name] = await pictures.readPhoto(file, { width, height, channels: 3 }).then(
    (pixels) => Array.from(pixels, (value) => Math.round(255 * value)),
    (error: Error) => error.message,
  );
}

before(async () => {
  compile();
  await build({
    entryPoints: [join(__dirname, 'fixtures', 'photo-worker.ts')],
    bundle: true,
    platform: 'browser',
    outfile: join(folder, 'worker.js'),
    logLevel: 'error',
    tsconfigRaw: '{}', // not this project's, which leads to the library's source
  });
  copyFileSync(require.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'), join(folder, 'mozjpeg_dec.wasm'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  const files = await damaged();
  broken = Object.keys(files);
  for (const [name, content] of Object.entries(files)) await add(name, content);
  const cannot = Object.fromEntries(Object.entries(beyond).map(([name, [file]]) => [name, file]));
  for (const [name, file] of Object.entries({ ...cannot, ...own, ...browsers, ...clear })) {
    const content = file instanceof Promise ? await file : await file.toBuffer();
    await add(name, content, (await sharp(content).metadata()).autoOrient);
  }
  server = await serveFolder(folder);
  strict = await serveFolder(folder, { headers: { 'content-security-policy': STRICT } });
});
after(() => {
  server?.close();
  strict?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a new worker of a page reads. */
async function inPage(browser: Browser, way: string, { address } = server): Promise<Record<string, Answer>> {
  const page = await browser.newPage();
  await page.goto(`${address}index.html`);
  return (await page.evaluate(`new Promise((resolve, reject) => {
    const worker = new Worker('worker.js?${way}');
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message));
    worker.postMessage(${JSON.stringify(asked)});
  })`)) as Record<string, Answer>;
}

/** Photos that are read in another way than in Node, and how. */
function differences(answers: Record<string, Answer>, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of names) {
    const [ours, theirs] = [answers[name]!, inNode[name]!];
    assert.ok(typeof theirs !== 'string', `Node cannot read it: ${String(theirs)}`);
    if (typeof ours === 'string') {
      found[name] = ours;
      continue;
    }
    const off = ours.map((value, i) => Math.abs(value - theirs[i]!)).filter((value) => !(value <= (NEAR[name] ?? 0)));
    if (ours.length !== theirs.length || off.length > 0) found[name] = `${off.length} of ${ours.length} differ`;
  }
  return found;
}

/** Photos that are not refused for this reason, and what comes of them. */
const notRefused = (answers: Record<string, Answer>, names: readonly string[], reason: RegExp): Answer[][] =>
  names.map((name) => [name, answers[name]!]).filter(([, answer]) => typeof answer !== 'string' || !reason.test(answer)); // prettier-ignore

const [ofOwn, ofBrowsers, ofClear] = [own, browsers, clear].map(Object.keys) as [string[], string[], string[]];

void (async () => {
  for (const reader of await readers()) {
    describe(`in ${reader.name}`, { skip: reader.missing }, () => {
      let browser: Browser;
      before(async () => {
        browser = await reader.launch();
      });
      after(() => browser?.close());

      test('whole photos have the pixels that sharp gives, and broken ones none', async () => {
        const answers = await inPage(browser, '');
        assert.deepEqual(differences(answers, [...ofOwn, ...ofBrowsers, ...ofClear]), {});
        assert.deepEqual(notRefused(inNode, broken, / is damaged or cut off/), []);
        assert.deepEqual(notRefused(answers, broken, / is damaged/), []);
        for (const [name, [, reason]] of Object.entries(beyond)) assert.deepEqual(notRefused(answers, [name], reason), []); // prettier-ignore
      });

      test('where there are no frames of videos, from a canvas; which loses what is transparent', async () => {
        const answers = await inPage(browser, 'no-frames');
        assert.deepEqual(differences(answers, [...ofOwn, ...ofBrowsers]), {});
        assert.deepEqual(notRefused(answers, ofClear, / is transparent, which this browser cannot read exactly: /), []);
      });

      test('a page that has not said where the binaries are reads the same, as its browser decodes JPEG', async () => {
        assert.deepEqual(differences(await inPage(browser, 'no-binary'), ofOwn), {});
      });

      test('so does one whose server forbids WebAssembly', async () => {
        assert.deepEqual(differences(await inPage(browser, '', strict), ofOwn), {});
      });
    });
  }
})();
