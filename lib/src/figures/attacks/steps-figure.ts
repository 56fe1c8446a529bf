import { animate, axis, chart, marks, round, seriesColor, type Figure } from '../chart';
import { percent } from '../chart/words';
import type { AttackedPhoto } from './comparison-figure';
import { magnification, magnifyChange, pictureUrl } from '../../pictures/picture';
import { picturePanel, type AnswersOptions } from './picture-panel';

/** A slider over an attack's steps: the photo, what was added, magnified, and the probabilities as bars. */
export async function stepsFigure({ name, example }: AttackedPhoto, options: AnswersOptions): Promise<Figure> {
  const { classes, size } = options;
  const { steps, pictures, answers } = example;
  const largest = steps.at(-1)!.linf;
  const factor = magnification(largest);
  const states = await Promise.all(
    pictures.map(async (picture, i) => ({
      label: String(steps[i]!.step),
      data: [
        { source: await pictureUrl(picture, size) },
        { source: await pictureUrl(magnifyChange(pictures[0]!, picture, factor), size) },
        { y: round(answers[i]!.map((p) => 100 * p)), text: answers[i]!.map(percent) },
      ],
    })),
  );
  const told = steps.map(({ step, label, probability }) => `after ${step} ${label} ${percent(probability)}`);
  const tickvals = [0, 25, 50, 75, 100];
  const figure = chart(options, {
    says: `${name}, step by step: ${told.join(', ')}; no value changed by more than ${(255 * largest).toFixed(2)}/255.`,
    marks: [
      marks.picture(undefined, 0),
      marks.picture(undefined, 1),
      marks.bars({ panel: 2, x: classes, labels: [], color: classes.map((_, k) => seriesColor(k)) }),
    ],
    height: 360,
    margin: { t: 84, b: 40, l: 24 },
    grid: {
      columns: 3,
      gapX: 0.1,
      widths: [1, 1, 0.9],
      panels: [
        picturePanel(0, name),
        picturePanel(1, `what was added<br>${factor} times larger`),
        {
          title: 'the answer',
          x: axis({ title: '' }),
          y: axis({ title: 'probability', unit: '%', range: [0, 112], extra: { tickvals } }),
        },
      ],
    },
  });
  return animate(figure, states, { prefix: 'step ', duration: 700 });
}
