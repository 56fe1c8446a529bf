import { axis, chart, marks, seriesColor, type Figure } from '../chart';
import { pictureUrl, type Pixels } from '../../pictures/picture';
import { picturePanel, verdict, type AnswersOptions } from './picture-panel';

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
export async function photosFigure(photos: readonly ClassifiedPhoto[], options: AnswersOptions): Promise<Figure> {
  const { classes, size } = options;
  const sources = await Promise.all(photos.map(({ pixels }) => pictureUrl(pixels, size)));
  const verdicts = photos.map(({ probabilities }) => verdict(probabilities, classes).text);
  return chart(options, {
    says:
      `${photos.length} pictures and the network's answers: ` +
      `${photos.map(({ name }, i) => `${name}: ${verdicts[i]}`).join('; ')}.`,
    marks: [
      ...sources.map(marks.picture),
      ...photos.map(({ probabilities }, i) =>
        marks.bars({
          panel: photos.length + i,
          lying: true,
          x: probabilities.map((p) => 100 * p),
          y: classes,
          color: classes.map((_, k) => seriesColor(k)),
          hover: '%{y} %{x:.1f} %',
        }),
      ),
    ],
    height: 335,
    margin: { t: 96, b: 56, l: 50 },
    grid: {
      columns: photos.length,
      gapX: 0.03,
      gapY: 0.06,
      heights: [0.68, 0.32],
      panels: [
        ...photos.map(({ name }, i) => picturePanel(i, `${name}<br><b>${verdicts[i]}</b>`)),
        ...photos.map((_, i) => {
          const first = i === 0;
          // In a narrow window 100 would run into the next panel's 0.
          const ticks = { tickvals: [0, 50, 100], ticktext: ['', '50', ''] };
          return {
            x: axis({ title: 'probability', unit: '%', titled: first, range: [0, 100], extra: ticks }),
            y: axis({ title: '', extra: { showticklabels: first, autorange: 'reversed', ticks: '' } }),
          };
        }),
      ],
    },
  });
}
