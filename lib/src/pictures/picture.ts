import { writeFileAtomically } from '../data/files';
import { loadSharp } from '../sharp';
import { tf } from '../tf';

/** Pixels row by row, [height, width, channels], 0 to 1. */
export type Pixels = ArrayLike<number>;
/** The size of a picture in pixels; 1 channel is grey, 3 are red, green and blue. */
export interface PictureSize {
  height: number;
  width: number;
  channels: 1 | 3;
}
/** How a picture is stored: without loss, as PNG or WebP, or as JPEG of a quality from 1 to 100. */
export type PictureFormat = 'png' | 'webp' | { jpeg: number };

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

/** The picture as a file's content, 8 bits a channel. */
export async function encodePicture(pixels: Pixels, size: PictureSize, format: PictureFormat): Promise<Buffer> {
  const bytes = Uint8Array.from(pixels, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
  const picture = loadSharp()(bytes, { raw: size });
  if (format === 'png') return picture.png().toBuffer();
  return (
    format === 'webp' ? picture.webp({ lossless: true, effort: 6 }) : picture.jpeg({ quality: format.jpeg })
  ).toBuffer();
}

/** Writes a picture as a PNG file, whole or not at all. @throws DescentError naming the file and the reason */
export async function writePicture(path: string, pixels: Pixels, size: PictureSize): Promise<void> {
  writeFileAtomically(path, await encodePicture(pixels, size, 'png'));
}

/** The pixels of a file's content that `encodePicture` made. */
export async function decodePicture(content: Buffer, { channels }: PictureSize): Promise<Float32Array> {
  const sharp = loadSharp();
  const picture = channels === 1 ? sharp(content).toColourspace('b-w') : sharp(content);
  const bytes = await picture.removeAlpha().raw().toBuffer();
  return Float32Array.from(bytes, (value) => value / 255);
}

/**
 * The picture inside a URL, for a figure: every one of its 8 bits, since a figure shows what the network saw. Lossless
 * WebP, which takes half to two thirds of what PNG takes.
 */
export async function pictureUrl(pixels: Pixels, size: PictureSize): Promise<string> {
  return `data:image/webp;base64,${(await encodePicture(pixels, size, 'webp')).toString('base64')}`;
}

/** What was changed, so many times larger, around a middle grey: grey is no change. */
export function magnifyChange(original: Pixels, changed: Pixels, factor: number): Float32Array {
  return Float32Array.from(original, (value, i) => 0.5 + factor * ((changed[i] as number) - value));
}

/** The factor at which a change of this size just reaches black or white. */
export const magnification = (linf: number): number => (linf > 0 ? Math.floor(0.5 / linf) : 1);

/**
 * Numbers of both signs as a picture around a middle grey; the largest 1 in 200 are cut off, or they would hide the
 * rest.
 */
export function signedPicture(values: Pixels): Float32Array {
  const sizes = Float32Array.from(values, Math.abs).sort();
  const scale = sizes[Math.floor(0.995 * (sizes.length - 1))] || 1;
  return Float32Array.from(values, (value) => 0.5 + (0.5 * value) / scale);
}
