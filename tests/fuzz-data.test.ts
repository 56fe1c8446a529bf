// Damaged tables, photos and vectors: each is read, or refused in a line that names the file.
import test, { after } from 'node:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pl from 'nodejs-polars';
import sharp from 'sharp';
import { Random, readColumns } from 'descent-lab';
import { randomVectors, readVectors, writeVectors } from '../lib/src/spreads';
import { readPhoto } from '../lib/src/pictures';
import { fuzz, type Fuzzed } from './support/fuzz';

const folder = mkdtempSync(join(tmpdir(), 'descent-lab-fuzz-data-'));
after(() => rmSync(folder, { recursive: true }));

const random = new Random(7);
const x = Array.from({ length: 30 }, () => random.normal());
const y = x.map((_, i) => (i % 7 === 0 ? null : 2.5 * i));
const who = x.map(() => '"a, b"');
const frame = pl.DataFrame({ x, y, who });
const csv = (separator: string): Buffer => {
  const rows = [['x', 'y', 'who'], ...x.map((value, i) => [value, y[i], who[i]])];
  return Buffer.from(rows.map((row) => row.join(separator)).join('\n'));
};
const table = (path: string): unknown =>
  readColumns(path, { x: { column: 'x' }, y: { column: 'y' }, who: { column: 'who', type: 'text' } });

const colours = Uint8Array.from({ length: 24 * 16 * 3 }, (_, i) => (i * 37) % 256);
const picture = sharp(colours, { raw: { width: 24, height: 16, channels: 3 } });
const photo = (path: string): unknown => readPhoto(path, { height: 8, width: 8, channels: 3 });

const vectorFile = (extension: string): Buffer => {
  const path = join(folder, `whole${extension}`);
  writeVectors(path, randomVectors(new Random(3), 12, 3));
  return readFileSync(path);
};

const cases: Record<string, () => Omit<Fuzzed, 'path'> | Promise<Omit<Fuzzed, 'path'>>> = {
  'table.csv': () => ({ whole: csv(','), load: table }),
  'tabs.csv': () => ({ whole: csv('\t'), load: table }),
  'table.csv.gz': () => ({ whole: gzipSync(csv(',')), load: table }),
  'table.parquet': () => ({ whole: frame.writeParquet(), load: table }),
  'photo.jpg': async () => ({ whole: await picture.clone().jpeg().toBuffer(), load: photo }),
  'photo.png': async () => ({ whole: await picture.clone().png().toBuffer(), load: photo }),
  'photo.webp': async () => ({ whole: await picture.clone().webp().toBuffer(), load: photo, tries: 60 }),
  'photo.gif': async () => ({ whole: await picture.clone().gif().toBuffer(), load: photo, tries: 60 }),
  'photo.tif': async () => ({ whole: await picture.clone().tiff().toBuffer(), load: photo, tries: 60 }),
  'photo.avif': async () => ({ whole: await picture.clone().avif().toBuffer(), load: photo, tries: 60 }),
  'vectors.csv': () => ({ whole: vectorFile('.csv'), load: readVectors }),
  'vectors.json': () => ({ whole: vectorFile('.json'), load: readVectors }),
};

for (const [name, make] of Object.entries(cases)) {
  test(name, async () => fuzz({ path: join(folder, name), ...(await make()) }));
}
