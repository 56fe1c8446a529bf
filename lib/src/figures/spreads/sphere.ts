import { animate, chart, marks, palette, pickFrames, round } from '../chart';
import type { Figure, FindingOptions, JsonObject } from '../chart';
import { minAngleDegrees, pairAnglesDegrees } from '../../spreads/measure';
import type { SpreadRecord } from '../../spreads/spread';

/** What the three coordinates are picked from. */
const xyz = <T>(pick: (k: number) => T): { x: T; y: T; z: T } => ({ x: pick(0), y: pick(1), z: pick(2) });

type Lines = { x: (number | null)[]; y: (number | null)[]; z: (number | null)[] };
const linesOf = (paths: number[][][]): Lines => xyz((k) => paths.flatMap((path) => [...path.map((p) => p[k]!), null]));
const pointsOf = (vectors: number[][]) => xyz((k) => vectors.map((v) => RADIUS.points * v[k]!));

const point = (latitude: number, longitude: number, radius: number): number[] => {
  const [sin, cos] = [Math.sin, Math.cos].map((f) => (degrees: number) => f((degrees * Math.PI) / 180)) as [Wave, Wave];
  return [cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)].map((x) => radius * x);
};
type Wave = (degrees: number) => number;

const AROUND = Array.from({ length: 25 }, (_, i) => i * 15);

/** The radii of the ball, of the lines on it, and of the points: so much apart that it cuts none of them in half in front. */
const RADIUS = { ball: 0.97, lines: 0.98, points: 0.99 };

/** The ball; what is behind it shines through. */
function ball(): JsonObject {
  const grid = AROUND.slice(0, 13).map((latitude) =>
    AROUND.map((longitude) => point(latitude - 90, longitude, RADIUS.ball)),
  );
  return marks.surface({
    ...xyz((k) => grid.map((row) => row.map((p) => p[k]!))),
    digits: 3,
    colors: [
      [0, palette.shade],
      [1, palette.shade],
    ],
    extra: { opacity: 0.6, lighting: { ambient: 1, diffuse: 0, specular: 0 } },
  });
}

/** Meridians and parallels of the ball, every 30 degrees. */
const wires = (): Lines =>
  linesOf([
    ...[-60, -30, 0, 30, 60].map((latitude) => AROUND.map((longitude) => point(latitude, longitude, RADIUS.lines))),
    ...[0, 30, 60, 90, 120, 150].map((longitude) => AROUND.map((around) => point(around, longitude, RADIUS.lines))),
  ]);

/** Arcs between the pairs that are at most 1 % further apart than the closest. */
function contacts(vectors: number[][]): Lines {
  const angles = pairAnglesDegrees(vectors),
    least = minAngleDegrees(vectors) * 1.01;
  let pair = 0;
  return linesOf(
    vectors.flatMap((a, i) => vectors.slice(0, i).flatMap((b) => (angles[pair++]! <= least ? [arc(a, b)] : []))),
  );
}

/** Eight pieces of the way from a to b on the sphere. */
const arc = (a: number[], b: number[]): number[][] =>
  Array.from({ length: 9 }, (_, i) => i / 8).map((t) => {
    const between = a.map((x, k) => x * (1 - t) + b[k]! * t),
      length = Math.hypot(...between) || 1;
    return between.map((x) => (RADIUS.lines * x) / length);
  });

/** The ball with its wires. */
export const globe = (): JsonObject[] => [
  ball(),
  marks.inSpace(marks.line({ ...wires(), digits: 3, color: palette.muted, width: 1 })),
];

/** Points on the ball, and lines between those that are closest. */
export const onGlobe = (vectors: number[][]): JsonObject[] => [
  marks.inSpace(marks.line({ ...contacts(vectors), digits: 3, color: palette.optimum, width: 4 })),
  marks.inSpace(marks.dots({ ...pointsOf(vectors), digits: 3, size: 7, edge: { width: 0 } })),
];

/** The same as a frame has it. */
export const movedOnGlobe = (vectors: number[][]): JsonObject[] => round([contacts(vectors), pointsOf(vectors)], 3);

/** A view of it, as large as a phone's width allows: it grows with its place's height. */
export function globeScene(): JsonObject {
  const bare: JsonObject = { visible: false, range: [-1, 1] };
  return {
    xaxis: bare,
    yaxis: bare,
    zaxis: bare,
    aspectmode: 'manual',
    aspectratio: { x: 1.3, y: 1.3, z: 1.3 },
    dragmode: 'orbit',
    camera: { eye: { x: 1.2, y: 1.2, z: 0.9 }, projection: { type: 'orthographic' } },
  };
}

/** Vectors on the sphere, over time. */
export interface SphereRun {
  /** The states to show, each with its least angle; one alone is a still. */
  records: SpreadRecord[];
  /** The numbers of updates before each of them, for the slider. Default: 0, 1, 2 ... */
  recorded?: number[];
}

/** How points on the sphere are drawn. */
export interface SphereOptions extends FindingOptions {
  /** The largest least angle that is known, in degrees. Default: the title speaks of none. */
  bestDegrees?: number;
}

/**
 * Vectors on the sphere, to be turned with the mouse: points, and lines between those that are closest. With more than
 * one record it is an animation of them, which counts the least angle. Its title says where it ends, unless there is one.
 */
export function sphereFigure({ records, recorded = [] }: SphereRun, options: SphereOptions): Figure {
  const { bestDegrees } = options;
  const last = records.at(-1)!;
  const count = last.vectors.length;
  const best = bestDegrees === undefined ? '' : `; best known ${bestDegrees.toFixed(2)}°`;
  const finding = `${count} points on the sphere, the closest ${last.minAngleDegrees.toFixed(2)}° apart${best}`;
  const counted = ({ minAngleDegrees }: SpreadRecord): JsonObject => ({
    annotations: [marks.note(`least angle ${minAngleDegrees.toFixed(2)}°`, CORNER, palette.text)],
  });
  const figure = chart(options, {
    finding,
    says:
      `${options.title ?? finding}. ${count} points on the sphere, the least angle ` +
      `${last.minAngleDegrees.toFixed(4)} degrees; lines join the pairs that are at most 1 % further apart.`,
    marks: [...globe(), ...onGlobe(last.vectors)],
    height: 560,
    margin: { l: 8, r: 8, t: 70, b: 0 },
    extra: { scene: globeScene(), ...counted(last) },
  });
  const states = pickFrames(records.length, 40).map((i) => ({
    label: String(recorded[i] ?? i),
    data: movedOnGlobe(records[i]!.vectors),
    layout: counted(records[i]!),
  }));
  return records.length === 1 ? figure : animate(figure, states);
}

/** Where the least angle is counted. */
const CORNER = {
  xref: 'paper',
  yref: 'paper',
  x: 0,
  xshift: 8,
  y: 1,
  xanchor: 'left',
  yanchor: 'top',
  font: { size: 14 },
};
