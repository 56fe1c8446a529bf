import { axis, marks, palette, type JsonObject } from '../chart';

/** The axes of a picture of the unit circle: equal scales, no marks; `scaleanchor` is its own x axis, `reach` their end. */
export function circleAxes(scaleanchor = 'x', reach = 1.1): { x: JsonObject; y: JsonObject } {
  const bare = { visible: false, constrain: 'domain' };
  return {
    x: axis({ title: '', range: [-reach, reach], extra: bare }),
    y: axis({ title: '', range: [-reach, reach], extra: { ...bare, scaleanchor } }),
  };
}

const TURN = Array.from({ length: 121 }, (_, i) => (2 * Math.PI * i) / 120);

/** The circle itself. */
export const circle = (panel: number): JsonObject =>
  marks.line({ panel, legend: false, x: TURN.map(Math.cos), y: TURN.map(Math.sin), color: palette.muted, width: 1 });

/** The coordinates of arrows from the middle to each vector, as one broken line. */
export function arrowsOf(vectors: number[][]): { x: (number | null)[]; y: (number | null)[] } {
  return { x: vectors.flatMap(([x]) => [0, x!, null]), y: vectors.flatMap(([, y]) => [0, y!, null]) };
}

/** Vectors in the plane as arrows from the middle; a dot marks each end. */
export const arrows = (vectors: number[][], color: string, panel: number, hover?: string): JsonObject =>
  marks.line({
    panel,
    legend: false,
    ...arrowsOf(vectors),
    color,
    width: 1.5,
    marker: { color, size: vectors.flatMap(() => [0, 7, 0]), opacity: 1 },
    hover,
    extra: { connectgaps: false },
  });

/** Where words about a vector stand: behind its tip, away from the middle; beside it only where it points sideways. */
export function besideTip([x, y]: number[]): JsonObject {
  const side = (at: number, from: number, low: string, middle: string, high: string): string =>
    at < -from ? low : at > from ? high : middle;
  const textposition = `${side(y!, 0.35, 'bottom', 'middle', 'top')} ${side(x!, 0.8, 'left', 'center', 'right')}`;
  return { x: [1.06 * x!], y: [1.06 * y!], textposition };
}
