import { axis, baseLayout, panelAxes, panels, round, seriesColor, type Figure } from '../chart';
import { pictureUrl, type Pixels, type PictureSize } from '../../pictures/picture';
import { picturePanel, pictureTrace, verdict } from './picture-panel';

/** A photo and what the network answers to it. */
export interface ClassifiedPhoto {
  /** What stands above the photo. */
  name: string;
  /** What it shows. */
  pixels: Pixels;
  /** The probabilities, in the classes' order. */
  probabilities: readonly number[];
}

/** Photos side by side, each above the probabilities that the network gives the classes. */
export async function photosFigure({
  name,
  title,
  photos,
  classes,
  size,
}: {
  name: string;
  title: string;
  photos: readonly ClassifiedPhoto[];
  classes: readonly string[];
  size: PictureSize;
}): Promise<Figure> {
  const verdicts = photos.map(({ probabilities }) => verdict(probabilities, classes).text);
  const count = photos.length;
  const colours = classes.map((_, k) => seriesColor(k));
  return {
    name,
    description:
      `${count} pictures and the network's answers: ` +
      photos.map((photo, i) => `${photo.name}: ${verdicts[i]}`).join('; ') +
      '.',
    data: [
      ...(await Promise.all(photos.map(async ({ pixels }, i) => pictureTrace(await pictureUrl(pixels, size), i)))),
      ...photos.map(({ probabilities }, i) => ({
        type: 'bar',
        orientation: 'h',
        x: round(probabilities.map((p) => 100 * p)),
        y: [...classes],
        marker: { color: colours },
        ...panelAxes(count + i),
        hovertemplate: '%{y} %{x:.1f} %<extra></extra>',
      })),
    ],
    layout: {
      ...baseLayout({ title, height: 335 }),
      ...panels({
        columns: count,
        gapX: 0.03,
        gapY: 0.06,
        heights: [0.68, 0.32],
        panels: [
          ...photos.map((photo, i) => picturePanel(i, `${photo.name}<br><b>${verdicts[i]}</b>`)),
          ...photos.map((_, i) => ({
            x: axis({
              title: i === 0 ? 'probability' : '',
              unit: i === 0 ? '%' : undefined,
              range: [0, 100],
              // In a narrow window 100 would run into the next panel's 0.
              extra: { tickvals: [0, 50, 100], ticktext: ['', '50', ''] },
            }),
            y: axis({ title: '', extra: { showticklabels: i === 0, autorange: 'reversed', ticks: '' } }),
          })),
        ],
      }),
      margin: { t: 96, r: 24, b: 56, l: 50 },
    },
  };
}
