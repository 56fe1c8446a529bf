import { chart, marks, palette } from '../chart';
import { OPTIMUM_LINE } from '../chart/palette';
import { roundNumber } from '../chart/round';
import type { Figure, FindingOptions, JsonObject } from '../chart';

/** A length to compare the others with, as a line across. */
export interface Mark {
  /** What it is, before the length. */
  label: string;
  /** In L2, as the others. */
  length: number;
}

/** How `leastChangeHistogram` draws. */
export interface HistogramOptions extends FindingOptions {
  /** What to compare them with, beside their median. */
  marks?: readonly Mark[];
  /** How many bars; the last one takes in all that are longer than the 99th percentile. Default 40. */
  bins?: number;
}

/** A histogram of the least changes that had success on many photos, in L2, pixels from 0 to 1. */
export function leastChangeHistogram(lengths: readonly number[], options: HistogramOptions): Figure {
  const { marks: compared = [], bins = 40 } = options;
  const sorted = [...lengths].sort((a, b) => a - b);
  const quantile = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  const [tenth, half, most] = [0.1, 0.5, 0.9].map((part) => roundNumber(quantile(part), 3));
  const width = quantile(0.99) / bins;
  const counts = Array.from({ length: bins }, () => 0);
  for (const length of lengths) counts[Math.min(bins - 1, Math.floor(length / width))]! += 1;
  const lines = [
    { label: 'median', length: quantile(0.5), color: palette.optimum },
    ...compared.map((mark) => ({ ...mark, color: palette.warning })),
  ];
  const longest = 1.06 * Math.max(quantile(0.99), ...lines.map(({ length }) => length));
  /** A label goes where there is room: right of its line, but left of one in the right half. */
  const side = (length: number): JsonObject =>
    length > longest / 2 ? { xanchor: 'right', xshift: -5 } : { xanchor: 'left', xshift: 5 };
  const nearest = compared[0];
  const within = nearest && lengths.filter((length) => length < nearest.length).length / lengths.length;
  return chart(options, {
    finding:
      within === undefined
        ? `Half of ${lengths.length} photos need a change of less than ${half}`
        : `${Math.round(100 * within)} % of ${lengths.length} photos need less than ${nearest!.label}`,
    says:
      `The least change (L2) that has success on each of ${lengths.length} photos: half need less than ` +
      `${half}, one in ten less than ${tenth}, one in ten more than ${most}.` +
      compared.map(({ label, length }) => ` For comparison, ${label}: ${roundNumber(length, 3)}.`).join(''),
    marks: [
      marks.bars({
        x: counts.map((_, i) => (i + 0.5) * width),
        y: counts,
        hover: '%{y} photos at about %{x:.2f}',
        extra: { width: roundNumber(width * 0.92) },
      }),
    ],
    x: { title: 'length of the least change (L2, pixels from 0 to 1; the last bar: or more)', range: [0, longest] },
    y: { title: 'photos', range: [0, 1.34 * Math.max(...counts)] },
    extra: {
      shapes: lines.map(({ length, color }) => marks.guide({ x: roundNumber(length) }, { ...OPTIMUM_LINE, color })),
      annotations: lines.map(({ label, length, color }, i) => {
        const place = { xref: 'x', x: roundNumber(length), yref: 'paper', y: 1 - 0.07 * i, yanchor: 'top' };
        const text = `${label}: ${roundNumber(length, 2)}`;
        return marks.note(text, { ...side(length), ...place, bgcolor: palette.paper }, color);
      }),
    },
  });
}
