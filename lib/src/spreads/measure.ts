const DEGREES = 180 / Math.PI;

/** The length of a vector: `Math.hypot`, to the last bit, but for any number of components, and faster. */
export function lengthOf(vector: readonly number[]): number {
  let largest = 0,
    sum = 0,
    lost = 0; // lost in rounding, as Kahan adds
  for (const x of vector) largest = Math.max(largest, Math.abs(x));
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  for (const x of vector) {
    const part = x / largest,
      term = part * part - lost,
      next = sum + term;
    lost = next - sum - term;
    sum = next;
  }
  return Math.sqrt(sum) * largest;
}

/** The angle between two vectors of any length, in degrees; exact near 0 and 180 too (Kahan's form). */
export function angleDegrees(a: readonly number[], b: readonly number[]): number {
  const lengthA = lengthOf(a),
    lengthB = lengthOf(b);
  let difference = 0,
    sum = 0;
  for (let k = 0; k < a.length; k++) {
    difference += (a[k]! / lengthA - b[k]! / lengthB) ** 2;
    sum += (a[k]! / lengthA + b[k]! / lengthB) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum)) * DEGREES;
}

/** The angles of all pairs in degrees, N (N - 1) / 2: of each vector with those before it; in double precision. */
export function pairAnglesDegrees(vectors: readonly number[][]): Float64Array {
  const angles = new Float64Array((vectors.length * (vectors.length - 1)) / 2);
  for (let i = 0, pair = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) angles[pair++] = angleDegrees(vectors[i]!, vectors[j]!);
  }
  return angles;
}

/** The same as a symmetric matrix with zeros on its diagonal. */
export function anglesDegrees(vectors: readonly number[][]): number[][] {
  const angles = vectors.map(() => new Array<number>(vectors.length).fill(0));
  const pairs = pairAnglesDegrees(vectors);
  for (let i = 0, pair = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) angles[i]![j] = angles[j]![i] = pairs[pair++]!;
  }
  return angles;
}

/** The least angle between any two vectors in degrees, in double precision. */
export function minAngleDegrees(vectors: readonly number[][]): number {
  const units = vectors.map((vector) => {
    const length = lengthOf(vector);
    return vector.map((x) => x / length);
  });
  let largestCosine = -1,
    least = 180;
  for (let i = 0; i < units.length; i++) {
    for (let j = 0; j < i; j++) {
      const cosine = units[i]!.reduce((sum, x, k) => sum + x * units[j]![k]!, 0);
      if (cosine < largestCosine - ROUNDING) continue; // the cosine is cheap, and tells all pairs but the closest apart
      largestCosine = Math.max(largestCosine, cosine);
      least = Math.min(least, angleDegrees(vectors[i]!, vectors[j]!));
    }
  }
  return least;
}

/** More than a cosine can be off by. */
const ROUNDING = 1e-12;

/**
 * The Riesz energy of the vectors' directions, the sum over pairs of 1 / distance^power, in double precision.
 * Infinite if two coincide.
 */
export function rieszEnergy(vectors: readonly number[][], power = 1): number {
  let energy = 0;
  for (let i = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) {
      const distance = 2 * Math.sin(angleDegrees(vectors[i]!, vectors[j]!) / DEGREES / 2);
      energy += distance ** -power;
    }
  }
  return energy;
}
