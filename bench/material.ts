// What both sides read: 200 photos and a Keras file, made here so that every machine has the same.
import { buildCatsDogs } from 'descent-lab/internal';
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { writeKerasFile } from '../tests/support/keras-file';
import { root, scratch } from './places';

const PHOTOS = 200;

/** Makes what is missing. */
export async function makeMaterial(): Promise<void> {
  mkdirSync(scratch, { recursive: true });
  if (!has('photos')) await whole('photos', makePhotos);
  if (!has('cats-dogs.h5')) await whole('cats-dogs.h5', makeKerasFile);
}

const has = (name: string): boolean => readdirSync(scratch).includes(name);

/** Under its name only once it is complete. */
async function whole(name: string, make: (path: string) => Promise<void>): Promise<void> {
  const unfinished = join(scratch, `unfinished-${name}`);
  rmSync(unfinished, { recursive: true, force: true });
  await make(unfinished);
  renameSync(unfinished, join(scratch, name));
}

/** Parts of the project's sample photos, of the size that photos of the public sets have, each another part. */
async function makePhotos(folder: string): Promise<void> {
  mkdirSync(folder);
  const samples = readdirSync(join(root, 'data', 'photos'))
    .filter((name) => /\.(jpg|png)$/.test(name))
    .sort();
  for (let i = 0; i < PHOTOS; i++) {
    const sample = samples[i % samples.length]!;
    const shift = Math.floor(i / samples.length);
    const enlarged = sharp(join(root, 'data', 'photos', sample)).resize(560 + shift, 420 + shift, { fit: 'fill' });
    const name = `${sample.split('-')[0]}-${String(i).padStart(3, '0')}.jpg`;
    await enlarged
      .extract({ left: shift, top: shift, width: 500, height: 375 })
      .jpeg({ quality: 90 })
      .toFile(join(folder, name));
  }
}

/** The network's weights as Keras stores them; what they are is all the same for the time that it takes. */
async function makeKerasFile(path: string): Promise<void> {
  const model = buildCatsDogs(1);
  await writeKerasFile(
    path,
    model.layers.map(({ name, weights }) => ({
      name,
      weights: weights.map((weight) => ({
        name: weight.originalName.split('/').at(-1)!,
        shape: weight.shape as number[],
        values: Array.from(weight.read().dataSync()),
      })),
    })),
  );
  model.dispose();
}
