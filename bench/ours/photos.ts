// Photos from files to numbers, and the evaluation of attacks on so many of them.
import { classifiers, evaluation, pictures, training } from 'descent-lab';
import { evaluateBatch } from 'descent-lab/internal';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../places';
import { plain, type Points } from './subject';

const SIZE = { height: 128, width: 128, channels: 3 } as const;

const photosIn = (scratch: string): { index: number; path: string; photo: string; truth: string }[] =>
  readdirSync(join(scratch, 'photos'))
    .sort()
    .map((photo, index) => ({ index, path: join(scratch, 'photos', photo), photo, truth: photo.split('-')[0]! }));

export function decodePoints(scratch: string): Points {
  const photos = photosIn(scratch);
  return {
    [`${photos.length} photos`]: plain(async () => {
      const { pixels } = await training.readPhotoSet(photos, { classes: ['cat', 'dog'], size: SIZE });
      let sum = 0;
      for (const values of pixels) for (let i = 0; i < values.length; i++) sum += values[i]!;
      return sum / 255 / pixels.length / pixels[0]!.length;
    }),
  };
}

/** The evaluation of the article's attack and of momentum's, for 8 to 64 photos in batches of 8. */
export async function evaluationPoints(scratch: string): Promise<Points> {
  const classifier = await classifiers.loadClassifier(join(root, 'models', 'cats-dogs'));
  const photos = photosIn(scratch);
  const attacks = evaluation.parseAttacks('fgsm,mi-fgsm');
  const trials = {
    classifier,
    attacks,
    epsilons: [4 / 255],
    seed: 1,
    read: (path: string) => pictures.readPhoto(path, SIZE),
  };
  return Object.fromEntries(
    [8, 16, 32, 64].map((count) => [
      `${count} photos`,
      plain(async () => {
        for (let first = 0; first < count; first += 8) await evaluateBatch(photos.slice(first, first + 8), trials);
      }),
    ]),
  );
}
