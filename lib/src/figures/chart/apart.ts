/** Pixels: how wide a letter of a label is, and how high a line of it. */
export const [LETTER, LINE] = [6.8, 15];

/** A label: its left edge, the middle of its height, and its size. Pixels, upwards. */
interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Rounds until none lies over another: each push is seen by the next pairs, so that a pile takes several. */
const ROUNDS = 200;

/**
 * The heights at which labels do not lie over each other, as near as can be to where they belong, and between 0 and
 * `top`. Labels that are side by side do not move; of those at one height the first goes up.
 * @param rise the part of a push that the upper one takes: 0 where labels may only go down
 */
export function apart(boxes: readonly Box[], top: number, rise = 0.5): number[] {
  const heights = boxes.map(({ y }) => y);
  const pairs = boxes.flatMap((a, i) =>
    boxes.slice(i + 1).flatMap((b, k) => (a.x < b.x + b.width && b.x < a.x + a.width ? [[i, i + 1 + k] as const] : [])),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, k] of pairs) {
      const needed = (boxes[i]!.height + boxes[k]!.height) / 2;
      const isAbove = boxes[i]!.y >= boxes[k]!.y;
      const [upper, lower] = isAbove ? [i, k] : [k, i];
      const push = needed - (heights[upper]! - heights[lower]!);
      if (push <= 0) continue;
      heights[upper]! += rise * push;
      heights[lower]! -= (1 - rise) * push;
    }
    boxes.forEach(({ height, y }, i) => {
      const [least, most] = [Math.min(y, height / 2), Math.max(y, top - height / 2)];
      heights[i] = Math.max(least, Math.min(most, heights[i]!));
    });
  }
  return heights;
}
