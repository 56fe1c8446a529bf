import type { PictureSize, Pixels } from './picture';

/** What two neighbours on smooth ground may differ by: one step of 8 bits, and what rounding adds. */
const SMOOTH = 1.5 / 255;

/**
 * The share of a picture's values that differ by at most 1/255 from their right neighbour's: smooth ground, where an eye
 * sees a grain that it would miss in fur. From 0 to 1.
 */
export function smoothShare(pixels: Pixels, { width, channels }: PictureSize): number {
  let [smooth, all] = [0, 0];
  for (let i = 0; i + channels < pixels.length; i++) {
    if (Math.floor(i / channels) % width === width - 1) continue; // the last of its row
    all++;
    if (Math.abs((pixels[i + channels] as number) - (pixels[i] as number)) <= SMOOTH) smooth++;
  }
  return smooth / all;
}
