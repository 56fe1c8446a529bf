// Pictures that the browser itself decodes: WebP, GIF, AVIF, and what else it knows.
import { DescentError } from '../errors';
import type { Bytes } from '../pictures/resize';
import { orientationOf, turned } from './upright';

/** Decodes a file as the browser can. @throws DescentError, whose message goes on after the photo's name */
export async function pixelsOf(content: Uint8Array): Promise<Bytes> {
  const isGif = content[0] === 0x47;
  if (isGif && !gifIsWhole(content)) throw new DescentError('is damaged or cut off: its end is missing');
  const blob = new Blob([content as Uint8Array<ArrayBuffer>]);
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(() => {
    throw new DescentError('cannot be decoded by this browser: it is damaged, or has to be exported as JPEG or PNG');
  });
  const picture = (await fromFrame(bitmap)) ?? fromCanvas(bitmap);
  const isWebp = content[0] === 0x52;
  return isWebp ? turned(picture, orientationOf(content)) : picture; // others are turned by the browser
}

/** Whether all blocks are there. Firefox shows those that are. */
function gifIsWhole(content: Uint8Array): boolean {
  const tableOf = (flags = 0): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  for (let at = 13 + tableOf(content[10]); ; at++) {
    if (content[at] === 0x3b) return true;
    if (content[at] === 0x21) at += 2;
    else if (content[at] === 0x2c) at += 11 + tableOf(content[at + 9]);
    else return false;
    while (content[at]) at += 1 + content[at]!; // pieces of so many bytes, until one of none
  }
}

/** What Chromium has beyond its pixels of a picture that is not stored upright. */
interface Turn {
  rotation?: number;
  flip?: boolean;
}

/** By way of a video's frame, which no browser changes; undefined where there is none. */
async function fromFrame(bitmap: ImageBitmap): Promise<Bytes | undefined> {
  if (typeof VideoFrame !== 'function') return undefined;
  try {
    const frame = new VideoFrame(bitmap, { timestamp: 0 });
    const { format, visibleRect, rotation = 0, flip = false } = frame as VideoFrame & Turn;
    if (!format || !/^(RGB|BGR)[AX]$/.test(format)) return undefined;
    const raw = new Uint8Array(frame.allocationSize());
    const [plane] = await frame.copyTo(raw);
    frame.close();
    const { width, height } = visibleRect!;
    const [red, blue] = format.startsWith('R') ? [0, 2] : [2, 0];
    const data = new Uint8Array(3 * width * height);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0, from = plane!.offset + y * plane!.stride; x < width; x++, from += 4, to += 3) {
        data[to] = raw[from + red]!;
        data[to + 1] = raw[from + 1]!;
        data[to + 2] = raw[from + blue]!;
      }
    }
    const orientation = (flip ? [2, 5, 4, 7] : [1, 6, 3, 8])[rotation / 90]!;
    return turned({ data, width, height, channels: 3 }, orientation);
  } catch {
    return undefined;
  }
}

/** By way of a canvas, which some browsers change a little, so that nobody is known by it: told from known pixels. */
function fromCanvas(bitmap: ImageBitmap): Bytes {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(Math.max(width, KNOWN), Math.max(height, KNOWN));
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  if (!isExact(context)) {
    throw new DescentError(
      'cannot be read exactly: this browser changes pixels to protect you; export it as JPEG or PNG',
    );
  }
  context.clearRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  if (data.some((value, i) => i % 4 === 3 && value < 255)) {
    // a canvas keeps colours as dark as they are transparent
    throw new DescentError('is transparent, which this browser cannot read exactly: export it as JPEG or PNG');
  }
  return { data: new Uint8Array(data.buffer), width, height, channels: 4 };
}

/** The side of a square whose pixels are known. */
const KNOWN = 16;

function isExact(context: OffscreenCanvasRenderingContext2D): boolean {
  const known = Uint8ClampedArray.from({ length: KNOWN * KNOWN * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
  context.putImageData(new ImageData(known, KNOWN, KNOWN), 0, 0);
  const { data } = context.getImageData(0, 0, KNOWN, KNOWN);
  return data.every((value, i) => value === known[i]);
}
