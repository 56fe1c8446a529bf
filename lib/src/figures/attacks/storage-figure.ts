import { axis, baseLayout, palette, round, type Figure } from '../chart';

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

/** Victims saved in different formats and read back: a heat map of the probability of the photo's own class. */
export function storageFigure({
  name,
  title,
  formats,
  victims,
}: {
  name: string;
  title: string;
  formats: readonly string[];
  victims: readonly StoredVictim[];
}): Figure {
  const turned = victims.filter((victim) => victim.turned);
  const surviving = formats.map((_, i) => turned.filter(({ fools }) => fools[i]).length);
  const columns = formats.map(
    (format, i) => `${format.replace(' ', '<br>')}<br><b>${surviving[i]} of ${turned.length}</b>`,
  );
  const fate = (victim: StoredVictim, i: number): string =>
    victim.turned ? (victim.fools[i] ? 'fooled' : 'undone') : 'not turned';
  return {
    name,
    description:
      `Of ${victims.length} photos the attack turned ${turned.length}. So many of them still fool the network ` +
      `after being saved: ${formats.map((format, i) => `${format} ${surviving[i]}`).join(', ')}.`,
    data: [
      {
        type: 'heatmap',
        x: columns,
        y: victims.map(({ photo }) => photo),
        z: victims.map(({ own }) => round([...own])),
        text: victims.map((victim) =>
          victim.own.map((p, i) => `${fate(victim, i)}<br>${victim.label} ${Math.round(100 * p)} %`),
        ),
        texttemplate: '%{text}',
        colorscale: palette.diverging,
        reversescale: true,
        zmin: -0.4,
        zmax: 1.4,
        xgap: 2,
        ygap: 2,
        showscale: false,
        hoverinfo: 'none',
      },
    ],
    layout: {
      ...baseLayout({ title, height: 165 + 60 * victims.length }),
      xaxis: axis({
        title: 'saved as, and how many of the turned still fool',
        extra: { type: 'category', showgrid: false, tickangle: 0, tickfont: { size: 11 } },
      }),
      yaxis: axis({ title: '', extra: { type: 'category', autorange: 'reversed', showgrid: false } }),
    },
  };
}
