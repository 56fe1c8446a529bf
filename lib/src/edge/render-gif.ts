import { DescentError } from '../errors';
import { pickFrames, type Figure } from '../figures';
import { loadSharp } from '../sharp';
import { renderFrames } from './render-png';

/** Which frames a GIF shows, how fast, and how large. */
export interface GifOptions {
  /** Which frames, from 0. Default: some 40 of them, more at the beginning. */
  frames?: number[];
  /** Milliseconds that a frame stays; the last one stays 2 seconds. Default 100. */
  delay?: number;
  /** Pixels. Default 720. */
  width?: number;
  /** Bytes that it may take. Default 1,500,000. */
  limit?: number;
}

/**
 * An animation as a GIF that repeats for ever, for a README.
 *
 * @throws DescentError where it passes the limit: fewer frames, or a smaller width.
 */
export async function renderGif(figure: Figure, options: GifOptions = {}): Promise<Buffer> {
  const { delay = 100, width = 720, limit = 1_500_000 } = options;
  if (!figure.frames) throw new DescentError(`the figure '${figure.name}' has no frames to make a GIF of`);
  const frames = options.frames ?? pickFrames(figure.frames.length, 40);
  const sharp = loadSharp();
  const images = await renderFrames(figure, frames, { width });
  const gif = await sharp(images, { join: { animated: true } })
    .gif({ loop: 0, delay: [...frames.slice(1).map(() => delay), 2000], effort: 10, dither: 0, interFrameMaxError: 2 })
    .toBuffer();
  if (gif.length <= limit) return gif;
  throw new DescentError(
    `the animation '${figure.name}' takes ${(gif.length / 1e6).toFixed(1)} MB as a GIF, ` +
      `more than ${limit / 1e6} MB: give it fewer frames or a smaller width`,
  );
}
