import { readFile, stat } from 'node:fs/promises';
import { readFailure, refuseLfsPointer } from '../data/files';
import { DescentError } from '../errors';
import { decodeFile, loadCodec } from './codec';
import { toGrey } from './convert';
import { refuseOtherFormats } from './formats';
import type { PictureSize } from './picture';
import { resizeBilinear } from './resize';

/** The most bytes that a photo's file may have. */
const MOST_BYTES = 1e9;

/**
 * Reads a photo the way a network sees it: upright, squeezed whole to the network's size, as numbers from 0 to 1, row
 * by row [height, width, channels]. JPEG, PNG, WebP, GIF (its first frame), AVIF and TIFF; grey or colour, 8 or 16
 * bits, CMYK. Transparency is dropped and an embedded colour profile ignored, as Pillow and TensorFlow do.
 *
 * @param size of the result, e.g. `classifier.input`; 1 channel is grey (0.299 red + 0.587 green + 0.114 blue)
 * @throws DescentError naming the file: missing, no rights, a folder, empty, another format, cut off, over 100
 * megapixels or 65535 on a side
 */
export async function readPhoto(path: string, size: PictureSize): Promise<Float32Array> {
  return decodePhoto(await readPhotoFile(path), size, path);
}

/** What is in a photo's file. @throws DescentError naming the file, as `readPhoto` does */
export async function readPhotoFile(path: string): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new DescentError(`${path} is a folder, not a photo`);
    if (!found.isFile()) throw new DescentError(`${path} is no file`); // a pipe or device might never end
    if (found.size === 0) throw new DescentError(`${path} is empty`);
    if (found.size > MOST_BYTES) throw new DescentError(`${path} is larger than ${MOST_BYTES / 1e6} MB`);
    return await readFile(path);
  } catch (error) {
    throw error instanceof DescentError ? error : readFailure(path, error);
  }
}

/** As `readPhoto`, from the content of a photo's file; `name` is for the errors. */
export async function decodePhoto(content: Buffer, size: PictureSize, name: string): Promise<Float32Array> {
  const bytes = await decodePhotoBytes(content, size, name);
  const pixels = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) pixels[i] = bytes[i]! / 255;
  return pixels;
}

/** The same as `decodePhoto`, with 8 bits a value, from 0 to 255: a quarter of the memory. */
export async function decodePhotoBytes(
  content: Buffer,
  { height, width, channels }: PictureSize,
  name: string,
): Promise<Uint8Array> {
  loadCodec(); // Its absence is not the photo's fault.
  refuseLfsPointer(name, content);
  const picture = await Promise.resolve()
    .then(() => {
      refuseOtherFormats(content);
      return decodeFile(content);
    })
    .catch((error: unknown) => {
      throw error instanceof DescentError ? new DescentError(`${name} ${error.message}`) : error;
    });
  return resizeBilinear(channels === 1 ? { ...picture, data: toGrey(picture.data), channels } : picture, width, height)
    .data;
}
