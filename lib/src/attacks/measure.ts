/** How large a change of a picture is; pixels on the scale from 0 to 1. */
export interface ChangeSize {
  /** The largest change of any value. */
  linf: number;
  /** The Euclidean length of the change over all values. */
  l2: number;
  /** Peak signal-to-noise ratio in dB for a peak of 1; Infinity where nothing changed (JSON writes null). */
  psnr: number;
}

/** Measures the change between two pictures of the same size, from plain numbers. */
export function measureChange(original: ArrayLike<number>, changed: ArrayLike<number>): ChangeSize {
  let linf = 0;
  let squares = 0;
  for (let i = 0; i < original.length; i++) {
    const change = Math.abs((changed[i] as number) - (original[i] as number));
    if (change > linf) linf = change;
    squares += change * change;
  }
  return { linf, l2: Math.sqrt(squares), psnr: 10 * Math.log10(original.length / squares) };
}
