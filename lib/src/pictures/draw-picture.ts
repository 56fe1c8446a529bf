import { roundToBytes, type PictureSize } from './picture';

/**
 * A picture drawn by a function of its pixels, as a file with 8 bits a channel holds it.
 *
 * @param colour a value for each channel, 0 to 1, of the pixel in this row and column, from 0
 * @example
 * const disc = pictures.drawPicture({ height: 2, width: 2, channels: 1 }, (row, column) => [row === column ? 1 : 0]);
 * console.log(Array.from(disc)); // => [ 1, 0, 0, 1 ]
 */
export const drawPicture = (
  { height, width, channels }: PictureSize,
  colour: (row: number, column: number) => readonly number[],
): Float32Array =>
  roundToBytes(
    Array.from({ length: height * width }, (_, i) =>
      colour(Math.floor(i / width), i % width).slice(0, channels),
    ).flat(),
  );
