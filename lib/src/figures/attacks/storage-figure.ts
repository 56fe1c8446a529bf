import { chart, marks, palette, type Figure, type FindingOptions } from '../chart';
import type { StoredExample } from '../../attacks';
import { formatName, type PictureFormat } from '../../pictures';

/** A photo, and how what an attack made of it fares in files. */
export interface StoredPhoto extends StoredExample {
  /** The photo's name. */
  name: string;
}

/** How `storageFigure` draws. */
export interface StorageOptions extends FindingOptions {
  /** The formats, in the order of each adversarial example's values. */
  formats: readonly PictureFormat[];
}

/** Adversarial examples saved in different formats and read back: a heat map of the probability of the photo's own class. */
export function storageFigure(examples: readonly StoredPhoto[], options: StorageOptions): Figure {
  const formats = options.formats.map(formatName);
  const successes = examples.filter(({ success }) => success);
  const surviving = formats.map((_, i) => successes.filter(({ survives }) => survives[i]).length);
  const bare = { type: 'category', showgrid: false };
  return chart(options, {
    finding: `Saved as ${formats.at(-1)}, ${surviving.at(-1)} of the ${successes.length} successes still fool the network`,
    says:
      `The attack had success on ${successes.length} of ${examples.length} photos. So many of them survive ` +
      `being saved: ${formats.map((format, i) => `${format} ${surviving[i]}`).join(', ')}.`,
    marks: [
      marks.cells({
        x: formats.map((format, i) => `${format.replace(' ', '<br>')}<br><b>${surviving[i]}</b>`),
        y: examples.map(({ name, success }) => (success ? name : `${name}<br>(not turned)`)),
        z: examples.map(({ own }) => own),
        labels: examples.map(({ own }) => own.map((p) => String(Math.round(100 * p)))),
        colors: palette.diverging,
        reverse: true,
        range: [-0.4, 1.4], // paler than its ends, so that every word can be read
        gap: 2,
      }),
    ],
    height: 200 + 46 * examples.length,
    headings: 2,
    x: {
      title: `saved as, and how many of ${successes.length} successes survive`,
      extra: { ...bare, tickangle: 0, tickfont: { size: 11 } },
    },
    y: { title: '', extra: { ...bare, autorange: 'reversed' } },
    extra: {
      annotations: [
        marks.note('probability of the photo’s own class (%);<br>orange: the network is fooled', {
          xref: 'paper',
          x: 0,
          xanchor: 'left',
          yref: 'paper',
          y: 1,
          yanchor: 'bottom',
          align: 'left',
        }),
      ],
    },
  });
}
