// The start values that both sides compute by the same formulas; bench/peers/common.py has the other copy.

/** Rows of length 1 that look random. */
export function startVectors(count: number, dimensions: number): number[][] {
  return Array.from({ length: count }, (_, i) => {
    const row = Array.from({ length: dimensions }, (_, k) => Math.sin(1 + 12.9898 * i + 78.233 * k + 0.37 * i * k));
    const length = Math.hypot(...row);
    return row.map((x) => x / length);
  });
}

/** Pictures of 128 x 128 x 3 from 0 to 1, one after the other. */
export const pictures = (count: number): Float32Array =>
  Float32Array.from({ length: count * 128 * 128 * 3 }, (_, i) => 0.5 + 0.5 * Math.sin(i * 0.01));
