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

/** A photo after each step of an attack, side by side, with the network's answers above; then the whole change, magnified. */
export async function stripFigure({ name, example }: AttackedPhoto, options: StripOptions): Promise<Figure> {
  const { pictures, steps } = example;
  const { size, captions = steps.map(({ step }) => (step === 0 ? 'the photo' : `step ${step}`)) } = options;
  const last = steps.at(-1)!;
  const factor = magnification(last.linf);
  const change = magnifyChange(pictures[0]!, pictures.at(-1)!, factor);
  const sources = await Promise.all([...pictures, change].map((picture) => pictureUrl(picture, size)));
  const answers = steps.map(({ label, probability }) => `${label} ${percent(probability)}`);
  const turn = steps.findIndex(({ label }) => label !== example.label);
  const told = captions.map((caption, i) => `${caption} ${answers[i]}`).join(', ');
  const headings = steps.map(
    ({ label, probability }, i) => `${captions[i]}<br><b>${label}</b><br><b>${percent(probability)}</b>`,
  );
  return chart(options, {
    finding:
      `${name}: ${answers[0]}, after ${steps.length - 1} steps ${answers.at(-1)}` +
      (turn < 0 ? '' : `. The answer turns at step ${turn}`),
    says:
      `${name} and the network's answers: ${told}. Beside them the whole change, ${factor} times larger: at most ` +
      `${(255 * last.linf).toFixed(2)}/255.`,
    marks: sources.map(marks.picture),
    height: 310,
    margin: BARE,
    headings: 3,
    grid: {
      columns: sources.length,
      gapX: 0.02,
      panels: [...headings, `the change,<br>${factor} times<br>larger`].map((heading, i) => picturePanel(i, heading)),
    },
  });
}
