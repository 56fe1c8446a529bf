import { baseLayout, panels, type Figure } from '../chart';
import type { AttackStep, Victim } from '../../attacks';
import { magnification, magnifyChange, pictureUrl, type Pixels, type PictureSize } from '../../pictures/picture';
import { percent, picturePanel, pictureTrace } from './picture-panel';

/**
 * A photo's name and what an attack made of it. A figure shows its pictures in 8 bits, and its answers as they are:
 * where the steps are not whole 255ths, `asSaved` makes the last one agree.
 */
export interface AttackedPhoto {
  name: string;
  victim: Victim;
}

/** Original, victim, and the difference magnified, side by side; one row for each photo. */
export async function comparisonFigure({
  name,
  title,
  photos,
  size,
}: {
  name: string;
  title: string;
  photos: readonly AttackedPhoto[];
  size: PictureSize;
}): Promise<Figure> {
  const cells = (
    await Promise.all(
      photos.map(async ({ name: photo, victim: { pictures, steps } }) => {
        const [original, changed] = [pictures[0]!, pictures.at(-1)!];
        const [before, after] = [steps[0]!, steps.at(-1)!];
        const factor = magnification(after.linf);
        const difference = magnifyChange(original, changed, factor);
        const made = `${after.step} step${after.step === 1 ? '' : 's'}`;
        const answer = ({ label, probability }: AttackStep): string => `<b>${label} ${percent(probability)}</b>`;
        return [
          { source: await pictureUrl(original, size), text: `${photo}<br>${answer(before)}` },
          { source: await pictureUrl(changed, size), text: `after ${made}<br>${answer(after)}` },
          { source: await pictureUrl(difference, size), text: `the difference<br>${factor} times larger` },
        ];
      }),
    )
  ).flat();
  const told = photos.map(({ name: photo, victim: { steps } }) => {
    const [before, after] = [steps[0]!, steps.at(-1)!];
    return (
      `${photo}: ${before.label} ${percent(before.probability)} becomes ${after.label} ` +
      `${percent(after.probability)}, no value changed by more than ${(255 * after.linf).toFixed(2)}/255, PSNR ` +
      `${after.psnr.toFixed(1)} dB`
    );
  });
  return {
    name,
    description: `Original, victim and magnified difference. ${told.join('. ')}.`,
    data: cells.map(({ source }, i) => pictureTrace(source, i)),
    layout: {
      ...baseLayout({ title, height: 96 + 245 * photos.length }),
      ...panels({ columns: 3, gapX: 0.03, gapY: 0.1, panels: cells.map(({ text }, i) => picturePanel(i, text)) }),
      margin: { t: 84, r: 24, b: 16, l: 24 },
    },
  };
}

/** A picture with the words above it. */
export interface CaptionedPicture {
  caption: string;
  pixels: Pixels;
}

/** Pictures of one size side by side: a photo, its gradient, the gradient's sign. */
export async function picturesFigure({
  name,
  title,
  pictures,
  size,
}: {
  name: string;
  title: string;
  pictures: readonly CaptionedPicture[];
  size: PictureSize;
}): Promise<Figure> {
  const sources = await Promise.all(pictures.map(({ pixels }) => pictureUrl(pixels, size)));
  return {
    name,
    description: `${title}. Side by side: ${pictures.map(({ caption }) => caption).join('; ')}.`,
    data: sources.map(pictureTrace),
    layout: {
      ...baseLayout({ title, height: 320 }),
      ...panels({
        columns: pictures.length,
        gapX: 0.03,
        panels: pictures.map(({ caption }, i) => picturePanel(i, caption)),
      }),
      margin: { t: 84, r: 24, b: 16, l: 24 },
    },
  };
}
