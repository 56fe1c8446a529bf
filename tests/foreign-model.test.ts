import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { loadClassifier, readPhoto, tf } from 'descent-lab';

const root = join(__dirname, '..');
const folder = join(root, 'models', 'catsordogs');

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

test(
  'the foreign network answers what it answers in Keras',
  {
    skip: existsSync(folder) ? false : `${folder} is not here: npm run foreign-model makes it`,
  },
  async () => {
    const classifier = await loadClassifier(folder);
    assert.deepEqual(
      [classifier.classes, classifier.input],
      [['cat', 'dog'], { height: 256, width: 256, channels: 1 }],
    );
    for (const [name, expected] of Object.entries(KERAS)) {
      const pixels = await readPhoto(join(root, 'data', 'photos', name), classifier.input);
      const [, dog] = tf.tidy(() => classifier.probabilities(tf.tensor4d(pixels, [1, 256, 256, 1])).arraySync()[0]!);
      assert.ok(Math.abs(dog! - expected) < 1e-4, `${name}: ${dog} is not ${expected}`);
    }
    classifier.dispose();
  },
);
