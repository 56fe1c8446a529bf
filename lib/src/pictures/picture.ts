import { writeFileAtomically } from '../data/files';
import { tf } from '../tf';
import { decodeOwn, encodeFile, FIGURE_FORMAT, type PictureFormat, type PictureSize } from './codec';

export type { PictureFormat, PictureSize };

/** Pixels row by row, [height, width, channels], 0 to 1. */
export type Pixels = ArrayLike<number>;

/** Pixels as a file with 8 bits a channel holds them: multiples of 1/255. */
export const roundToBytes = (pixels: Pixels): Float32Array =>
  Float32Array.from(pixels, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255) / 255);

/**
 * Pictures of one size, pixels row by row from 0 to 1, as a batch [B, height, width, channels]; the caller's to
 * dispose.
 */
export function stackPictures(pictures: readonly Pixels[], { height, width, channels }: PictureSize): tf.Tensor4D {
  const size = height * width * channels;
  const values = new Float32Array(pictures.length * size);
  pictures.forEach((picture, i) => values.set(picture, i * size));
  return tf.tensor4d(values, [pictures.length, height, width, channels]);
}

/** A format in words: `PNG`, `JPEG 90`. */
export const formatName = (format: PictureFormat): string =>
  typeof format === 'string' ? { png: 'PNG', webp: 'WebP' }[format] : `JPEG ${format.jpeg}`;

/** The picture as a file's content, 8 bits a channel. */
export async function encodePicture(pixels: Pixels, size: PictureSize, format: PictureFormat): Promise<Buffer> {
  const bytes = Uint8Array.from(pixels, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
  return encodeFile(bytes, size, format);
}

/** Writes a picture as a PNG file, whole or not at all. @throws DescentError naming the file and the reason */
export async function writePicture(path: string, pixels: Pixels, size: PictureSize): Promise<void> {
  writeFileAtomically(path, await encodePicture(pixels, size, 'png'));
}

/** The pixels of a file's content that `encodePicture` made. */
export async function decodePicture(content: Buffer, size: PictureSize): Promise<Float32Array> {
  const bytes = await decodeOwn(content, size);
  return Float32Array.from(bytes, (value) => value / 255);
}

/**
 * The picture inside a URL, for a figure: every one of its 8 bits, since a figure shows what the network saw.
 */
export async function pictureUrl(pixels: Pixels, size: PictureSize): Promise<string> {
  const content = await encodePicture(pixels, size, FIGURE_FORMAT);
  return `data:image/${FIGURE_FORMAT};base64,${content.toString('base64')}`;
}

/** What was changed, so many times larger, around a middle grey: grey is no change. */
export function magnifyChange(original: Pixels, changed: Pixels, factor: number): Float32Array {
  return Float32Array.from(original, (value, i) => 0.5 + factor * ((changed[i] as number) - value));
}

/** The factor at which a change of this size just reaches black or white. */
export const magnification = (linf: number): number => (linf > 0 ? Math.floor(0.5 / linf) : 1);
