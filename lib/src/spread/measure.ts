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
  let least = 180;
  for (let i = 0; i < vectors.length; i++) {
    for (let j = 0; j < i; j++) least = Math.min(least, angleDegrees(vectors[i]!, vectors[j]!));
  }
  return least;
}

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
