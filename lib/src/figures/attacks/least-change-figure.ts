import { axis, chart, marks, palette, type Figure, type FindingOptions, type JsonObject } from '../chart';
import { percent } from '../chart/words';
import type { AdversarialExample } from '../../attacks';

/** What three ways to change the same photos made of them. Each list runs parallel to `names`. */
export interface LeastChanges {
  /** The photos' names. */
  names: readonly string[];
  /** The least change with success, as DeepFool finds it. */
  least: readonly AdversarialExample[];
  /** The article's steps. */
  article: readonly AdversarialExample[];
  /** Random noise, to compare them with. */
  noise: readonly AdversarialExample[];
}

const lengthOf = ({ steps }: AdversarialExample): number => steps.at(-1)!.l2;

/** The probability of the class that the network answered to the untouched photo: then, and in the end. */
function ownClass({ answers }: AdversarialExample): [before: number, after: number] {
  const [first, last] = [answers[0]!, answers.at(-1)!];
  const own = first.indexOf(Math.max(...first));
  return [first[own]!, last[own]!];
}

/** The least change that has success on each photo, the article's and random noise: how long each is, and what the noise does. */
export function leastChangeFigure({ names, least, article, noise }: LeastChanges, options: FindingOptions): Figure {
  const [lengths, steps, noises] = [least, article, noise].map((examples) => examples.map(lengthOf)) as [
    number[],
    number[],
    number[],
  ];
  const own = noise.map(ownClass);
  const bars = (name: string, values: number[], color: string, panel: number, legend?: boolean): JsonObject =>
    marks.bars({
      name,
      panel,
      legend,
      color,
      lying: true,
      x: values.map((value) => (panel === 0 ? value : 100 * value)),
      y: names,
      labels: values.map((value) => (panel === 0 ? value.toFixed(2) : percent(value))),
      extra: { textfont: { size: 11 } },
    });
  const longest = Math.max(...lengths, ...steps, ...noises);
  const ratios = noises.map((length, i) => length / lengths[i]!);
  const times = (ratio: number): string => (ratio < 10 ? ratio.toFixed(1) : ratio.toFixed(0));
  const grey = palette.data; // noise is grey in all figures of attacks
  const rows = { autorange: 'reversed', ticks: '' };
  const tickvals = [0, 25, 50, 75, 100];
  const told = names.map(
    (name, i) =>
      `${name} ${lengths[i]!.toFixed(2)}, the article's ${steps[i]!.toFixed(2)}, noise ` +
      `${noises[i]!.toFixed(2)} long leaves its class at ${percent(own[i]![1])}`,
  );
  return chart(options, {
    finding:
      `Noise ${times(Math.min(...ratios))} to ${times(Math.max(...ratios))} times as long as the least change turns ` +
      `${noise.filter(({ success }) => success).length || 'none'} of ${names.length} photos`,
    says: `The least change that has success on each photo (L2): ${told.join('; ')}.`,
    marks: [
      bars('least change (DeepFool)', lengths, palette.optimum, 0),
      bars(`the article's ${article[0]!.steps.length - 1} steps`, steps, palette.model, 0),
      bars('random noise', noises, grey, 0),
      bars(
        'untouched',
        own.map(([before]) => before),
        palette.start,
        1,
      ),
      bars(
        'random noise',
        own.map(([, after]) => after),
        grey,
        1,
        false,
      ),
    ],
    height: 170 + 72 * names.length,
    legend: true,
    grid: {
      columns: 2,
      gapX: 0.2,
      panels: [
        {
          x: axis({ title: 'length of the change (L2)', range: [0, 1.2 * longest] }),
          y: axis({ title: '', extra: rows }),
        },
        {
          x: axis({
            title: 'probability of its own class,<br>untouched and with noise',
            unit: '%',
            range: [0, 125],
            extra: { tickvals },
          }),
          y: axis({ title: '', extra: rows }),
        },
      ],
    },
    extra: { barmode: 'group' },
  });
}
