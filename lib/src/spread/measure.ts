const DEGREES = 180 / Math.PI;

/** The angle between two vectors of any length, in degrees; exact near 0 and 180 too (Kahan's form). */
function angleDegrees(a: readonly number[], b: readonly number[]): number {
  const lengthA = Math.hypot(...a), lengthB = Math.hypot(...b);
  let difference = 0, sum = 0;
  for (let k = 0; k < a.length; k++) {
    difference += (a[k]! / lengthA - b[k]! / lengthB) ** 2;
    sum += (a[k]! / lengthA + b[k]! / lengthB) ** 2;
  }
  return 2 * Math.atan2(Math.sqrt(difference), Math.sqrt(sum)) * DEGREES;
}

/** The angles between all vectors in degrees, as a symmetric matrix with zeros on its diagonal; in double precision. */
export function anglesDegrees(vectors: readonly number[][]): number[][] {
  const angles = vectors.map(() => new Array<number>(vectors.length).fill(0));
  for (let i = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) angles[i]![j] = angles[j]![i] = angleDegrees(vectors[i]!, vectors[j]!);
  }
  return angles;
}

/** The least angle between any two vectors in degrees, in double precision. */
export function minAngleDegrees(vectors: readonly number[][]): number {
  const units = vectors.map((vector) => {
    const length = Math.hypot(...vector);
    return vector.map((x) => x / length);
  });
  let largestCosine = -1, least = 180;
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
