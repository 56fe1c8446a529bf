import {
  animate,
  axis,
  baseLayout,
  panelAxes,
  panels,
  round,
  seriesColor,
  type Figure,
  type JsonObject,
} from '../chart';
import type { ClassifiedPhoto } from './photos-figure';
import { pictureUrl, type PictureSize } from '../../pictures/picture';
import { picturePanel, pictureTrace, verdict } from './picture-panel';

/** What `confidenceFigure` draws. */
export interface ConfidenceOptions {
  /** The figure's name. */
  name: string;
  /** The finding. */
  title: string;
  /** The photo's states in their order, the untouched one first. */
  states: readonly ClassifiedPhoto[];
  /** The names of the classes, in the order of the probabilities. */
  classes: readonly string[];
  /** The size of the photo. */
  size: PictureSize;
  /** What is counted on the axis, the values that are no longer the first state's: `values changed by 1/255`. */
  change: string;
}

/** A photo beside the network's confidence in each class, while more and more of its values are changed. */
export async function confidenceFigure({
  name,
  title,
  states,
  classes,
  size,
  change,
}: ConfidenceOptions): Promise<Figure> {
  const original = states[0]!.pixels;
  const shares = states.map(({ pixels }) =>
    Math.round((100 * Array.from(pixels).filter((value, i) => value !== original[i]).length) / original.length),
  );
  const verdicts = states.map(({ probabilities }) => verdict(probabilities, classes));
  const turn = verdicts.findIndex(({ label }) => label !== verdicts[0]!.label);
  const frames = await Promise.all(
    states.map(async ({ pixels }, last): Promise<JsonObject[]> => [
      { source: await pictureUrl(pixels, size) },
      ...classes.map((_, k) => ({
        x: shares.slice(0, last + 1),
        y: round(states.slice(0, last + 1).map(({ probabilities }) => 100 * probabilities[k]!)),
      })),
    ]),
  );
  const [shown, ...lines] = frames.at(-1)!;
  const figure: Figure = {
    name,
    description:
      `${states[0]!.name} and the network's confidence: ${verdicts[0]!.text} at first, ` +
      `${verdicts.at(-1)!.text} with ${shares.at(-1)} % of the ${change}` +
      (turn < 0 ? '.' : `; the answer is another one from ${shares[turn]} % on.`),
    data: [
      pictureTrace(shown!['source'] as string, 0),
      ...classes.map((label, k) => ({
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        ...panelAxes(1),
        ...lines[k],
        line: { color: seriesColor(k), width: 3 },
        marker: { size: 6 },
        hovertemplate: `${label} %{y:.1f} %<extra></extra>`,
      })),
    ],
    layout: {
      ...baseLayout({ title, height: 460, legend: true }),
      ...panels({
        columns: 2,
        gapX: 0.2,
        panels: [
          picturePanel(0, states[0]!.name),
          {
            title: 'what the network says',
            x: axis({ title: change, unit: '%', range: [-4, 104] }),
            y: axis({ title: 'probability', unit: '%', range: [-4, 104] }),
          },
        ],
      }),
      legend: { x: 0.98, xanchor: 'right', y: 0.5, yanchor: 'middle' },
      margin: { t: 84, r: 24, b: 56, l: 24 },
    },
  };
  return animate(
    figure,
    frames.map((data, i) => ({ label: `${shares[i]} %`, data })),
    { traces: [0, ...classes.map((_, k) => k + 1)], prefix: `${change}: `, duration: 700 },
  );
}
