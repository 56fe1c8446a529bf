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
}

/** Pixels of a letter, of a line, and between a point and its label, at size 12. */
const [LETTER, LINE, GAP] = [6.8, 15, 12];

/** What keeps a label off its point, on either side. */
const OFF = '\u2002\u200a';

/**
 * Places labels right of their points, or left where the panel ends, or all below them, so that none lies on
 * another: those of a crowd form a column. Their x, y, text and textposition, for a trace of `marks.text`.
 */
export function labelsBeside(labels: readonly Labelled[], panel: LabelPanel) {
  const [[left, right], [bottom, top]] = [panel.x, panel.y];
  const [across, up] = [panel.width / (right - left), panel.height / (top - bottom)];
  const boxes = labels.map(({ text, x, y }) => {
    const [at, width] = [(held(x, panel.x) - left) * across, LETTER * text.length + GAP];
    const fits = { right: at + width <= panel.width, left: at >= width };
    const inMiddle = panel.below && at >= width / 2 && at + width / 2 <= panel.width;
    const side = inMiddle ? 'center' : fits.right || !fits.left ? 'right' : 'left';
    const from = { center: at - width / 2, right: at, left: at - width }[side];
    return { side, from, width, y: (held(y, panel.y) - bottom) * up + (panel.below ? -1.2 * LINE : 0) };
  });
  // Two that overlap push each other apart, again and again; who is above stays above, of two at one height the first.
  const downwards = [...boxes].sort((a, b) => b.y - a.y);
  for (let round = 0, isMoving = true; isMoving && round < 200; round++) {
    isMoving = false;
    downwards.forEach((a, i) =>
      downwards.slice(i + 1).forEach((b) => {
        const isBeside = a.from + a.width <= b.from || b.from + b.width <= a.from;
        const over = LINE - (a.y - b.y);
        if (isBeside || over < 0.01) return;
        [a.y, b.y, isMoving] = [a.y + over / 2, b.y - over / 2, true];
      }),
    );
    for (const box of boxes) box.y = held(box.y, [LINE / 2, panel.height - LINE / 2]);
  }
  return {
    x: labels.map(({ x }) => held(x, panel.x)),
    y: boxes.map(({ y }) => bottom + y / up),
    text: labels.map(({ text }) => (text ? `${OFF}${text}${OFF}` : '')),
    textposition: boxes.map(({ side }) => `middle ${side}`),
  };
}

/** The number itself, or the nearest in the range. */
const held = (value: number, [low, high]: readonly [number, number]): number => Math.min(high, Math.max(low, value));
