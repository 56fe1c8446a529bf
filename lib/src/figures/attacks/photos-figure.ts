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
  const verdicts = photos.map(({ probabilities }) => verdict(probabilities, classes));
  const counts = classes.map((label) => `${verdicts.filter((answer) => answer.label === label).length} “${label}”`);
  return chart(options, {
    finding: `Of ${photos.length} pictures the network calls ${counts.join(' and ')}`,
    says:
      `${photos.length} pictures and the network's answers: ` +
      `${photos.map(({ name }, i) => `${name}: ${verdicts[i]!.text}`).join('; ')}.`,
    marks: [
      ...sources.map(marks.picture),
      ...photos.map(({ probabilities }, i) =>
        marks.bars({
          panel: photos.length + i,
          lying: true,
          x: probabilities.map((p) => 100 * p),
          y: classes,
          labels: probabilities.map((p) => `${Math.round(100 * p)} %`),
          color: classes.map((_, k) => seriesColor(k)),
          hover: '%{y} %{x:.1f} %',
        }),
      ),
    ],
    height: 320,
    margin: { t: 96, b: 20, l: 50 },
    grid: {
      columns: photos.length,
      gapX: 0.03,
      gapY: 0.06,
      heights: [0.7, 0.3],
      panels: [
        ...photos.map(({ name }, i) => picturePanel(i, `${name}<br><b>${verdicts[i]!.text}</b>`)),
        // the bars' ends say the numbers, so that there is no axis to read them off
        ...photos.map((_, i) => ({
          x: { visible: false, range: [0, 170] },
          y: axis({ title: '', extra: { showticklabels: i === 0, autorange: 'reversed', ticks: '', showgrid: false } }),
        })),
      ],
    },
  });
}
