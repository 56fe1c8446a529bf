import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import assert from 'node:assert/strict';
import sharp from 'sharp';

const root = join(__dirname, '..');

function classify(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', './scripts/tsx.mjs', 'scripts/classify.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

/** x[i, j, c] = 0.5 + 0.5 sin(0.1 i + 0.2 j + c): for this picture the probabilities in Keras are known. */
async function formulaPicture(path: string): Promise<void> {
  const bytes = Uint8Array.from({ length: 128 * 128 * 3 }, (_, n) =>
    Math.round(255 * (0.5 + 0.5 * Math.sin(0.1 * Math.floor(n / 384) + 0.2 * (Math.floor(n / 3) % 128) + (n % 3)))),
  );
  await sharp(bytes, { raw: { width: 128, height: 128, channels: 3 } })
    .png()
    .toFile(path);
}

test('classify answers as Keras does, does the good photos, names the bad ones, and fails in the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'classify-'));
  try {
    const good = join(folder, 'waves.png');
    await formulaPicture(good);
    const broken = join(folder, 'no-photo.jpg');
    writeFileSync(broken, 'these are no pixels');
    mkdirSync(join(folder, 'a-folder.png'));
    const { status, stdout, stderr } = classify(
      good,
      broken,
      join(folder, 'a-folder.png'),
      join(folder, 'missing.png'),
      good,
      '--json',
    );
    assert.equal(status, 1);
    for (const name of ['no-photo.jpg', 'a-folder.png', 'missing.png'])
      assert.match(stderr, new RegExp(name.replace('.', '\\.')));
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
    const results = JSON.parse(stdout) as { photo: string; label: string; probabilities: Record<string, number> }[];
    assert.equal(results.length, 2);
    for (const result of results) {
      assert.deepEqual(Object.keys(result), ['photo', 'label', 'probabilities', 'outputs']);
      assert.equal(result.photo, good);
      assert.equal(result.label, 'cat');
      assert.deepEqual(Object.keys(result.probabilities), ['cat', 'dog']);
      assert.ok(Math.abs(result.probabilities['cat']! - 0.9491627) < 0.01, String(result.probabilities['cat']));
      assert.ok(Math.abs(result.probabilities['cat']! + result.probabilities['dog']! - 1) < 1e-6);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
