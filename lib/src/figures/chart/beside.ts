import { apart, LETTER, LINE } from './apart';

/** A label, and the point that it stands beside. */
export interface Labelled {
  text: string;
  x: number;
  y: number;
}

/** A panel that labels stand in. */
export interface LabelPanel {
  /** Its ranges, as [low, high]. */
  x: readonly [number, number];
  y: readonly [number, number];
  /** About how large it is drawn, in pixels. */
  width: number;
  height: number;
  /** Whether labels stand below their points, as under a curve. Default: beside them. */
  below?: boolean;
  /** Points of a crowd, as balls and their goal, that names stand right of. Default: none. */
  crowd?: readonly (readonly [x: number, y: number])[];
}

/** Pixels of a ball from its middle, which keeps its label off. */
const BALL = 8;
/** Balls that are no farther apart are a crowd, in pixels. */
const NEAR = 26;

/** What keeps a label off its point, on either side. */
const OFF = '\u2002\u200a';

/**
 * Places labels right of their points, or left where the panel ends, or all below them, so that none lies on
 * another: those of a crowd form a column. Their x, y, text and textposition, for a trace of `marks.text`.
 */
export function labelsBeside(labels: readonly Labelled[], panel: LabelPanel) {
  const [[left, right], [bottom, top]] = [panel.x, panel.y];
  const [across, up] = [panel.width / (right - left), panel.height / (top - bottom)];
  const acrossAt = (x: number): number => (held(x, panel.x) - left) * across;
  const upAt = (y: number): number => (held(y, panel.y) - bottom) * up;
  const crowd = (panel.crowd ?? []).map(([x, y]) => ({ x, at: acrossAt(x), y: upAt(y) }));
  const balls = labels.map(({ x, y }) => ({ at: acrossAt(x), y: upAt(y) }));
  const boxes = labels.map((label) => {
    const [width, height] = [LETTER * label.text.length, upAt(label.y)];
    const x = rightmost(label.x, acrossAt(label.x), height, crowd);
    const at = acrossAt(x);
    const inMiddle = panel.below && at >= width / 2 && at + width / 2 <= panel.width;
    const fitsRight = at + BALL + width <= panel.width || at < BALL + width;
    const side = inMiddle ? 'center' : fitsRight ? 'right' : 'left';
    const from = { center: at - width / 2, right: at + BALL, left: at - BALL - width }[side];
    /** The lowest ball that the label would lie on, below its own. */
    const under = balls
      .filter((ball) => ball.at + BALL > from && ball.at - BALL < from + width && height - ball.y < 1.7 * LINE + BALL)
      .reduce((lowest, ball) => Math.min(lowest, ball.y), height);
    return {
      at: held(x, panel.x),
      side,
      x: from,
      width,
      y: held(panel.below ? under - 1.2 * LINE : height, [LINE / 2, panel.height - LINE / 2]),
      height: LINE,
    };
  });
  const heights = apart(boxes, panel.height, panel.below ? 0 : 0.5); // no name goes up into its ball
  return {
    x: boxes.map(({ at }) => at),
    y: heights.map((y) => bottom + y / up),
    text: labels.map(({ text }) => (text ? `${OFF}${text}${OFF}` : '')),
    textposition: boxes.map(({ side }) => `middle ${side}`),
  };
}

/** The part of a panel of so many pixels that such labels take beyond the points at its end. */
export const roomFor = (texts: readonly string[], width: number): number =>
  Math.min(0.6, (LETTER * Math.max(0, ...texts.map(({ length }) => length)) + 2 * BALL) / width);

/** The x of the last of a crowd that a point belongs to: from ball to ball, each near the one before. */
function rightmost(x: number, at: number, y: number, crowd: readonly { x: number; at: number; y: number }[]): number {
  const next = crowd
    .filter((ball) => ball.at > at + 0.5 && ball.at - at < NEAR && Math.abs(ball.y - y) < NEAR)
    .reduce((far, ball) => (ball.at > far.at ? ball : far), { x, at, y });
  return next.at > at ? rightmost(next.x, next.at, next.y, crowd) : x;
}

/** The number itself, or the nearest in the range. */
const held = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));
