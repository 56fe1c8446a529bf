// Pictures that the browser itself decodes: WebP, GIF, AVIF, and what else it knows.
import { DescentError } from '../errors';
import type { Bytes } from '../pictures/resize';

/** Decodes a file as the browser can. @throws DescentError, whose message goes on after the photo's name */
export async function pixelsOf(content: Uint8Array): Promise<Bytes> {
  const blob = new Blob([content as Uint8Array<ArrayBuffer>]);
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(() => {
    throw new DescentError('cannot be decoded by this browser: it is damaged, or has to be exported as JPEG or PNG');
  });
  return (await fromFrame(bitmap)) ?? fromCanvas(bitmap);
}

/** By way of a video's frame, which no browser changes; undefined where there is none. */
async function fromFrame(bitmap: ImageBitmap): Promise<Bytes | undefined> {
  if (typeof VideoFrame !== 'function') return undefined;
  try {
    const frame = new VideoFrame(bitmap, { timestamp: 0 });
    const { format } = frame;
    if (!format || !/^(RGB|BGR)[AX]$/.test(format)) return undefined;
    const raw = new Uint8Array(frame.allocationSize());
    const [plane] = await frame.copyTo(raw);
    frame.close();
    const { width, height } = bitmap;
    const [red, blue] = format.startsWith('R') ? [0, 2] : [2, 0];
    const data = new Uint8Array(3 * width * height);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0, from = plane!.offset + y * plane!.stride; x < width; x++, from += 4, to += 3) {
        data[to] = raw[from + red]!;
        data[to + 1] = raw[from + 1]!;
        data[to + 2] = raw[from + blue]!;
      }
    }
    return { data, width, height, channels: 3 };
  } catch {
    return undefined;
  }
}

/** By way of a canvas, which some browsers change a little, so that nobody is known by it: told from known pixels. */
function fromCanvas(bitmap: ImageBitmap): Bytes {
  const { width, height } = bitmap;
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  if (!isExact(context)) {
    throw new DescentError(
      'cannot be read exactly: this browser changes pixels to protect you; export it as JPEG or PNG',
    );
  }
  context.clearRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  return { data: new Uint8Array(data.buffer), width, height, channels: 4 };
}

function isExact(context: OffscreenCanvasRenderingContext2D): boolean {
  const known = Uint8ClampedArray.from({ length: 16 * 16 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256));
  context.putImageData(new ImageData(known, 16, 16), 0, 0);
  const { data } = context.getImageData(0, 0, 16, 16);
  return data.every((value, i) => value === known[i]);
}
