import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import wabt from 'wabt';
import { DescentError, tf } from 'descent-lab';
import { loadClassifier } from '../lib/src/classifiers';
import { drawPicture, readPhoto, readPhotos, smoothShare } from '../lib/src/pictures';
import { resizeBilinear } from '../lib/src/pictures/resize';
import { BINARY } from '../lib/src/pictures/weigh';

const temporary = mkdtempSync(join(tmpdir(), 'descent-lab-photos-'));
const at = (name: string): string => join(temporary, name);
test.after(() => rmSync(temporary, { recursive: true, force: true }));

/** A picture with a different colour everywhere. */
const bytes = (width: number, height: number, channels = 3): Uint8Array =>
  Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37 + ((i * i) % 101)) % 256);

/** The reading of a photo as bytes. */
async function read(path: string, width: number, height: number, channels: 1 | 3 = 3): Promise<number[]> {
  return Array.from(await readPhoto(path, { height, width, channels }), (value) => {
    assert.ok(Math.abs(value * 255 - Math.round(value * 255)) < 1e-4);
    return Math.round(value * 255);
  });
}

function assertNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  const worst = Array.from(actual, (value, i) => Math.abs(value - expected[i]!)).reduce(
    (most, value) => Math.max(most, value),
    0,
  );
  assert.ok(worst <= tolerance, `off by up to ${worst}`);
}

test('resizing is what Pillow does, to the byte', () => {
  // From Pillow 13: Image.fromarray(a).resize(size, Image.BILINEAR) for these very bytes.
  const picture = { data: bytes(7, 5, 1), width: 7, height: 5, channels: 1 };
  const pillow = [
    [3, 2, [76, 161, 145, 97, 162, 116]],
    [7, 2, [46, 75, 125, 181, 170, 218, 43, 72, 97, 138, 190, 175, 77, 128]],
    [
      9,
      6,
      [
        0, 25, 56, 87, 120, 154, 190, 141, 2, 39, 72, 110, 149, 191, 174, 201, 160, 28, 81, 82, 109, 158, 208, 181, 211,
        179, 56, 78, 87, 105, 140, 199, 180, 161, 148, 146, 57, 95, 120, 139, 187, 178, 84, 73, 196, 89, 84, 125, 177,
        175, 174, 88, 21, 23,
      ],
    ],
  ] as const;
  for (const [width, height, values] of pillow) {
    assert.deepEqual([...resizeBilinear(picture, width, height).data], values);
  }
});

test('the same for pictures of all shapes, smaller and larger, one after another', () => {
  /*
   * What Pillow 11.3 prints, under "python -":
   *
   * import hashlib, numpy, PIL.Image as P
   * for w, h, c, x, y in [(500, 375, 3, 128, 128), ...]:
   *     i = numpy.arange(w * h * c)
   *     a = ((i * 37 + i * i % 101) % 256).astype('uint8').reshape((h, w, c) if c == 3 else (h, w))
   *     print(w, h, c, x, y, hashlib.sha256(P.fromarray(a).resize((x, y), P.BILINEAR).tobytes()).hexdigest()[:16])
   */
  const printed = `
    500 375 3 128 128 ffd987d7a8ca6c09
    375 500 3 128 128 fb1566eae39cddf8
    128 128 3 64 64 090273e9b695dda4
    64 64 3 128 128 76fc4e61873cecd8
    100 80 3 300 50 725575433d5ffc8d
    3000 2000 3 224 224 a990bd92a0fb7341
    33 257 1 128 128 249d864f098a5e87
    333 299 1 224 224 c53bd1fba8a385e1
    1 1 3 5 4 9e1633ad6d82e944
    2 900 3 7 3 93f477c1df13406f
    900 3 3 900 2 97bcc960e60707ba
    3 700 1 3 64 bc1f5bcfb933dbce
    20000 2 1 3 2 8865ff705e9e0072
    640 480 3 299 299 7a04baa39e9b23ae`;
  for (const line of printed.trim().split('\n')) {
    const [width, height, channels, toWidth, toHeight] = line.trim().split(' ').map(Number) as [
      number,
      number,
      number,
      number,
      number,
    ];
    const picture = { data: bytes(width, height, channels), width, height, channels };
    const { data } = resizeBilinear(picture, toWidth, toHeight);
    const digest = createHash('sha256').update(data).digest('hex').slice(0, 16);
    assert.equal([width, height, channels, toWidth, toHeight, digest].join(' '), line.trim());
  }
});

test('weigh.ts has what weigh.wat compiles to', async () => {
  const file = join(__dirname, '..', 'lib', 'src', 'pictures', 'weigh.wat');
  const module = (await wabt()).parseWat(file, readFileSync(file, 'utf8'), { simd: true });
  assert.equal(BINARY, Buffer.from(module.toBinary({}).buffer).toString('base64'));
});

test('where WebAssembly is forbidden, resizing gives the same bytes', (t) => {
  const anew = (): typeof resizeBilinear => {
    for (const file of ['resize', 'weigh']) delete require.cache[require.resolve(`../lib/src/pictures/${file}`)];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would come from the cache
    return (require('../lib/src/pictures/resize') as { resizeBilinear: typeof resizeBilinear }).resizeBilinear;
  };
  const mocked = t.mock.method(WebAssembly, 'Module', () => {
    throw new WebAssembly.CompileError('forbidden');
  });
  const plainly = anew();
  for (const [width, height, channels, toWidth, toHeight] of [
    [50, 40, 3, 7, 9],
    [13, 1, 1, 64, 30],
    [3, 200, 4, 2, 11],
  ] as const) {
    const picture = { data: bytes(width, height, channels), width, height, channels };
    assert.deepEqual(plainly(picture, toWidth, toHeight), resizeBilinear(picture, toWidth, toHeight));
  }
  assert.ok(mocked.mock.callCount() >= 3, 'it was not asked for');
});

test('resizing by hand: halving weighs 1, 3, 3, 1, and less at the edges', () => {
  const row = { data: Uint8Array.from([0, 80, 160, 240]), width: 4, height: 1, channels: 1 };
  // The left of two places reaches from 0 to 3: 0.75, 0.75 and 0.25 over 1.75 of 0, 80 and 160.
  assert.deepEqual(
    [...resizeBilinear(row, 2, 1).data],
    [Math.round((0.75 * 80 + 0.25 * 160) / 1.75), Math.round((0.25 * 80 + 0.75 * 160 + 0.75 * 240) / 1.75)],
  );
  assert.deepEqual([...resizeBilinear({ ...row, width: 1, height: 4 }, 1, 2).data], [57, 183]);
  assert.equal(resizeBilinear(row, 4, 1).data, row.data);
});

test('PNG, WebP and TIFF without loss: every pixel as it is, the same squeezed whole', async () => {
  const raw = bytes(20, 10);
  const picture = sharp(raw, { raw: { width: 20, height: 10, channels: 3 } });
  const squeezed = resizeBilinear({ data: raw, width: 20, height: 10, channels: 3 }, 6, 9).data;
  for (const [name, file] of [
    ['a.png', picture.png()],
    ['a.webp', picture.webp({ lossless: true })],
    ['a.tif', picture.tiff({ compression: 'none' })],
  ] as const) {
    await file.toFile(at(name));
    assert.deepEqual(await read(at(name), 20, 10), [...raw], name);
    assert.deepEqual(await read(at(name), 6, 9), [...squeezed], name);
  }
});

test('a photo named like another format, and with brackets in its name', async () => {
  await sharp(bytes(4, 4), { raw: { width: 4, height: 4, channels: 3 } })
    .png()
    .toFile(at('plain.png'));
  writeFileSync(at('photo [page=3].jpg'), readFileSync(at('plain.png')));
  assert.deepEqual(await read(at('photo [page=3].jpg'), 4, 4), [...bytes(4, 4)]);
});

test('transparency is dropped: the colour stays', async () => {
  const raw = bytes(5, 4, 4);
  await sharp(raw, { raw: { width: 5, height: 4, channels: 4 } })
    .png()
    .toFile(at('rgba.png'));
  assert.deepEqual(
    await read(at('rgba.png'), 5, 4),
    [...raw].filter((_, i) => i % 4 < 3),
  );
});

test('grey photos are grey in all three channels; colour becomes grey by 0.299, 0.587 and 0.114', async () => {
  await sharp(bytes(5, 4, 1), { raw: { width: 5, height: 4, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(at('grey.png'));
  assert.deepEqual(
    await read(at('grey.png'), 5, 4),
    [...bytes(5, 4, 1)].flatMap((value) => [value, value, value]),
  );
  assert.deepEqual(await read(at('grey.png'), 5, 4, 1), [...bytes(5, 4, 1)]);
  const raw = bytes(5, 4);
  await sharp(raw, { raw: { width: 5, height: 4, channels: 3 } })
    .png()
    .toFile(at('colour.png'));
  const grey = Array.from(
    { length: 20 },
    (_, i) => 0.299 * raw[3 * i]! + 0.587 * raw[3 * i + 1]! + 0.114 * raw[3 * i + 2]!,
  );
  assertNear(await read(at('colour.png'), 5, 4, 1), grey, 0.51);
});

test('16 bits: the higher 8 count', async () => {
  const values = Uint16Array.from(bytes(6, 5, 3), (value, i) => value * 256 + ((i * 91) % 256));
  await sharp(values, { raw: { width: 6, height: 5, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toFile(at('deep.png'));
  assert.equal((await sharp(at('deep.png')).metadata()).depth, 'ushort');
  assert.deepEqual(await read(at('deep.png'), 6, 5), [...bytes(6, 5, 3)]);
  await sharp(values.slice(0, 30), { raw: { width: 6, height: 5, channels: 1 } })
    .toColourspace('grey16')
    .png()
    .toFile(at('deep-grey.png'));
  assert.deepEqual(await read(at('deep-grey.png'), 6, 5, 1), [...bytes(6, 5, 1)]);
});

test('of an animated GIF the first frame', async () => {
  const frames = Uint8Array.from(
    { length: 2 * 8 * 8 * 3 },
    (_, i) => (i < 8 * 8 * 3 ? [255, 0, 0] : [0, 0, 255])[i % 3]!,
  );
  await sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
    .gif()
    .toFile(at('two.gif'));
  assert.equal((await sharp(at('two.gif')).metadata()).pages, 2);
  assert.deepEqual(await read(at('two.gif'), 1, 1), [255, 0, 0]);
});

/** Halves of red above and blue below, as JPEG: far enough from the edge between them, the colours are as they were. */
const halves = (width: number, height: number): sharp.Sharp =>
  sharp(
    Uint8Array.from(
      { length: width * height * 3 },
      (_, i) => (i < width * height * 1.5 ? [200, 30, 40] : [20, 60, 190])[i % 3]!,
    ),
    { raw: { width, height, channels: 3 } },
  );

test('a JPEG that the camera marks as turned is turned upright', async () => {
  await halves(32, 32).jpeg({ quality: 95 }).toFile(at('upright.jpg'));
  await halves(32, 32).jpeg({ quality: 95 }).withMetadata({ orientation: 3 }).toFile(at('upside-down.jpg'));
  await halves(32, 32).jpeg({ quality: 95 }).withMetadata({ orientation: 6 }).toFile(at('on-its-side.jpg'));
  const corner = async (name: string): Promise<number[]> => (await read(at(name), 4, 4)).slice(0, 3);
  assertNear(await corner('upright.jpg'), [200, 30, 40], 12);
  assertNear(await corner('upside-down.jpg'), [20, 60, 190], 12);
  const side = await read(at('on-its-side.jpg'), 4, 4); // a quarter turn clockwise: what was above is on the right
  assertNear(side.slice(0, 3), [20, 60, 190], 12);
  assertNear(side.slice(9, 12), [200, 30, 40], 12);
});

test('a CMYK JPEG comes in its colours', async () => {
  await halves(32, 32).toColourspace('cmyk').jpeg({ quality: 95 }).toFile(at('print.jpg'));
  assert.equal((await sharp(at('print.jpg')).metadata()).space, 'cmyk');
  const pixels = await read(at('print.jpg'), 4, 4);
  assertNear(pixels.slice(0, 3), [200, 30, 40], 60); // ink makes no such red, nor so blue a blue
  assertNear(pixels.slice(-3), [20, 60, 190], 60);
});

test('what is no photo gets an error that names it and says why', async () => {
  await halves(300, 300).jpeg().toFile(at('whole.jpg'));
  await sharp(bytes(64, 64), { raw: { width: 64, height: 64, channels: 3 } })
    .png()
    .toFile(at('whole.png'));
  for (const name of ['whole.jpg', 'whole.png']) {
    const content = readFileSync(at(name));
    writeFileSync(at(`cut-${name}`), content.subarray(0, content.length / 2));
  }
  writeFileSync(at('text.jpg'), 'not a photo at all');
  writeFileSync(at('empty.jpg'), '');
  mkdirSync(at('folder.jpg'));
  // A bomb: a hundred megapixels and a bit of one colour, in a small file.
  await sharp({ create: { width: 10_001, height: 10_000, channels: 3, background: 'red' }, limitInputPixels: false })
    .png({ compressionLevel: 9, palette: true, colours: 2 })
    .toFile(at('bomb.png'));
  assert.ok(readFileSync(at('bomb.png')).length < 1e6);
  const size = { height: 8, width: 8, channels: 3 } as const;
  for (const [name, reason] of [
    ['cut-whole.jpg', /is damaged or cut off/],
    ['cut-whole.png', /is damaged or cut off/],
    ['text.jpg', /is not an image/],
    ['empty.jpg', /is empty/],
    ['folder.jpg', /is a folder/],
    ['missing.jpg', /there is no such file/],
    ['whole.jpg/inside', /there is no such file/],
    ['bomb.png', /has more than 100 megapixels/],
  ] as const) {
    await assert.rejects(readPhoto(at(name), size), (error: Error) => {
      assert.ok(error instanceof DescentError, error.stack);
      assert.ok(error.message.startsWith(at(name)), error.message);
      assert.match(error.message, reason);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99"><rect width="99" height="99"/></svg>';

test('other formats are named with what to do, whatever the file is called', async () => {
  const size = { height: 8, width: 8, channels: 3 } as const;
  const box = (...brands: string[]): string => `\0\0\0\x18ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`;
  const cases: [start: string | Buffer, reason: RegExp][] = [
    [box('heic', 'mif1', 'heic'), /is HEIC, which cannot be read here: export it as JPEG$/],
    [box('mif1', 'heic'), /is HEIC/],
    [box('isom', 'mp41'), /is an MP4 or MOV video, which cannot be read here: it is no photo$/],
    [box('crx '), /is a camera's raw photo/],
    ['II*\0\x10\0\0\0CR\x02\0', /is a camera's raw photo/],
    ['BM\x36\x0c\0\0\0\0\0\0', /is BMP, which cannot be read here: export it as JPEG$/],
    ['8BPS\0\x01', /is a Photoshop file/],
    ['P6\n2 2\n255\n', /is PPM/],
    ['\0\0\x01\0\x01\0', /is an icon/],
    ['qoif\0\0', /is QOI/],
    ['\xff\x0a\xfa', /is JPEG XL/],
    ['\0\0\0\x0cJXL \r\n', /is JPEG XL/],
    ['\0\0\0\x0cjP  \r\n', /is JPEG 2000/],
    ['%PDF-1.7', /is a PDF/],
    ['\x1aE\xdf\xa3', /is a video/],
    ['RIFF\0\0\0\0AVI ', /is a video/],
    ['PK\x03\x04', /is a zip file/],
    ['<!DOCTYPE html><html>', /is a web page/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:4d7a', /is not the file itself but a Git LFS pointer/],
    [SVG, /is a drawing \(SVG\), which cannot be read here: it is no photo$/],
    [`\xef\xbb\xbf \n<?xml version="1.0"?>\n<!-- a photo -->\n${SVG}`, /is a drawing/],
    [gzipSync(SVG), /is packed with gzip/],
    [Buffer.from(`\ufeff${SVG}`, 'utf16le'), /is not an image/],
    [`<!-- ${'x'.repeat(2000)} -->${SVG}`, /is not an image/],
  ];
  for (const [start, reason] of cases) {
    writeFileSync(at('photo.jpg'), start, 'latin1');
    await assert.rejects(readPhoto(at('photo.jpg'), size), (error: Error) => {
      assert.ok(error instanceof DescentError && error.message.startsWith(at('photo.jpg')), error.stack);
      assert.match(error.message, reason);
      return true;
    });
  }
});

test('the decoder takes no drawing from anywhere, once a photo was read', async () => {
  await readPhoto(join(__dirname, '..', 'data', 'photos', 'cat-kitten.jpg'), { height: 8, width: 8, channels: 3 });
  await assert.rejects(sharp(Buffer.from('<svg width="8" height="8"/>')).metadata(), /unsupported image format/);
});

test('AVIF, and a side of 65535 pixels, but no longer one', async () => {
  const create = (width: number, height: number): sharp.Sharp =>
    sharp({ create: { width, height, channels: 3, background: '#c81e28' }, limitInputPixels: false });
  await create(16, 16).avif({ lossless: true }).toFile(at('red.avif'));
  assertNear(await read(at('red.avif'), 1, 1), [200, 30, 40], 2);
  await create(1, 65535).png().toFile(at('tall.png'));
  assert.deepEqual(await read(at('tall.png'), 1, 1), [200, 30, 40]);
  for (const [width, height] of [
    [1, 65536],
    [65536, 1],
  ] as const) {
    await create(width, height).png().toFile(at('long.png'));
    const reason = new RegExp(`long\\.png is ${width} x ${height} pixels: a side may have 65535`);
    await assert.rejects(read(at('long.png'), 1, 1), reason);
  }
});

test(
  'a photo without the right to read it',
  { skip: process.getuid?.() === 0 && 'root may read everything' },
  async () => {
    writeFileSync(at('locked.jpg'), 'x');
    chmodSync(at('locked.jpg'), 0);
    await assert.rejects(
      readPhoto(at('locked.jpg'), { height: 8, width: 8, channels: 3 }),
      /locked\.jpg: you have no permission/,
    );
  },
);

test("the five sample photos: as many, all classified right, with Keras' probabilities", async () => {
  const folder = join(__dirname, '..', 'data', 'photos');
  const keras: Record<string, number> = {
    'cat-chelsea.png': 0.962,
    'cat-garden.jpg': 0.848,
    'cat-kitten.jpg': 0.995,
    'dog-resting.jpg': 0.985,
    'dog-running.jpg': 1,
  };
  assert.deepEqual(
    readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .sort(),
    Object.keys(keras),
  );
  const classifier = await loadClassifier(join(__dirname, '..', 'models', 'cats-dogs'));
  for (const [name, expected] of Object.entries(keras)) {
    const pixels = await readPhoto(join(folder, name), classifier.input);
    const probabilities = tf.tidy(
      () => classifier.probabilities(tf.tensor4d(pixels, [1, 128, 128, 3])).arraySync()[0]!,
    );
    const own = probabilities[classifier.classes.indexOf(name.slice(0, 3))]!;
    assert.ok(own > 0.5 && Math.abs(own - expected) < 0.03, `${name}: ${own}`);
  }
  classifier.dispose();
});

test('the photos of a folder come in the order of their names, with those, and other files are passed over', async () => {
  const folder = mkdtempSync(join(temporary, 'folder-'));
  const save = (name: string, grey: number) =>
    sharp({ create: { width: 3, height: 2, channels: 3, background: { r: grey, g: 0, b: 0 } } }).toFile(
      join(folder, name),
    );
  await Promise.all([save('b.png', 51), save('a.long name.webp', 255)]);
  writeFileSync(join(folder, 'notes.txt'), 'no photo');
  const photos = await readPhotos(folder, { height: 2, width: 3, channels: 3 });
  assert.deepEqual(
    photos.map(({ name, image }) => [name, image.shape]),
    [
      ['a.long name', [1, 2, 3, 3]],
      ['b', [1, 2, 3, 3]],
    ],
  );
  const { pixels, image } = photos[1]!;
  assert.ok(Math.abs(pixels[0]! - 0.2) < 1e-6);
  assert.deepEqual(image.dataSync(), pixels);
  assert.deepEqual(await readPhotos(mkdtempSync(join(temporary, 'empty-')), { height: 2, width: 3, channels: 3 }), []);
  tf.dispose(photos.map((photo) => photo.image));
});

test('smooth ground is where right neighbours differ by at most 1/255, colour by colour', () => {
  const [a, b, c] = [100 / 255, 101 / 255, 103 / 255];
  const size = { height: 2, width: 3, channels: 1 } as const;
  assert.equal(smoothShare([a, b, c, a, a, a], size), 3 / 4);
  assert.equal(smoothShare([a, b, c, c, c, c], { ...size, channels: 1 }), 3 / 4); // a row's end has no neighbour
  assert.equal(smoothShare([a, b, c, a, b, c], { height: 1, width: 2, channels: 3 }), 1);
});

test('a picture is drawn pixel by pixel, in 8 bits', () => {
  const drawn = drawPicture({ height: 1, width: 2, channels: 3 }, (row, column) => [row, column, 0.5, 9]);
  assert.deepEqual(
    drawn,
    Float32Array.from([0, 0, 128, 0, 255, 128], (value) => value / 255),
  );
});
