import { axis, baseLayout, OPTIMUM_LINE, palette, round, roundNumber, type Figure, type JsonObject } from '../chart';

/** A length to compare the others with, as a line across. */
export interface Mark {
  /** What it is, before the length. */
  label: string;
  /** In L2, as the others. */
  length: number;
}

/** What `leastChangeHistogram` draws. */
export interface HistogramOptions {
  /** The figure's name. */
  name: string;
  /** The finding. */
  title: string;
  /** The least changes in L2, pixels from 0 to 1. */
  lengths: readonly number[];
  /** What to compare them with, beside their median. */
  marks?: readonly Mark[];
  /** How many bars; the last one takes in all that are longer than the 99th percentile. Default 40. */
  bins?: number;
}

/** A histogram of how little it takes to turn each of many photos. */
export function leastChangeHistogram(options: HistogramOptions): Figure {
  const { name, title, lengths, marks = [], bins = 40 } = options;
  const sorted = [...lengths].sort((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  const width = quantile(0.99) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const length of lengths) counts[Math.min(bins - 1, Math.floor(length / width))]! += 1;
  const lines = [{ label: 'median', length: quantile(0.5) }, ...marks];
  const longest = 1.06 * Math.max(quantile(0.99), ...lines.map(({ length }) => length));
  /** A label goes where there is room: right of its line, but left of one in the right half. */
  const side = (length: number): JsonObject =>
    length > longest / 2 ? { xanchor: 'right', xshift: -5 } : { xanchor: 'left', xshift: 5 };
  return {
    name,
    description:
      `The least change (L2) that turns each of ${lengths.length} photos: half need less than ` +
      `${roundNumber(quantile(0.5), 3)}, one in ten less than ${roundNumber(quantile(0.1), 3)}, one in ten more than ` +
      `${roundNumber(quantile(0.9), 3)}.${marks
        .map(({ label, length }) => ` For comparison, ${label}: ` + `${roundNumber(length, 3)}.`)
        .join('')}`,
    data: [
      {
        type: 'bar',
        x: round(counts.map((_, i) => (i + 0.5) * width)),
        y: counts,
        width: round(width * 0.92),
        marker: { color: palette.model },
        hovertemplate: '%{y} photos at about %{x:.2f}<extra></extra>',
      },
    ],
    layout: {
      ...baseLayout({ title }),
      xaxis: axis({
        title: 'length of the least change (L2, pixels from 0 to 1; the last bar: or more)',
        range: [0, longest],
      }),
      yaxis: axis({ title: 'photos', range: [0, 1.16 * Math.max(...counts)] }),
      shapes: lines.map(({ length }, i) => ({
        type: 'line',
        xref: 'x',
        x0: roundNumber(length),
        x1: roundNumber(length),
        yref: 'paper',
        y0: 0,
        y1: 1,
        line: i === 0 ? OPTIMUM_LINE : { ...OPTIMUM_LINE, color: palette.warning },
      })),
      annotations: lines.map(({ label, length }, i) => ({
        ...side(length),
        text: `${label}: ${roundNumber(length, 2)}`,
        xref: 'x',
        x: roundNumber(length),
        yref: 'paper',
        y: 1 - 0.07 * i,
        yanchor: 'top',
        showarrow: false,
        bgcolor: palette.paper,
        font: { size: 12, color: i === 0 ? palette.optimum : palette.warning },
      })),
    },
  };
}
