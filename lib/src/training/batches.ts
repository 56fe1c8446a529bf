import { Random } from '../random';
import type { PictureSize } from '../pictures';
import { drawVariation, varyPictures } from './augment';
import { stackPhotos, type PhotoSet } from './photo-set';
import { deriveSeed } from './seeds';
import type { Batch } from './train-step';

/** What the derived seeds are for. */
const SHUFFLE = 1,
  VARY = 2,
  DROP = 3;

/** The seed of a step's dropout. */
export const dropoutSeed = (seed: number, epoch: number, step: number): number => deriveSeed(seed, DROP, epoch, step);

/** The order in which an epoch, counted from 0, takes the photos. */
export function epochOrder(seed: number, epoch: number, photos: PhotoSet): number[] {
  return new Random(deriveSeed(seed, SHUFFLE, epoch)).shuffle(photos.labels.map((_, place) => place));
}

/** What the batches of a training have in common. */
export interface BatchSource {
  photos: PhotoSet;
  size: PictureSize;
  seed: number;
  augment: boolean;
}

/** The batch of the photos at `places`, varied as seed, epoch and step say. Its images are the caller's to dispose. */
export function makeBatch(
  { photos, size, seed, augment }: BatchSource,
  places: number[],
  epoch: number,
  step: number,
): Batch {
  const images = stackPhotos(photos, places, size);
  const labels = places.map((place) => photos.labels[place]!);
  if (!augment) return { images, labels };
  const random = new Random(deriveSeed(seed, VARY, epoch, step));
  const varied = varyPictures(
    images,
    labels.map(() => drawVariation(random, size.height, size.width)),
  );
  images.dispose();
  return { images: varied, labels };
}
