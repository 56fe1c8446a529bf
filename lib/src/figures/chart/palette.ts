/**
 * The same colour for the same thing in every figure. The blue is Okabe and Ito's (https://jfly.uni-koeln.de/color/); the
 * others were searched for so that all stand out from white paper (3:1 or more, and 4.5:1 where names are written in them)
 * and stay apart for each form of colour blindness. On dark paper each has a twin: dark.ts.
 */
export const palette = {
  /** What was measured: points, photos, given vectors. */
  data: '#70747c',
  /** What descent moves: the fitted line, the vectors, the pixels. */
  model: '#0072b2',
  /** The best that there is: the exact fit, the proven angle. */
  optimum: '#0f4a22',
  /** Where a run began. Not for words, which are written in the second of the series. */
  start: '#e37410',
  /** What went wrong, or is to be noticed. */
  warning: '#c02c50',
  /** Guides and frames: nothing that has to be read. */
  muted: '#9ca3af',
  text: '#1f2937',
  /** Words and lines on a colour scale: dark on dark paper too, where the scale stays as it is. */
  onScale: '#111827',
  paper: '#ffffff',
  grid: '#e5e7eb',
  /** The body of a solid, between paper and grid. */
  shade: '#f3f4f6',
  /** For several runs of equal rank, in this order; their names are written in these. */
  series: ['#0072b2', '#c25400', '#0f4a22', '#94627a', '#717953', '#4564ff', '#2a1490', '#4a4650'],
  /** From little to much. */
  sequential: 'Viridis',
  /** From black to white: grey pixels, and a ground that coloured paths stand out from. */
  grey: 'Greys',
  /** Brightness: from dark to bright on dark paper too, and nowhere darker than words on it can be read on. */
  brightness: [
    [0, '#8e949d'],
    [1, '#fafafa'],
  ],
  /** From negative to positive, paper at zero. */
  diverging: [
    [0, '#0072b2'],
    [0.5, '#ffffff'],
    [1, '#c25400'],
  ],
} satisfies Record<string, string | string[] | [number, string][]>;

/** Around words in a plot, so that lines behind them leave them readable: CSS's `text-shadow`. */
export const HALO = Array.from({ length: 4 }, () => `0 0 2px ${palette.paper}`).join(', ');

/** The colour of the i-th run; after the last the first comes again. */
export function seriesColor(i: number): string {
  return palette.series[i % palette.series.length]!;
}

/** How the best that there is stands in every chart: a dashed line. */
export const OPTIMUM_LINE = { color: palette.optimum, dash: 'dash', width: 2 };

/** What tells apart those of one colour. */
const LOOKS = [
  { dash: 'solid', symbol: 'circle' },
  { dash: 'dot', symbol: 'square' },
  { dash: 'dash', symbol: 'diamond' },
  { dash: 'dashdot', symbol: 'cross' },
];

/** How a name is drawn in every figure: its colour, and what tells it from another of that colour. */
export interface Look {
  color: string;
  /** Of its line. */
  dash: string;
  /** Of its marker. */
  symbol: string;
}

/**
 * The look of a name: no two of the known ones share one. Another has its own behind theirs, always the same, so that
 * what somebody brings along is drawn as well.
 */
export function lookAmong(known: readonly string[], name: string): Look {
  const colours = palette.series.length;
  const hash = [...name].reduce((sum, letter) => (31 * sum + letter.codePointAt(0)!) % 10_007, 0);
  const at = known.indexOf(name);
  const place = at >= 0 ? at : Math.ceil(known.length / colours) * colours + (hash % colours);
  return { color: seriesColor(place), ...LOOKS[Math.floor(place / colours) % LOOKS.length]! };
}
