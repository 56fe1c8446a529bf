import { animate, axis, baseLayout, panelAxes, panels, round, seriesColor, type Figure } from '../chart';
import type { AttackedPhoto } from './comparison-figure';
import { magnification, magnifyChange, pictureUrl, type PictureSize } from '../../pictures/picture';
import { percent, picturePanel, pictureTrace } from './picture-panel';

/** A slider over an attack's steps: the photo, what was added, magnified, and the probabilities as bars. */
export async function stepsFigure({
  name,
  title,
  photo,
  classes,
  size,
}: {
  name: string;
  title: string;
  photo: AttackedPhoto;
  classes: readonly string[];
  size: PictureSize;
}): Promise<Figure> {
  const { steps, pictures, answers } = photo.victim;
  const factor = magnification(steps.at(-1)!.linf);
  const states = await Promise.all(
    pictures.map(
      async (picture, step) =>
        [
          { source: await pictureUrl(picture, size) },
          { source: await pictureUrl(magnifyChange(pictures[0]!, picture, factor), size) },
          { y: round(answers[step]!.map((p) => 100 * p)), text: answers[step]!.map(percent) },
        ] as const,
    ),
  );
  const [shown, added, bars] = states.at(-1)!;
  const figure: Figure = {
    name,
    description:
      `${photo.name}, step by step: ${steps
        .map(({ step, label, probability }) => `after ${step} ${label} ${percent(probability)}`)
        .join(', ')}; no value changed by more than ` + `${(255 * steps.at(-1)!.linf).toFixed(2)}/255.`,
    data: [
      pictureTrace(shown.source, 0),
      pictureTrace(added.source, 1),
      {
        type: 'bar',
        x: [...classes],
        ...bars,
        ...panelAxes(2),
        marker: { color: classes.map((_, k) => seriesColor(k)) },
        textposition: 'outside',
        cliponaxis: false,
        hoverinfo: 'none',
      },
    ],
    layout: {
      ...baseLayout({ title, height: 360 }),
      ...panels({
        columns: 3,
        gapX: 0.1,
        widths: [1, 1, 0.9],
        panels: [
          picturePanel(0, photo.name),
          picturePanel(1, `what was added<br>${factor} times larger`),
          {
            title: 'the answer',
            x: axis({ title: '' }),
            y: axis({ title: 'probability', unit: '%', range: [0, 112], extra: { tickvals: [0, 25, 50, 75, 100] } }),
          },
        ],
      }),
      margin: { t: 84, r: 24, b: 40, l: 24 },
    },
  };
  return animate(
    figure,
    states.map((data, i) => ({ label: String(steps[i]!.step), data: [...data] })),
    { traces: [0, 1, 2], prefix: 'step ', duration: 700 },
  );
}
