import { chart, marks, type Figure } from '../chart';
import { percent } from '../chart/words';
import { magnification, magnifyChange, pictureUrl } from '../../pictures/picture';
import type { AttackedPhoto } from './comparison-figure';
import { BARE, picturePanel, type PicturesOptions } from './picture-panel';

/** How `stripFigure` draws. */
export interface StripOptions extends PicturesOptions {
  /** What stands above each picture. Default: how many steps were made. */
  captions?: readonly string[];
}

/**
 * A photo after each step of an attack, side by side, with the network's answers above; below each the change so far,
 * magnified, where grey is none.
 */
export async function stripFigure({ name, example }: AttackedPhoto, options: StripOptions): Promise<Figure> {
  const { pictures, steps } = example;
  const { size, captions = steps.map(({ step }) => (step === 0 ? 'the photo' : `step ${step}`)) } = options;
  const largest = Math.max(...steps.map(({ linf }) => linf));
  const factor = magnification(largest);
  const [photo, ...after] = pictures as [Float32Array, ...Float32Array[]];
  const changes = after.map((picture) => magnifyChange(photo, picture, factor));
  const sources = await Promise.all([...pictures, ...changes].map((picture) => pictureUrl(picture, size)));
  const columns = pictures.length;
  const answers = steps.map(({ label, probability }) => `${label} ${percent(probability)}`);
  const turn = steps.findIndex(({ label }) => label !== example.label);
  const told = captions.map((caption, i) => `${caption} ${answers[i]}`).join(', ');
  return chart(options, {
    finding:
      `${name}: ${answers[0]}, after ${columns - 1} steps ${answers.at(-1)}` +
      (turn < 0 ? '' : `. The answer turns at step ${turn}`),
    says:
      `${name} and the network's answers: ${told}. Below, what was changed, ${factor} times larger: at most ` +
      `${(255 * largest).toFixed(2)}/255.`,
    // nothing is changed yet below the first picture
    marks: sources.map((source, i) => marks.picture(source, i < columns ? i : i + 1)),
    height: 470,
    margin: { ...BARE, t: 100 },
    grid: {
      columns,
      gapX: 0.02,
      gapY: 0.09,
      panels: [
        ...captions.map((caption, i) => picturePanel(i, `${caption}<br><b>${answers[i]}</b>`)),
        null,
        ...changes.map((_, i) => picturePanel(columns + 1 + i, i === 0 ? `change × ${factor}` : `× ${factor}`)),
      ],
    },
  });
}
