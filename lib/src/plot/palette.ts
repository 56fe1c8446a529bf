/**
 * The same colour for the same thing in every figure. From Okabe and Ito's palette, which the common forms of colour
 * blindness keep apart (https://jfly.uni-koeln.de/color/), darkened where white paper asks for more contrast.
 */
export const palette = {
  /** What was measured: points, photos, given vectors. */
  data: '#6b7280',
  /** What descent moves: the fitted line, the vectors, the pixels. */
  model: '#0072b2',
  /** The best that there is: the exact fit, the proven angle. */
  optimum: '#007a5a',
  /** Where a run began. */
  start: '#b05c00',
  /** What went wrong, or is to be noticed. */
  warning: '#c1121f',
  /** Grids, guides, what is no longer current. */
  muted: '#9ca3af',
  text: '#1f2937',
  paper: '#ffffff',
  grid: '#e5e7eb',
  /** For several runs of equal rank, in this order. */
  series: ['#0072b2', '#d55e00', '#007a5a', '#a8487f', '#8a6d00', '#2f8fc4', '#5b3a8c', '#4b5563'],
  /** From little to much. */
  sequential: 'Viridis',
  /** From negative to positive, white at zero. */
  diverging: [[0, '#0072b2'], [0.5, '#ffffff'], [1, '#d55e00']],
} satisfies Record<string, string | string[] | [number, string][]>;

/** The colour of the i-th run; after the last the first comes again. */
export function seriesColor(i: number): string {
  return palette.series[i % palette.series.length]!;
}

/** A colour `#rrggbb` made see-through; opacity from 0 to 1. */
export function translucent(color: string, opacity: number): string {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
