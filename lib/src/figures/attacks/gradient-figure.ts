import { chart, marks, palette, type Figure, type JsonObject } from '../chart';
import { share } from '../chart/words';
import { pictureUrl, type PictureSize, type Pixels } from '../../pictures/picture';
import { BARE, picturePanel, type PicturesOptions } from './picture-panel';

/** A photo and the gradient of a loss with respect to its values. */
export interface PhotoGradient {
  /** Its values, row by row, 0 to 1. */
  pixels: Pixels;
  /** The loss's derivative by each of them. */
  gradient: Pixels;
}

/** How `gradientFigure` draws. */
export interface GradientOptions extends PicturesOptions {
  /** What the loss is called: `the cat's lead`. */
  loss: string;
}

/** The gradient of each pixel, added up over its colours, row by row. */
const byPixel = (gradient: Pixels, { height, width, channels }: PictureSize): number[][] =>
  Array.from({ length: height }, (_, row) =>
    Array.from({ length: width }, (_, column) => {
      const pixel = (row * width + column) * channels;
      return Array.from({ length: channels }, (_, k) => gradient[pixel + k]!).reduce((a, b) => a + b);
    }),
  );

/** The numbers in hundredths of what 49 of 50 of their sizes stay below: whole ones, since so many take room. */
function inHundredths(rows: readonly number[][]): number[][] {
  const sizes = rows.flat().map(Math.abs).sort((a, b) => a - b); // prettier-ignore
  const scale = sizes[Math.floor(0.98 * (sizes.length - 1))] || 1;
  return rows.map((row) => row.map((value) => Math.round((100 * value) / scale)));
}

/** A photo, which way each pixel's brightness moves the loss and how much, and which way alone. */
export async function gradientFigure(photo: PhotoGradient, options: GradientOptions): Promise<Figure> {
  const { loss, size } = options;
  const gradient = Array.from(photo.gradient);
  const rising = gradient.filter((value) => value > 0).length / gradient.length;
  const falling = gradient.filter((value) => value < 0).length / gradient.length;
  const sums = byPixel(gradient, size);
  const map = (z: number[][], panel: number): JsonObject =>
    marks.cells({ z, panel, colors: palette.diverging, range: [-100, 100] });
  return chart(options, {
    finding: `Brighter values raise ${loss} at ${share(rising)} of the places and lower it at ${share(falling)}`,
    says:
      `A photo, the gradient of ${loss} added up over each pixel's colours, and its sign. Of the ` +
      `${gradient.length} values ${share(rising)} raise it when they become brighter, ${share(falling)} lower it.`,
    marks: [
      marks.picture(await pictureUrl(photo.pixels, size), 0),
      map(inHundredths(sums), 1),
      map(
        sums.map((row) => row.map((sum) => 100 * Math.sign(sum))),
        2,
      ),
    ],
    height: 400,
    margin: BARE,
    headings: 3,
    grid: {
      columns: 3,
      gapX: 0.03,
      panels: [
        picturePanel(0, 'the photo'),
        picturePanel(1, 'a brighter pixel<br><b>raises</b> the lead: orange<br><b>lowers</b> it: blue'),
        picturePanel(2, 'the same,<br>only which way:<br>the sign'),
      ],
    },
  });
}
