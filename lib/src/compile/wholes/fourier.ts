// Fourier transforms of rows of complex numbers: each its real part, then its imaginary part.
import type { Numbers } from '../../kernel';
import type { ArrayKernel } from './array-kernel';

type Row = readonly [real: number, imaginary: number][];

/** Halves while the count is even, and sums up directly what is left. */
function transformed(row: Row, sign: 1 | -1): [number, number][] {
  const n = row.length;
  const turned = ([a, b]: readonly [number, number], turns: number): [number, number] => {
    const angle = (sign * 2 * Math.PI * (turns % n)) / n;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [a * cos - b * sin, a * sin + b * cos];
  };
  if (n % 2 === 1) {
    return row.map((_, k) =>
      row.reduce<[number, number]>(
        ([real, imaginary], number, j) => {
          const [a, b] = turned(number, j * k);
          return [real + a, imaginary + b];
        },
        [0, 0],
      ),
    );
  }
  const [even, odd] = [0, 1].map((first) =>
    transformed(
      row.filter((_, i) => i % 2 === first),
      sign,
    ),
  );
  const half = even!.map((z, k) => [z, turned(odd![k]!, k)] as const);
  return [
    ...half.map(([[a, b], [c, d]]): [number, number] => [a + c, b + d]),
    ...half.map(([[a, b], [c, d]]): [number, number] => [a - c, b - d]),
  ];
}

const ofRows =
  (sign: 1 | -1): ArrayKernel =>
  ({ input }) => {
    const { shape, values } = input as Numbers;
    const n = shape.at(-2)!;
    const result = new Float64Array(values.length);
    for (let from = 0; from < values.length; from += 2 * n) {
      const row = Array.from({ length: n }, (_, i): [number, number] => [
        values[from + 2 * i]!,
        values[from + 2 * i + 1]!,
      ]);
      transformed(row, sign).forEach((z, i) => result.set(sign > 0 ? z.map((part) => part / n) : z, from + 2 * i));
    }
    return [{ shape, values: result }];
  };

export const fourier: Record<string, ArrayKernel> = { FFT: ofRows(-1), IFFT: ofRows(1) };
