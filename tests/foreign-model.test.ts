import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { after } from 'node:test';
import { loadClassifier } from '../lib/src/classifiers';
import { readEvaluation } from '../lib/src/evaluation';
import { readPhoto } from '../lib/src/pictures';
import { tf } from 'descent-lab';

const root = join(__dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'foreign-'));
after(() => rmSync(scratch, { recursive: true }));
const folder = join(scratch, 'catsordogs');

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return stdout;
}

/**
 * The probability of a dog, from Keras 2.15 with the package's own model.h5: photo.convert('L'), resize((256, 256),
 * BILINEAR) by Pillow, divided by 255, model.predict.
 */
const KERAS: Record<string, number> = {
  'cat-chelsea.png': 0.2592517,
  'cat-garden.jpg': 0.6621668,
  'cat-kitten.jpg': 0.2818981,
  'dog-resting.jpg': 0.7327582,
  'dog-running.jpg': 0.8673469,
};

test('it comes out of the package, and answers what it answers in Keras', async () => {
  run('--import', './scripts/tsx.mjs', 'scripts/foreign-model.mjs', '--out', folder);
  const classifier = await loadClassifier(folder);
  assert.deepEqual([classifier.classes, classifier.input], [['cat', 'dog'], { height: 256, width: 256, channels: 1 }]);
  for (const [name, expected] of Object.entries(KERAS)) {
    const pixels = await readPhoto(join(root, 'data', 'photos', name), classifier.input);
    const [, dog] = tf.tidy(() => classifier.probabilities(tf.tensor4d(pixels, [1, 256, 256, 1])).arraySync()[0]!);
    assert.ok(Math.abs(dog! - expected) < 1e-4, `${name}: ${dog} is not ${expected}`);
  }
  classifier.dispose();
});

/** Of the face of an astronaut, from Keras 2.15 with fer's own emotion_model.hdf5: as above, but 64 x 64, and times 2 less 1. */
const EMOTIONS = [0.0002113, 6e-7, 3.62e-5, 0.99826539, 6.9e-6, 0.0008555, 0.000624];

test('an emotion network out of another package answers what it answers in Keras, is attacked and evaluated', async () => {
  const [emotions, photo] = [join(scratch, 'emotions'), join(scratch, 'faces', 'happy', 'astronaut.png')];
  mkdirSync(dirname(photo), { recursive: true });
  run('--import', './scripts/tsx.mjs', 'scripts/foreign-model.mjs', 'emotions', '--out', emotions, '--face', photo);
  const classifier = await loadClassifier(emotions);
  const { classes, input } = classifier;
  assert.deepEqual([classes.length, classes[3], input], [7, 'happy', { height: 64, width: 64, channels: 1 }]);
  const pixels = await readPhoto(photo, input);
  const found = tf.tidy(() => classifier.probabilities(tf.tensor4d(pixels, [1, 64, 64, 1])).arraySync()[0]!);
  classifier.dispose();
  EMOTIONS.forEach((expected, i) => assert.ok(Math.abs(found[i]! - expected) < 1e-5, `${classes[i]}: ${found[i]}`));

  const table = join(scratch, 'emotions.csv');
  for (const label of classes) mkdirSync(join(scratch, 'faces', label), { recursive: true });
  const options = ['--attack', 'fgsm,pgd', '--epsilons', '2/255,16/255', '--out', table];
  run('--import', './scripts/tsx.mjs', 'scripts/evaluate.ts', join(scratch, 'faces'), '--model', emotions, ...options);
  const rows = readEvaluation(table);
  assert.ok(rows.every(({ n, accuracy }) => n === 1 && accuracy === 1));
  assert.equal(rows.find(({ attack, epsilon }) => attack === 'pgd' && epsilon > 0.05)!.success, 1);
});

test('classify, attack and evaluate take it, and adversarial examples of the one network are tried on the other', () => {
  const photos = join(scratch, 'photos');
  for (const name of readdirSync(join(root, 'data', 'photos')).filter((name) => name in KERAS)) {
    cpSync(join(root, 'data', 'photos', name), join(photos, name.slice(0, 3), name));
  }
  const script = (name: string, ...args: string[]): string =>
    run('--import', './scripts/tsx.mjs', `scripts/${name}.ts`, ...args);
  const chelsea = join(photos, 'cat', 'cat-chelsea.png');
  const [answer] = JSON.parse(script('classify', chelsea, '--model', folder, '--json')) as {
    probabilities: { dog: number };
  }[];
  assert.ok(Math.abs(answer!.probabilities.dog - KERAS['cat-chelsea.png']!) < 1e-4);

  const [example] = JSON.parse(
    script(
      'attack',
      chelsea,
      '--model',
      folder,
      '--target',
      'dog',
      '--epsilon',
      '8/255',
      '--out',
      join(scratch, 'adversarial'),
      '--json',
    ),
  ) as { success: boolean; steps: { label: string; linf: number }[] }[];
  assert.ok(example!.success && example!.steps.at(-1)!.label === 'dog');
  assert.ok(example!.steps.at(-1)!.linf <= 8 / 255 + 1e-6);

  const table = join(scratch, 'table.csv');
  script(
    'evaluate',
    photos,
    '--model',
    folder,
    '--transfer-to',
    join('models', 'cats-dogs'),
    '--attack',
    'fgsm,noise',
    '--epsilons',
    '8/255',
    '--out',
    table,
  );
  const [fgsm, noise] = readEvaluation(table);
  assert.deepEqual(
    [fgsm!.attack, fgsm!.n, fgsm!.accuracy],
    ['fgsm', 4, 0.8],
    'wrong about the cat in the garden alone',
  );
  assert.ok(fgsm!.success! > noise!.success! && fgsm!.transfer !== null);
});
