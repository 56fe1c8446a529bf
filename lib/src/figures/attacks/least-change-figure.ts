import { axis, baseLayout, palette, panelAxes, panels, round, type Figure } from '../chart';

/** How long the change is that turns a photo, on the scale of pixels from 0 to 1. */
export interface LeastChange {
  /** The photo's name. */
  photo: string;
  /** The L2 length of DeepFool's change. */
  least: number;
  /** The L2 length of the article's four steps. */
  article: number;
  /** The L2 length of random noise whose largest change is that of the article's. */
  noiseLength: number;
  /** The probability of the photo's own class, untouched. */
  before: number;
  /** The probability of its own class under that noise. */
  noise: number;
}

/** The least change that turns each photo, the article's and random noise, how long each is, and what the noise does. */
export function leastChangeFigure({
  name,
  title,
  changes,
}: {
  name: string;
  title: string;
  changes: readonly LeastChange[];
}): Figure {
  const photos = changes.map(({ photo }) => photo);
  const bars = (label: string, values: number[], color: string, panel: number, text: string[]) => ({
    type: 'bar',
    name: label,
    x: round(values),
    y: photos,
    orientation: 'h',
    marker: { color },
    ...panelAxes(panel),
    text,
    textposition: 'outside',
    cliponaxis: false,
    hoverinfo: 'none',
  });
  const length = (values: number[]): string[] => values.map((value) => value.toFixed(2));
  const share = (values: number[]): string[] => values.map((value) => `${value.toFixed(1)} %`);
  const [least, article, random] = [
    changes.map((change) => change.least),
    changes.map((change) => change.article),
    changes.map((change) => change.noiseLength),
  ] as const;
  const noiseColour = palette.series[3]!;
  const [before, noise] = [changes.map((change) => 100 * change.before), changes.map((change) => 100 * change.noise)];
  return {
    name,
    description:
      'The least change that turns each photo (L2): ' +
      changes
        .map(
          (change) =>
            `${change.photo} ${change.least.toFixed(2)}, ` +
            `the article's ${change.article.toFixed(2)}, noise ${change.noiseLength.toFixed(2)} long leaves its class at ` +
            `${(100 * change.noise).toFixed(1)} %`,
        )
        .join('; ') +
      '.',
    data: [
      bars('least change (DeepFool)', least, palette.optimum, 0, length(least)),
      bars("the article's 4 steps", article, palette.model, 0, length(article)),
      bars('random noise', random, noiseColour, 0, length(random)),
      bars('untouched', before, palette.data, 1, share(before)),
      { ...bars('random noise', noise, noiseColour, 1, share(noise)), showlegend: false },
    ],
    layout: {
      ...baseLayout({ title, height: 170 + 72 * changes.length, legend: true }),
      ...panels({
        columns: 2,
        gapX: 0.1,
        panels: [
          {
            x: axis({ title: 'length of the change (L2)', range: [0, 1.2 * Math.max(...article, ...random)] }),
            y: axis({ title: '', extra: { autorange: 'reversed', ticks: '' } }),
          },
          {
            x: axis({
              title: 'probability of its own class',
              unit: '%',
              range: [0, 125],
              extra: { tickvals: [0, 25, 50, 75, 100] },
            }),
            y: axis({ title: '', extra: { autorange: 'reversed', ticks: '', showticklabels: false } }),
          },
        ],
      }),
      barmode: 'group',
    },
  };
}
