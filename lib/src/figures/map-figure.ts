import { animate, chart, marks, palette, pickFrames, round, seriesColor } from './chart';
import type { Figure, FindingOptions, JsonObject } from './chart';
import { labelsBeside } from './chart/beside';
import { rangeOf } from './chart/range';
import { capital, digits } from './chart/words';

/** A place on a map. */
export interface Place {
  /** What stands beside it. */
  name: string;
  /** Where it is, across. */
  x: number;
  /** And up. */
  y: number;
  /** A circle around it, in the map's unit: a distance that was measured. Default: none. */
  radius?: number;
  /** Whether it is drawn in the colour of what is wrong. Default: false. */
  isOdd?: boolean;
}

/** A search on a map. */
export interface MapSearch {
  /** By their names: the points after 0, 1, 2 ... updates, as [x, y]. */
  paths: Record<string, readonly (readonly number[])[]>;
  /** What stands on the map. Default: nothing. */
  places?: readonly Place[];
  /** What is looked for, where it is known. Default: it is not. */
  goal?: Place;
}

/** How a search on a map is drawn. */
export interface MapOptions extends FindingOptions {
  /** The horizontal axis' name. Default: `x`. */
  xTitle?: string;
  /** The vertical one's. Default: `y`. */
  yTitle?: string;
  /** The unit of both. Default: none. */
  unit?: string;
  /** How many frames at most; one alone makes a still, for `interact`. Default 40. */
  frames?: number;
}

/** About how large the plot is, in pixels: labels are kept apart in these. */
const PLOT = { width: 300, height: 200 };
/** A circle's corners. */
const CIRCLE = Array.from({ length: 49 }, (_, k) => (2 * Math.PI * k) / 48);

/** A map on which paths look for a place: each with its name at its head, and circles around the places that have some. */
export function mapFigure({ paths, places = [], goal }: MapSearch, options: MapOptions): Figure {
  const { xTitle = 'x', yTitle = 'y', unit, frames = 40 } = options;
  const list = Object.entries(paths).map(([name, points]) => ({ name, points }));
  const stands = [...places, ...(goal ? [goal] : [])];
  const points = [...list.flatMap((path) => path.points), ...stands.map(({ x, y }) => [x, y])];
  const region = {
    x: rangeOf(
      points.map(([x]) => x!),
      0.12,
    ),
    y: rangeOf(
      points.map(([, y]) => y!),
      0.12,
    ),
  };
  const colours = list.map((_, i) => seriesColor(i));
  const longest = Math.max(0, ...list.map((path) => path.points.length - 1));
  const behind = unit ? ` ${unit}` : '';
  const hover = `${xTitle} %{x:.4~g}${behind}<br>${yTitle} %{y:.4~g}${behind}`;

  const circles = (isOdd: boolean): JsonObject[] => {
    const own = places.filter((place) => place.radius !== undefined && !!place.isOdd === isOdd);
    const along = (from: (place: Place) => number, of: (angle: number) => number): (number | null)[] =>
      own.flatMap((place) => [...CIRCLE.map((angle) => from(place) + place.radius! * of(angle)), null]);
    const [x, y] = [along((place) => place.x, Math.cos), along((place) => place.y, Math.sin)];
    return own.length
      ? [marks.line({ x, y, dash: 'dot', width: 1.5, color: isOdd ? palette.warning : palette.muted })]
      : [];
  };
  const dots = (
    some: readonly Place[],
    textposition: string,
    look: { symbol: string; size: number; color: string | string[] },
  ): JsonObject => {
    const named = { mode: 'markers+text', text: some.map(({ name }) => name), textposition };
    const [x, y] = [some.map((place) => place.x), some.map((place) => place.y)];
    return marks.dots({ x, y, ...look, hover: `%{text}<br>${hover}<extra></extra>`, extra: named });
  };
  const moving = (k: number): JsonObject[] => {
    const heads = list.map(({ name, points }) => {
      const [x, y] = points[Math.min(k, points.length - 1)]!;
      return { text: name, x: x!, y: y! };
    });
    const crowd = [...stands, ...heads].map(({ x, y }) => [x, y] as const);
    return [
      ...list.map(({ points }) => {
        const way = points.slice(0, k + 1);
        return round({ x: way.map(([x]) => x!), y: way.map(([, y]) => y!) });
      }),
      { x: round(heads.map(({ x }) => x)), y: round(heads.map(({ y }) => y)) },
      round(labelsBeside(heads, { ...region, ...PLOT, crowd })),
    ];
  };

  const off = (path: readonly (readonly number[])[]): string => {
    const [x, y] = path.at(-1)!;
    if (!goal) return `ends at (${digits(x!)}, ${digits(y!)})`;
    return `ends ${Number(Math.hypot(x! - goal.x, y! - goal.y).toPrecision(2))}${behind} from ${goal.name}`;
  };
  const ends = list.map(({ name, points }) => `${name} ${off(points)}`);
  const figure = chart(options, {
    finding: capital(ends.join(', ')),
    says: `A map with ${stands.map(({ name }) => name).join(', ') || 'nothing on it'}. After ${longest} steps: ${ends.join('; ')}.`,
    marks: [
      ...circles(false),
      ...circles(true),
      dots(places, 'bottom center', {
        symbol: 'triangle-up',
        size: 10,
        color: places.map(({ isOdd }) => (isOdd ? palette.warning : palette.data)),
      }),
      ...(goal ? [dots([goal], 'middle left', { symbol: 'star', size: 15, color: palette.optimum })] : []),
      ...list.map(({ name }, i) => marks.line({ name, color: colours[i]!, width: 2.5, hover })),
      marks.dots({ color: colours, size: 11, edge: { color: palette.paper, width: 1.5 } }),
      marks.text({}, { color: colours, size: 13 }),
    ],
    height: 520,
    x: { title: xTitle, unit, range: region.x },
    y: { title: yTitle, unit, range: region.y, extra: { scaleanchor: 'x' } },
  });
  const states = pickFrames(longest + 1, frames).map((k) => ({ label: String(k), data: moving(k) }));
  return animate(figure, states, { prefix: 'step ' });
}
