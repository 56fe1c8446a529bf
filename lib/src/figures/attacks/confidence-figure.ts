import { animate, axis, chart, marks, round, seriesColor, type Figure } from '../chart';
import type { ClassifiedPhoto } from './photos-figure';
import { pictureUrl } from '../../pictures/picture';
import { picturePanel, verdict, type AnswersOptions } from './picture-panel';

/** How `confidenceFigure` draws. */
export interface ConfidenceOptions extends AnswersOptions {
  /** What is counted on the axis, the values that are no longer the first state's: `values changed by 1/255`. */
  change: string;
}

/**
 * A photo beside the network's confidence in each class, while more and more of its values are changed: its states in
 * their order, the untouched one first.
 */
export async function confidenceFigure(
  states: readonly ClassifiedPhoto[],
  options: ConfidenceOptions,
): Promise<Figure> {
  const { classes, size, change } = options;
  const { name, pixels: original } = states[0]!;
  const shares = states.map(({ pixels }) =>
    Math.round((100 * Array.from(pixels).filter((value, i) => value !== original[i]).length) / original.length),
  );
  const verdicts = states.map(({ probabilities }) => verdict(probabilities, classes));
  const turn = verdicts.findIndex(({ label }) => label !== verdicts[0]!.label);
  const frames = await Promise.all(
    states.map(async ({ pixels }, last) => {
      const x = shares.slice(0, last + 1);
      const lines = classes.map((_, k) => ({ x, y: round(x.map((_, i) => 100 * states[i]!.probabilities[k]!)) }));
      return { label: `${shares[last]} %`, data: [{ source: await pictureUrl(pixels, size) }, ...lines] };
    }),
  );
  const shareAxis = { unit: '%', range: [-4, 104] } as const;
  const figure = chart(options, {
    finding:
      turn < 0
        ? `${name} stays ${verdicts[0]!.label}, with ${shares.at(-1)} % of the ${change}`
        : `${name} is ${verdicts[turn]!.label} to the network with ${shares[turn]} % of the ${change}`,
    says:
      `${name} and the network's confidence: ${verdicts[0]!.text} at first, ` +
      `${verdicts.at(-1)!.text} with ${shares.at(-1)} % of the ${change}` +
      (turn < 0 ? '.' : `; the answer is another one from ${shares[turn]} % on.`),
    marks: [
      marks.picture(undefined, 0),
      ...classes.map((label, k) =>
        marks.line({
          name: label,
          panel: 1,
          color: seriesColor(k),
          width: 3,
          marker: { size: 6 },
          hover: `${label} %{y:.1f} %<extra></extra>`,
        }),
      ),
    ],
    height: 460,
    legend: true,
    margin: { t: 84, b: 56, l: 24 },
    grid: {
      columns: 2,
      gapX: 0.2,
      panels: [
        picturePanel(0, name),
        {
          title: 'what the network says',
          x: axis({ title: change, ...shareAxis }),
          y: axis({ title: 'probability', ...shareAxis }),
        },
      ],
    },
    extra: { legend: { x: 0.98, xanchor: 'right', y: 0.5, yanchor: 'middle' } },
  });
  return animate(figure, frames, { prefix: `${change}: `, duration: 700 });
}
