/** Nanoseconds of an addition in generated code, as the plan counts them. */
export const ADDITION = 0.35;

/** What an element of these costs, by the singular values and the Fourier transforms in the table of bench/compile.ts. */
const DEAR: Readonly<Record<string, number>> = { SelfAdjointEig: 300, Svd: 300, FFT: 600, IFFT: 600 };

export const isDear = (kernel: string): boolean => kernel in DEAR;

/**
 * Nanoseconds of a kernel that runs as a whole, in plain JavaScript: an element costs as much as some 300 additions. By
 * the Cholesky factors and the largest numbers in that table.
 * @param elements the numbers that it is given, or that it makes, where these are more
 */
export const priceOfWhole = (kernel: string, elements: number): number => 1000 + (DEAR[kernel] ?? 100) * elements;
