import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { DescentError } from '../errors';
import { tf } from '../tf';
import type { LabelledPhoto, PictureSize } from '../pictures';
import { decodePhotoBytes, readPhotoFile } from '../pictures/read-photo';

/** Photos in memory, decoded: a byte a value, a quarter of what a network takes. */
export interface PhotoSet {
  /** Row by row [height, width, channels], values from 0 to 255. */
  pixels: Uint8Array[];
  /** Of each photo, the place of its class among the classes. */
  labels: number[];
  /** The sha256 of all pixels and labels. */
  sha256: string;
  /** What was wrong with the photos that could not be read. */
  broken: string[];
}

/** How photos are read for training. */
export interface ReadPhotoSetOptions {
  /** The classes' names: a photo's label is its place in this list. */
  classes: readonly string[];
  /** What every photo is squeezed to, in pixels. */
  size: PictureSize;
  /** Told after each photo how many are done. */
  onProgress?: (done: number) => void;
}

/** So many files are read ahead: each step of reading waits behind the photos that are being decoded. */
const AHEAD = 16;

/**
 * Reads photos into memory, several at a time. Those that cannot be read are left out.
 *
 * @throws DescentError when no photo of a class could be read
 */
export async function readPhotoSet(
  photos: readonly LabelledPhoto[],
  { classes, size, onProgress }: ReadPhotoSetOptions,
): Promise<PhotoSet> {
  const read: (Uint8Array | DescentError)[] = [];
  const contents: (Promise<Buffer> | undefined)[] = [];
  const contentOf = (place: number): Promise<Buffer> => {
    for (let i = contents.length; i < Math.min(place + AHEAD, photos.length); i++) {
      const content = (contents[i] = readPhotoFile(photos[i]!.path));
      content.catch(() => undefined); // whoever waits for it is told
    }
    const content = contents[place]!;
    contents[place] = undefined; // or all files would stay in memory
    return content;
  };
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < photos.length; i = next++) {
      try {
        read[i] = await decodePhotoBytes(await contentOf(i), size, photos[i]!.path);
      } catch (error) {
        if (!(error instanceof DescentError)) throw error;
        read[i] = error;
      }
      onProgress?.(++done);
    }
  };
  await Promise.all(Array.from({ length: 2 * availableParallelism() }, worker));
  const set: PhotoSet = { pixels: [], labels: [], broken: [], sha256: '' };
  const hash = createHash('sha256');
  read.forEach((result, i) => {
    if (result instanceof DescentError) return void set.broken.push(result.message);
    const label = classes.indexOf(photos[i]!.truth);
    set.pixels.push(result);
    set.labels.push(label);
    hash.update(result).update(`${label}\n`);
  });
  const without = classes.find((_, label) => !set.labels.includes(label));
  if (without !== undefined) {
    const own = photos.findIndex(({ truth }) => truth === without);
    throw new DescentError(
      own < 0
        ? `none of the ${photos.length} photos is of the class '${without}': a higher limit takes in more`
        : `no photo of the class '${without}' could be read: ${(read[own] as DescentError).message}`,
    );
  }
  return { ...set, sha256: hash.digest('hex') };
}

/** Some photos of a set as a batch for the network, pixels from 0 to 1. */
export function stackPhotos(
  { pixels }: PhotoSet,
  places: readonly number[],
  { height, width, channels }: PictureSize,
): tf.Tensor4D {
  const values = new Float32Array(places.length * height * width * channels);
  let at = 0;
  for (const place of places) {
    const photo = pixels[place]!;
    for (let i = 0; i < photo.length; i++) values[at++] = photo[i]! / 255;
  }
  return tf.tensor4d(values, [places.length, height, width, channels]);
}
