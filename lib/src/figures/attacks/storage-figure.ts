import { chart, marks, palette, type Figure, type FigureOptions } from '../chart';

/** How an adversarial example fares in a file: the probability of the photo's own class, for each format. */
export interface StoredExample {
  /** The photo's name. */
  photo: string;
  /** The class that the photo shows. */
  label: string;
  /** Whether the attack had success, before it was saved: else there is nothing to survive. */
  success: boolean;
  /** Parallel to the formats: the probability of that class. */
  own: readonly number[];
  /** Parallel to the formats: whether the answer is still another one. */
  survives: readonly boolean[];
}

/** How `storageFigure` draws. */
export interface StorageOptions extends FigureOptions {
  /** The formats, in the order of each adversarial example's values. */
  formats: readonly string[];
}

/** Adversarial examples saved in different formats and read back: a heat map of the probability of the photo's own class. */
export function storageFigure(examples: readonly StoredExample[], options: StorageOptions): Figure {
  const { formats } = options;
  const successes = examples.filter(({ success }) => success);
  const surviving = formats.map((_, i) => successes.filter(({ survives }) => survives[i]).length);
  const fate = (example: StoredExample, i: number): string =>
    example.success ? (example.survives[i] ? 'survives' : 'undone') : 'no success';
  const bare = { type: 'category', showgrid: false };
  return chart(options, {
    says:
      `The attack had success on ${successes.length} of ${examples.length} photos. So many of them survive ` +
      `being saved: ${formats.map((format, i) => `${format} ${surviving[i]}`).join(', ')}.`,
    marks: [
      marks.cells({
        x: formats.map(
          (format, i) => `${format.replace(' ', '<br>')}<br><b>${surviving[i]} of ${successes.length}</b>`,
        ),
        y: examples.map(({ photo }) => photo),
        z: examples.map(({ own }) => own),
        labels: examples.map((example) =>
          example.own.map((p, i) => `${fate(example, i)}<br>${example.label} ${Math.round(100 * p)} %`),
        ),
        colors: palette.diverging,
        reverse: true,
        range: [-0.4, 1.4], // paler than its ends, so that every word can be read
        gap: 2,
      }),
    ],
    height: 165 + 60 * examples.length,
    x: { title: 'saved as, and how many successes survive', extra: { ...bare, tickangle: 0, tickfont: { size: 11 } } },
    y: { title: '', extra: { ...bare, autorange: 'reversed' } },
  });
}
