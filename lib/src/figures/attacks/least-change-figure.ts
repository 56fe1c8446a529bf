import { axis, chart, marks, palette, type Figure, type FigureOptions, type JsonObject } from '../chart';
import { percent } from '../chart/words';

/** How long the least change is that has success, on the scale of pixels from 0 to 1. */
export interface LeastChange {
  /** The photo's name. */
  photo: string;
  /** The L2 length of DeepFool's change. */
  least: number;
  /** The L2 length of the article's steps. */
  article: number;
  /** The L2 length of random noise whose largest change is that of the article's. */
  noiseLength: number;
  /** The probability of the photo's own class, untouched. */
  before: number;
  /** The probability of its own class under that noise. */
  noise: number;
}

/** How `leastChangeFigure` draws. */
export interface LeastChangeOptions extends FigureOptions {
  /** How many steps the article's attack made. */
  steps: number;
}

/** The least change that has success on each photo, the article's and random noise, how long each is, and what the noise does. */
export function leastChangeFigure(changes: readonly LeastChange[], options: LeastChangeOptions): Figure {
  type Quantity = Exclude<keyof LeastChange, 'photo'>;
  const photos = changes.map(({ photo }) => photo);
  const bars = (name: string, quantity: Quantity, color: string, panel: number, legend?: boolean): JsonObject => {
    const values = changes.map((change) => change[quantity]);
    return marks.bars({
      name,
      panel,
      legend,
      color,
      lying: true,
      x: values.map((value) => (panel === 0 ? value : 100 * value)),
      y: photos,
      labels: values.map((value) => (panel === 0 ? value.toFixed(2) : percent(value))),
    });
  };
  const longest = Math.max(...changes.flatMap(({ article, noiseLength }) => [article, noiseLength]));
  const noise = palette.series[3]!;
  const names = { autorange: 'reversed', ticks: '' };
  const tickvals = [0, 25, 50, 75, 100];
  const told = changes.map(
    (change) =>
      `${change.photo} ${change.least.toFixed(2)}, the article's ${change.article.toFixed(2)}, noise ` +
      `${change.noiseLength.toFixed(2)} long leaves its class at ${percent(change.noise)}`,
  );
  return chart(options, {
    says: `The least change that has success on each photo (L2): ${told.join('; ')}.`,
    marks: [
      bars('least change (DeepFool)', 'least', palette.optimum, 0),
      bars(`the article's ${options.steps} steps`, 'article', palette.model, 0),
      bars('random noise', 'noiseLength', noise, 0),
      bars('untouched', 'before', palette.data, 1),
      bars('random noise', 'noise', noise, 1, false),
    ],
    height: 170 + 72 * changes.length,
    legend: true,
    grid: {
      columns: 2,
      gapX: 0.1,
      panels: [
        {
          x: axis({ title: 'length of the change (L2)', range: [0, 1.2 * longest] }),
          y: axis({ title: '', extra: names }),
        },
        {
          x: axis({ title: 'probability of its own class', unit: '%', range: [0, 125], extra: { tickvals } }),
          y: axis({ title: '', extra: { ...names, showticklabels: false } }),
        },
      ],
    },
    extra: { barmode: 'group' },
  });
}
