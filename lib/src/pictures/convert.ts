import type { Pixels, PictureSize } from './picture';
import { resizeBilinear } from './resize';

/**
 * A picture of one network, pixels from 0 to 1, as another takes it: as a file with 8 bits a channel, read at its size.
 */
export function convertPicture(pixels: Pixels, from: PictureSize, to: PictureSize): Float32Array {
  const bytes = Uint8Array.from(pixels, (value) => Math.round(255 * value));
  const data = recolour(bytes, from.channels, to.channels);
  const resized = resizeBilinear(
    { data, width: from.width, height: from.height, channels: to.channels },
    to.width,
    to.height,
  );
  return Float32Array.from(resized.data, (value) => value / 255);
}

/** A grey picture in colour has its value in all three channels. */
function recolour(bytes: Uint8Array, from: 1 | 3, to: 1 | 3): Uint8Array {
  if (from === to) return bytes;
  if (to === 3) return Uint8Array.from({ length: 3 * bytes.length }, (_, i) => bytes[Math.floor(i / 3)]!);
  return toGrey(bytes);
}

/** The brightness of [red, green, blue, red ...], as ITU-R 601 weighs the colours, rounded to 8 bits as Pillow does. */
export function toGrey(colours: Uint8Array): Uint8Array {
  const grey = new Uint8Array(colours.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = (19595 * colours[at]! + 38470 * colours[at + 1]! + 7471 * colours[at + 2]! + 32768) >> 16;
  }
  return grey;
}
