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

/**
 * Grey is ITU-R 601's brightness, as `readPhoto` computes it; a grey picture in colour has its value in all three
 * channels.
 */
function recolour(bytes: Uint8Array, from: 1 | 3, to: 1 | 3): Uint8Array {
  if (from === to) return bytes;
  if (to === 3) return Uint8Array.from({ length: 3 * bytes.length }, (_, i) => bytes[Math.floor(i / 3)]!);
  return Uint8Array.from(
    { length: bytes.length / 3 },
    (_, i) => (19595 * bytes[3 * i]! + 38470 * bytes[3 * i + 1]! + 7471 * bytes[3 * i + 2]! + 32768) >> 16,
  );
}
