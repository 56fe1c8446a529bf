import { chart, marks, palette, type Figure } from '../chart';
import { rangeOf } from '../chart/range';
import type { AttackedPhoto } from './comparison-figure';
import type { PictureSize, Pixels } from '../../pictures/picture';
import { BARE, type PicturesOptions } from './picture-panel';

/** The upper left pixel of a patch. */
export interface Corner {
  /** From the top, from 0. */
  row: number;
  /** From the left, from 0. */
  column: number;
}

const HEADINGS = ['original, red, 0–255', 'adversarial, red, 0–255', 'difference'];

const grid = (pixels: Pixels, { width, channels }: PictureSize, { row, column }: Corner, side: number): number[][] =>
  Array.from({ length: side }, (_, r) =>
    Array.from({ length: side }, (_, c) => 255 * (pixels[((row + r) * width + column + c) * channels] as number)),
  );

/** The `side` x `side` patch with the strongest contrast in its first channel: there is something to be seen. */
export function liveliestPatch(pixels: Pixels, size: PictureSize, side = 6): Corner {
  let best = { row: 0, column: 0, contrast: -1 };
  for (let row = 0; row + side <= size.height; row++) {
    for (let column = 0; column + side <= size.width; column++) {
      const values = grid(pixels, size, { row, column }, side).flat();
      const mean = values.reduce((sum, value) => sum + value) / values.length;
      const contrast = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      if (contrast > best.contrast) best = { row, column, contrast };
    }
  }
  return { row: best.row, column: best.column };
}

/** Which patch `patchFigure` shows. */
export interface PatchOptions extends PicturesOptions {
  /** Where it begins. */
  corner: Corner;
  /** How many pixels it is wide and high. Default 6. */
  side?: number;
}

/**
 * The red channel of a small patch as numbers from 0 to 255: original, adversarial example, and their difference in steps of 1/255.
 */
export function patchFigure(photo: AttackedPhoto, options: PatchOptions): Figure {
  const { size, corner, side = 6 } = options;
  const [original, example] = [photo.example.pictures[0]!, photo.example.pictures.at(-1)!].map((pixels) =>
    grid(pixels, size, corner, side).map((row) => row.map(Math.round)),
  ) as [number[][], number[][]];
  const difference = example.map((row, r) => row.map((value, c) => value - original[r]![c]!));
  const [least, most] = rangeOf(difference.flat());
  const largest = Math.max(-least, most, 1);
  const signed = (value: number): string => (value > 0 ? `+${value}` : String(value).replace('-', '−'));
  const greys = { colors: palette.brightness, range: [0, 255] as const, words: String, color: palette.onScale };
  const change = {
    ...{ colors: palette.diverging, range: [-2 * largest, 2 * largest] as const },
    ...{ words: signed, color: palette.text },
  };
  const patches = [
    { z: original, ...greys },
    { z: example, ...greys },
    { z: difference, ...change },
  ];
  return chart(options, {
    finding: `No value changes by more than ${Math.round(255 * photo.example.steps.at(-1)!.linf)} of 255`,
    says:
      `The red channel of ${side}x${side} pixels of ${photo.name}, rows ${corner.row} to ${corner.row + side - 1}, ` +
      `columns ${corner.column} to ${corner.column + side - 1}: original, adversarial example, and the difference, from ` +
      `${least} to ${most} in steps of 1/255.`,
    marks: patches.map(({ words, color, ...heights }, panel) =>
      marks.cells({
        panel,
        ...heights,
        labels: heights.z.map((row) => row.map(words)),
        gap: 1,
        extra: { textfont: { color } },
      }),
    ),
    height: 330,
    margin: BARE,
    headings: 1,
    grid: {
      columns: 3,
      gapX: 0.04,
      panels: HEADINGS.map((title) => ({ title, x: { visible: false }, y: { visible: false, autorange: 'reversed' } })),
    },
  });
}
