// Pictures from and to files, by sharp. A page has another codec in place of this file.
import { DescentError } from '../errors';
import { loadSharp } from '../sharp';
import { isJpeg } from './formats';
import type { Bytes } from './resize';

/** The size of a picture in pixels; 1 channel is grey, 3 are red, green and blue. */
export interface PictureSize {
  height: number;
  width: number;
  channels: 1 | 3;
}
/** How a picture is stored: without loss, as PNG or WebP, or as JPEG of a quality from 1 to 100. */
export type PictureFormat = 'png' | 'webp' | { jpeg: number };

/** The most pixels that a photo may have: a small file can unpack to more than the memory holds. */
export const MOST_PIXELS = 100e6;
/** The most pixels on a side, as in JPEG: a row a pixel wide costs as much work as a wide one. */
export const LONGEST_SIDE = 65535;
/** The longest that a photo may take to decode, in seconds: a hundred megapixels take a few. */
const LONGEST_DECODE = 60;

/** The format of pictures inside figures: lossless WebP takes half to two thirds of what PNG takes. */
export const FIGURE_FORMAT: 'png' | 'webp' = 'webp';

/** Makes sure that pictures can be read. @throws DescentError where a package is missing */
export const loadCodec = (): void => void loadSharp();

/**
 * A photo's pixels: upright, three colours of 8 bits; transparency is dropped, a colour profile ignored.
 * @throws DescentError, whose message goes on after the photo's name
 */
export async function decodeFile(content: Buffer): Promise<Bytes> {
  const photo = loadSharp()(content, { limitInputPixels: MOST_PIXELS, failOn: 'error', ignoreIcc: true }).timeout({
    seconds: LONGEST_DECODE,
  });
  try {
    // A JPEG says its sides in 16 bits. To read its header for them takes a fourteenth of the whole work.
    if (!isJpeg(content)) {
      const { width: across, height: down } = await photo.metadata();
      checkSides(across, down);
    }
    const {
      data,
      info: { width, height, channels },
    } = await photo
      .autoOrient()
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width, height, channels };
  } catch (error) {
    if (error instanceof DescentError) throw error;
    const [message = ''] = (error as Error).message.split('\n');
    if (message.includes('pixel limit')) throw new DescentError(`has more than ${MOST_PIXELS / 1e6} megapixels`);
    if (message.includes('timeout')) throw new DescentError(`takes more than ${LONGEST_DECODE} seconds to decode`);
    throw new DescentError(`is damaged or cut off: ${message}`);
  }
}

/** Refuses what is too long. */
export function checkSides(width: number, height: number): void {
  if (Math.max(width, height) <= LONGEST_SIDE) return;
  throw new DescentError(`is ${width} x ${height} pixels: a side may have ${LONGEST_SIDE}`);
}

/** The bytes of a file that `encodeFile` made. */
export async function decodeOwn(content: Buffer, { channels }: PictureSize): Promise<Uint8Array> {
  const sharp = loadSharp();
  const picture = channels === 1 ? sharp(content).toColourspace('b-w') : sharp(content);
  return picture.removeAlpha().raw().toBuffer();
}

/** Bytes as a file's content. */
export async function encodeFile(bytes: Uint8Array, size: PictureSize, format: PictureFormat): Promise<Buffer> {
  const picture = loadSharp()(bytes, { raw: size });
  if (format === 'png') return picture.png().toBuffer();
  return (
    format === 'webp' ? picture.webp({ lossless: true, effort: 6 }) : picture.jpeg({ quality: format.jpeg })
  ).toBuffer();
}
