import { chart, marks, type Figure } from '../chart';
import { pictureUrl, type Pixels } from '../../pictures/picture';
import { BARE, picturePanel, verdict, type AnswersOptions } from './picture-panel';

/** A photo and what the network answers to it. */
export interface ClassifiedPhoto {
  /** What stands above the photo. */
  name: string;
  /** What it shows. */
  pixels: Pixels;
  /** The probabilities, in the classes' order. */
  probabilities: readonly number[];
}

/** Photos side by side, each below the network's answer. */
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
    marks: sources.map(marks.picture),
    height: 300,
    margin: BARE,
    headings: 2,
    grid: {
      columns: photos.length,
      gapX: 0.03,
      panels: photos.map(({ name }, i) => picturePanel(i, `${name}<br><b>${verdicts[i]!.text}</b>`)),
    },
  });
}
