import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random, readColumns } from 'descent-lab';
import { ARTICLE_MOMENTS, heightWeightCsv, momentsOf, pointsWithMoments } from '../scripts/experiments/height-weight';

const root = join(__dirname, '..');
const file = join(root, 'data', 'height-weight.csv');

const near = (actual: number, expected: number, relative: number): void => {
  assert.ok(Math.abs(actual / expected - 1) <= relative, `${actual} is not within ${relative} of ${expected}`);
};

test('the file is what the generator writes, byte for byte', () => {
  const source = readFileSync(join(root, 'scripts', 'experiments', 'height-weight-table.ts'), 'utf8');
  const seed = Number(/SEED = (\d+)/.exec(source)?.[1]);
  assert.equal(readFileSync(file, 'utf8'), heightWeightCsv(new Random(seed)));
});

test("read back from the file, its moments are the article's to 1e-9", () => {
  const { columns } = readColumns(file, { height: { column: 'Height' }, weight: { column: 'Weight' } });
  const found = momentsOf(columns.height.values.map((height, i) => [height, columns.weight.values[i]!]));
  for (const [name, value] of Object.entries<number>({ ...ARTICLE_MOMENTS })) {
    near(found[name as keyof typeof found], value, 1e-9);
  }
});

test('the moments that the library states are those of article.json', () => {
  const { data } = JSON.parse(readFileSync(join(__dirname, 'reference', 'article.json'), 'utf8')) as {
    data: Record<string, number>;
  };
  assert.deepEqual(ARTICLE_MOMENTS, {
    meanX: data['mean_height'],
    meanY: data['mean_weight'],
    varianceX: data['var_height'],
    varianceY: data['var_weight'],
    covariance: data['cov'],
  });
});

test('its values look like measured ones', () => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  assert.equal(lines[0], 'Gender,Height,Weight');
  assert.equal(lines.length, 151);
  for (const line of lines.slice(1)) {
    assert.match(line, /^Male,\d{2}\.\d{9},\d{3}\.\d{9}$/);
    const [height = 0, weight = 0] = line.split(',').slice(1).map(Number);
    assert.ok(height > 62 && height < 76 && weight > 145 && weight < 245, line);
  }
});

test('pointsWithMoments meets any moments, a negative covariance too', () => {
  const wanted = { meanX: -3, meanY: 1e6, varianceX: 0.01, varianceY: 4, covariance: -0.15 };
  const found = momentsOf(pointsWithMoments(new Random(1), 20, wanted));
  for (const [name, value] of Object.entries(wanted)) near(found[name as keyof typeof found], value, 1e-9);
});

test('momentsOf divides by n', () => {
  // x: 1, 3 (mean 2, variance 1); y: 2, 8 (mean 5, variance 9); covariance ((-1)(-3) + 1 * 3) / 2 = 3
  assert.deepEqual(
    momentsOf([
      [1, 2],
      [3, 8],
    ]),
    { meanX: 2, meanY: 5, varianceX: 1, varianceY: 9, covariance: 3 },
  );
});
