import { animate, axis, baseLayout, panelAxes, panels, round, seriesColor, type Figure,
  type JsonObject } from '../../plot';
import type { AttackedPhoto } from './comparison-figure';
import { pictureUrl, type PictureSize } from './picture';
import { percent, picturePanel, pictureTrace } from './picture-panel';

/** The picture stays, as far as an eye can tell, while the network's confidence moves from one class to the other. */
export async function confidenceFigure({ name, title, photo, classes, size, stepSize }: { name: string; title: string;
  photo: AttackedPhoto; classes: readonly string[]; size: PictureSize;
  /** Of the attack, on the scale of pixels from 0 to 1. */
  stepSize: number }): Promise<Figure> {
  const { steps, answers, pictures } = photo.victim;
  const moved = round(steps.map(({ step }) => step * stepSize * 255));
  const state = async (last: number): Promise<JsonObject[]> => [
    { source: await pictureUrl(pictures[last]!, size) },
    ...classes.map((_, k) => ({ x: moved.slice(0, last + 1),
      y: round(answers.slice(0, last + 1).map((all) => 100 * all[k]!)) })),
  ];
  const states = await Promise.all(steps.map((_, i) => state(i)));
  const [shown, ...lines] = states.at(-1)!;
  const turn = steps.findIndex(({ label }) => label !== steps[0]!.label);
  const end = moved.at(-1)!;
  const figure: Figure = {
    name,
    description: `The confidence in ${photo.name} while its values change by ${moved[1]}/255 a step: from ` +
      `${steps[0]!.label} ${percent(steps[0]!.probability)} to ${steps.at(-1)!.label} ` +
      percent(steps.at(-1)!.probability) +
      (turn < 0 ? '.' : `; the answer changes at ${moved[turn]!}/255.`),
    data: [
      pictureTrace(shown!['source'] as string, 0),
      ...classes.map((label, k) => ({ type: 'scatter', mode: 'lines+markers', name: label, ...panelAxes(1), ...lines[k],
        line: { color: seriesColor(k), width: 3 }, marker: { size: 6 },
          hovertemplate: `${label} %{y:.1f} %<extra></extra>` })),
    ],
    layout: {
      ...baseLayout({ title, height: 460, legend: true }),
      ...panels({ columns: 2, gapX: 0.2, panels: [picturePanel(0, 'the picture'), { title: 'what the network says',
        x: axis({ title: 'largest change', unit: '1/255', range: [-0.04 * end, 1.04 * end] }),
        y: axis({ title: 'probability', unit: '%', range: [-4, 104] }) }] }),
      legend: { x: 0.98, xanchor: 'right', y: 0.5, yanchor: 'middle' },
      margin: { t: 84, r: 24, b: 56, l: 24 },
    },
  };
  return animate(figure, states.map((data, i) => ({ label: `${moved[i]}/255`, data })),
    { traces: [0, ...classes.map((_, k) => k + 1)], prefix: 'changed by ', duration: 300 });
}
