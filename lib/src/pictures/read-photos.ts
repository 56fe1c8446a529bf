import { join, parse } from 'node:path';
import { namesIn } from '../data/files';
import { tf } from '../tf';
import { stackPictures, type PictureSize } from './picture';
import { readPhoto } from './read-photo';

/** What a photo's file is called that `readPhoto` can read. */
const PHOTO = /\.(?:jpe?g|png|webp|gif|avif|tiff?)$/i;

/** A photo as a network sees it. */
export interface Photo {
  /** Its file's name without the ending: `cat-chelsea`. */
  name: string;
  /** Its values, row by row [height, width, channels], 0 to 1. */
  pixels: Float32Array;
  /** The same as a tensor, a batch of one: [1, height, width, channels]. The caller's to dispose. */
  image: tf.Tensor4D;
}

/**
 * Reads all photos of a folder, in the order of their names, each as `readPhoto` does; other files are passed over.
 *
 * @param size of the results, e.g. `classifier.input`
 * @throws DescentError where the folder cannot be read, or one of its photos
 * @example
 * const photos = await pictures.readPhotos('../data/photos', { height: 128, width: 128, channels: 3 });
 * console.log(photos[0].name, photos[0].image.shape); // => cat-chelsea [ 1, 128, 128, 3 ]
 */
export async function readPhotos(folder: string, size: PictureSize): Promise<Photo[]> {
  const files = namesIn(folder).filter((file) => PHOTO.test(file));
  const read = files.map(async (file) => {
    const pixels = await readPhoto(join(folder, file), size);
    return { name: parse(file).name, pixels };
  });
  return (await Promise.all(read)).map((photo) => ({ ...photo, image: stackPictures([photo.pixels], size) }));
}
