import { chart, marks, palette, type Figure, type FigureOptions } from '../chart';

/** How a victim fares in a file: the probability of what it was turned from, for each format. */
export interface StoredVictim {
  /** The photo's name. */
  photo: string;
  /** The class that the photo shows. */
  label: string;
  /** Whether the attack turned it, before it was saved: of one that was not there is nothing to survive. */
  turned: boolean;
  /** Parallel to the formats: the probability of that class. */
  own: readonly number[];
  /** Parallel to the formats: whether the answer is still another one. */
  fools: readonly boolean[];
}

/** How `storageFigure` draws. */
export interface StorageOptions extends FigureOptions {
  /** The formats, in the order of each victim's values. */
  formats: readonly string[];
}

/** Victims saved in different formats and read back: a heat map of the probability of the photo's own class. */
export function storageFigure(victims: readonly StoredVictim[], options: StorageOptions): Figure {
  const { formats } = options;
  const turned = victims.filter((victim) => victim.turned);
  const surviving = formats.map((_, i) => turned.filter(({ fools }) => fools[i]).length);
  const fate = (victim: StoredVictim, i: number): string =>
    victim.turned ? (victim.fools[i] ? 'fooled' : 'undone') : 'not turned';
  const bare = { type: 'category', showgrid: false };
  return chart(options, {
    says:
      `Of ${victims.length} photos the attack turned ${turned.length}. So many of them still fool the network ` +
      `after being saved: ${formats.map((format, i) => `${format} ${surviving[i]}`).join(', ')}.`,
    marks: [
      marks.cells({
        x: formats.map((format, i) => `${format.replace(' ', '<br>')}<br><b>${surviving[i]} of ${turned.length}</b>`),
        y: victims.map(({ photo }) => photo),
        z: victims.map(({ own }) => own),
        labels: victims.map((victim) =>
          victim.own.map((p, i) => `${fate(victim, i)}<br>${victim.label} ${Math.round(100 * p)} %`),
        ),
        colors: palette.diverging,
        reverse: true,
        range: [-0.4, 1.4], // paler than its ends, so that every word can be read
        gap: 2,
      }),
    ],
    height: 165 + 60 * victims.length,
    x: {
      title: 'saved as, and how many of the turned still fool',
      extra: { ...bare, tickangle: 0, tickfont: { size: 11 } },
    },
    y: { title: '', extra: { ...bare, autorange: 'reversed' } },
  });
}
