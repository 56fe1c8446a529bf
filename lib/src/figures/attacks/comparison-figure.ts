import { chart, marks, type Figure } from '../chart';
import { percent } from '../chart/words';
import type { AttackStep, AdversarialExample } from '../../attacks';
import { magnification, magnifyChange, pictureUrl } from '../../pictures/picture';
import { BARE, picturePanel, type PicturesOptions } from './picture-panel';

/**
 * A photo's name and what an attack made of it. A figure shows its pictures in 8 bits, and its answers as they are:
 * where the steps are not whole 255ths, `asSaved` makes the last one agree.
 */
export interface AttackedPhoto {
  /** What stands above it. */
  name: string;
  /** What `attack` returned for it. */
  example: AdversarialExample;
}

/** Original, adversarial example, and the difference magnified, side by side; one row for each photo. */
export async function comparisonFigure(photos: readonly AttackedPhoto[], options: PicturesOptions): Promise<Figure> {
  const answer = ({ label, probability }: AttackStep): string => `${label} ${percent(probability)}`;
  const rows = photos.map(({ name, example: { pictures, steps } }) => {
    const [original, changed] = [pictures[0]!, pictures.at(-1)!];
    const [before, after] = [steps[0]!, steps.at(-1)!];
    const factor = magnification(after.linf);
    const made = `${after.step} step${after.step === 1 ? '' : 's'}`;
    return {
      cells: [
        { pixels: original, caption: `${short(name)}<br><b>${answer(before)}</b>` },
        { pixels: changed, caption: `after ${made}<br><b>${answer(after)}</b>` },
        { pixels: magnifyChange(original, changed, factor), caption: `the difference<br>${factor} times larger` },
      ],
      turns: `${name}: ${answer(before)} becomes ${answer(after)}`,
      says:
        `${name}: ${answer(before)} becomes ${answer(after)}, no value changed by more than ` +
        `${(255 * after.linf).toFixed(2)}/255, PSNR ${after.psnr.toFixed(1)} dB`,
    };
  });
  const cells = rows.flatMap(({ cells }) => cells);
  const sources = await Promise.all(cells.map(({ pixels }) => pictureUrl(pixels, options.size)));
  return chart(options, {
    finding: rows.map(({ turns }) => turns).join('. '),
    says: `Original, example and magnified difference. ${rows.map(({ says }) => says).join('. ')}.`,
    marks: sources.map(marks.picture),
    height: 96 + 245 * photos.length,
    margin: BARE,
    headings: 2,
    grid: { columns: 3, gapX: 0.03, gapY: 0.1, panels: cells.map(({ caption }, i) => picturePanel(i, caption)) },
  });
}

/** A name that does not reach the next picture. */
const short = (name: string): string => (name.length > 22 ? `${name.slice(0, 10)} … ${name.slice(-9)}` : name);
