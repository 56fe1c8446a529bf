/** The largest number that a half-precision float holds. */
export const LARGEST_HALF = 65504;

/** Half precision's exponent for each one of single precision: below 2^-14 its steps get no smaller. */
const EXPONENTS = Int8Array.from({ length: 256 }, (_, biased) => Math.min(Math.max(biased - 127, -14), 16));
/** How many of half precision's steps make up 1, for each of single precision's exponents. */
const STEPS = Float64Array.from(EXPONENTS, (exponent) => 2 ** (10 - exponent));

/**
 * Numbers as half-precision floats (IEEE 754 binary16), rounded to the nearest, ties to even. Without NaN, and with
 * nothing above LARGEST_HALF.
 */
export function encodeHalf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const biased = (bits[i]! >>> 23) & 255;
    // A number is 1024 to 2048 steps, below 2^-14 fewer. A double near 2^52 holds integers alone, which rounds.
    const steps = Math.abs(values[i]!) * STEPS[biased]! + 2 ** 52 - 2 ** 52;
    halves[i] = ((bits[i]! >>> 31) << 15) + (EXPONENTS[biased]! + 14) * 1024 + steps;
  }
  return halves;
}

/** What each of half precision's exponents multiplies by; the largest is for what is not finite. */
const SCALES = Float64Array.from({ length: 31 }, (_, biased) => 2 ** (Math.max(biased, 1) - 25));

/** The numbers that half-precision floats stand for. */
export function decodeHalf(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const [exponent, rest] = [(half >>> 10) & 31, half & 1023];
    const size = exponent < 31 ? SCALES[exponent]! * (exponent ? rest + 1024 : rest) : rest ? NaN : Infinity;
    return half >>> 15 ? -size : size;
  });
}
