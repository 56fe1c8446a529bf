import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import test from 'node:test';
import assert from 'node:assert/strict';
import sharp from 'sharp';
import { parseSize } from '../lib/src/attacks/parse-size';
import { adversarialFiles } from '../lib/src/attacks/adversarial-files';
import * as attackCommand from '../scripts/attack';
import * as classifyCommand from '../scripts/classify';
import { inProcess } from './support/in-process';

const root = join(__dirname, '..');

/** As a reader starts it. */
function start(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', './scripts/tsx.mjs', 'scripts/attack.ts', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
}

/** A picture of waves, with a phase to make it another one. */
async function waves(path: string, phase: number): Promise<void> {
  const bytes = Uint8Array.from({ length: 128 * 128 * 3 }, (_, n) =>
    Math.round(
      255 * (0.5 + 0.4 * Math.sin(0.1 * Math.floor(n / 384) + 0.2 * (Math.floor(n / 3) % 128) + (n % 3) + phase)),
    ),
  );
  await sharp(bytes, { raw: { width: 128, height: 128, channels: 3 } })
    .png()
    .toFile(path);
}

interface Result {
  photo: string;
  label: string;
  probabilities: Record<string, number>;
  success: boolean;
  adversarial: string;
  steps: { step: number; label: string; probability: number; linf: number; l2: number; psnr: number | null }[];
}

test('attack writes adversarial examples that are what it says, for every good photo, and fails in the end for a bad one', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'));
  try {
    mkdirSync(join(folder, 'more'));
    const photos = [join(folder, 'waves.png'), join(folder, 'more', 'waves.png')];
    await waves(photos[0]!, 0);
    await waves(photos[1]!, 1);
    const broken = join(folder, 'broken.jpg');
    writeFileSync(broken, readFileSync(photos[0]!).subarray(0, 200));
    const out = join(folder, 'out');
    const { status, stdout, stderr } = start(photos[0]!, broken, photos[1]!, '--out', out, '--json');
    assert.equal(status, 1);
    assert.match(stderr, /broken\.jpg/);
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack');
    const results = JSON.parse(stdout) as Result[];
    assert.deepEqual(
      results.map(({ photo }) => photo),
      photos,
    );
    assert.deepEqual(readdirSync(out).sort(), ['comparison.html', 'waves-adversarial-2.png', 'waves-adversarial.png']);
    for (const result of results) {
      assert.deepEqual(Object.keys(result), ['photo', 'label', 'probabilities', 'success', 'adversarial', 'steps']);
      assert.equal(result.steps.length, 5);
      assert.deepEqual(result.steps[0], {
        step: 0,
        label: result.label,
        probability: result.probabilities[result.label],
        outputs: Object.values(result.probabilities),
        linf: 0,
        l2: 0,
        psnr: null,
      });
      assert.equal(result.success, result.steps[4]!.label !== result.label);
      const [before, after] = await Promise.all(
        [result.photo, result.adversarial].map((file) => sharp(file).raw().toBuffer()),
      );
      const changes = Array.from(after!, (value, i) => Math.abs(value - before![i]!) / 255);
      const { linf, l2, psnr } = result.steps[4]!;
      assert.ok(Math.abs(Math.max(...changes.slice(0, 49152)) - linf) < 1e-6 && linf <= 4 / 255 + 1e-6);
      const squares = changes.reduce((sum, change) => sum + change * change, 0);
      assert.ok(Math.abs(Math.sqrt(squares) - l2) < 1e-4);
      assert.ok(Math.abs(-10 * Math.log10(squares / changes.length) - psnr!) < 1e-3);
    }
    const files = results.map(({ adversarial }) => adversarial);
    const again = JSON.parse((await inProcess(classifyCommand, [...files, '--json'])).stdout) as Result[];
    results.forEach(({ steps }, i) => {
      assert.equal(again[i]!.label, steps[4]!.label);
      assert.ok(Math.abs(again[i]!.probabilities[steps[4]!.label]! - steps[4]!.probability) < 1e-4);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a wrong option is refused in one line, before anything is written', async () => {
  const out = join(tmpdir(), `attack-never-written-${process.pid}`);
  for (const [args, message] of [
    [['--attack', 'magic'], /magic.*article, fgsm/],
    [['--target', 'fox'], /'fox' is none of.*cat, dog/],
    [['--attack', 'fgsm', '--steps', '3'], /fgsm makes 1 step/],
    [['--epsilon', '4/0'], /above 0, such as 0.01 or 4\/255, not '4\/0'/],
  ] as const) {
    const { status, stdout, stderr } = await inProcess(attackCommand, ['photo.png', ...args, '--out', out]);
    assert.equal(status, 1, stderr);
    assert.match(stderr, message);
    assert.equal(stdout, '');
  }
  assert.ok(!existsSync(out));
});

test('adversarial examples of photos with the same name do not overwrite each other', () => {
  const files = adversarialFiles(['a/cat.jpg', 'b/cat.png', 'Cat.jpeg', 'cat-adversarial-2.jpg', 'c/cat.jpg'], 'a');
  assert.deepEqual(
    files.map((file) => basename(file)),
    [
      'cat-adversarial.png',
      'cat-adversarial-2.png',
      'Cat-adversarial-3.png',
      'cat-adversarial-2-adversarial.png',
      'cat-adversarial-4.png',
    ],
  );
});

test('a size is read as a number or as a fraction', () => {
  assert.equal(parseSize('4/255'), 4 / 255);
  assert.equal(parseSize('0.01'), 0.01);
  assert.equal(parseSize('2'), 2, 'under L2 a change can be longer than 1');
  assert.equal(parseSize('1.0', '--epsilons', 1), 1);
  assert.throws(() => parseSize('256/255', '--epsilons', 1), /--epsilons can be at most 1/);
  for (const text of ['', '4/', '/255', '1/2/3', '-1', '0', 'x', '1/0', '0x1', '1/0xff', 'Infinity', '1e', '1 1']) {
    assert.throws(() => parseSize(text), /must be a number above 0/, text);
  }
});
