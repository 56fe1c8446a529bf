import { baseLayout, palette, panelAxes, panels, type Figure, type JsonObject } from '../chart';
import type { AttackedPhoto } from './comparison-figure';
import type { PictureSize, Pixels } from '../../pictures/picture';

/** The upper left pixel of a patch. */
export interface Corner {
  row: number;
  column: number;
}

const HEADINGS = ['original, red, 0–255', 'victim, red, 0–255', 'difference'];

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

/**
 * The red channel of a small patch as numbers from 0 to 255: original, victim, and their difference in steps of 1/255.
 */
export function patchFigure({
  name,
  title,
  photo,
  size,
  corner,
  side = 6,
}: {
  name: string;
  title: string;
  photo: AttackedPhoto;
  size: PictureSize;
  corner: Corner;
  side?: number;
}): Figure {
  const [original, victim] = [photo.victim.pictures[0]!, photo.victim.pictures.at(-1)!].map((pixels) =>
    grid(pixels, size, corner, side).map((row) => row.map(Math.round)),
  ) as [number[][], number[][]];
  const difference = victim.map((row, r) => row.map((value, c) => value - original[r]![c]!));
  const largest = Math.max(...difference.flat().map(Math.abs), 1);
  const signed = (value: number): string => (value > 0 ? `+${value}` : String(value).replace('-', '−'));
  const heat = (z: number[][], panel: number, text: string[][], colours: JsonObject): JsonObject => ({
    type: 'heatmap',
    z,
    text,
    texttemplate: '%{text}',
    showscale: false,
    xgap: 1,
    ygap: 1,
    hoverinfo: 'none',
    textfont: { color: palette.text },
    ...panelAxes(panel),
    ...colours,
  });
  // Lighter than the pixels are, so that every number can be read.
  const greys = {
    colorscale: [
      [0, palette.muted],
      [1, palette.paper],
    ],
    zmin: 0,
    zmax: 255,
  };
  return {
    name,
    description:
      `The red channel of ${side}x${side} pixels of ${photo.name}, rows ${corner.row} to ` +
      `${corner.row + side - 1}, columns ${corner.column} to ${corner.column + side - 1}: original, victim, and the ` +
      `difference, from ${Math.min(...difference.flat())} to ${Math.max(...difference.flat())} in steps of 1/255.`,
    data: [
      heat(
        original,
        0,
        original.map((row) => row.map(String)),
        greys,
      ),
      heat(
        victim,
        1,
        victim.map((row) => row.map(String)),
        greys,
      ),
      heat(
        difference,
        2,
        difference.map((row) => row.map(signed)),
        { colorscale: palette.diverging, zmin: -2 * largest, zmax: 2 * largest },
      ),
    ],
    layout: {
      ...baseLayout({ title, height: 330 }),
      ...panels({
        columns: 3,
        gapX: 0.04,
        panels: HEADINGS.map((heading) => ({
          title: heading,
          x: { visible: false },
          y: { visible: false, autorange: 'reversed' },
        })),
      }),
      margin: { t: 84, r: 24, b: 16, l: 24 },
    },
  };
}
