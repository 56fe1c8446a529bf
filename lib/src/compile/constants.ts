/** Numbers that may change how a program is made: a factor of 1, a power of 2 or a half. Others are data. */
const isWritten = (value: number): boolean =>
  (Number.isInteger(2 * value) && Math.abs(value) <= 6 && !Object.is(value, -0)) || Math.abs(value) === Infinity;

/** The number that all of a constant's are, if it is one that is written into the code. */
export function writtenNumber(numbers: ArrayLike<number>): number | undefined {
  const first = numbers[0];
  if (first === undefined || !isWritten(first)) return undefined;
  for (let i = 1; i < numbers.length; i++) if (numbers[i] !== first) return undefined;
  return first;
}
