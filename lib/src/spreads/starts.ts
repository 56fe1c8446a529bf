import { DescentError } from '../errors';
import { Random } from '../random';
import { lengthOf } from './measure';

const atLength1 = (vector: number[]): number[] => {
  const length = lengthOf(vector);
  return vector.map((x) => x / length);
};

/**
 * `count` unit vectors of `dimensions` numbers, every direction as likely as any other.
 * @param random a generator, or a seed
 */
export function randomVectors(random: Random | number, count: number, dimensions: number): number[][] {
  const generator = Random.from(random);
  return generator.array(() => generator.normal(), count, dimensions).map(atLength1);
}

/**
 * The article's hard start in the plane: all vectors but the last crowd into the half-circle above the x axis, at
 * random; the last stands alone on the opposite side.
 * @param random a generator, or a seed
 */
export function crowdedVectors(random: Random | number, count: number): number[][] {
  const generator = Random.from(random);
  const angles = Array.from({ length: count - 1 }, () => generator.uniform(0, Math.PI));
  return [...angles, 1.5 * Math.PI].map(vectorAt);
}

const vectorAt = (radians: number): number[] => [Math.cos(radians), Math.sin(radians)];

/** Unit vectors in the plane at these angles, in degrees: 0 points right, 90 up. */
export const vectorsAt = (degrees: readonly number[]): number[][] =>
  degrees.map((angle) => vectorAt((angle * Math.PI) / 180));

/** `count` vectors in the plane at equal angles: as far apart as they can be. */
export const evenVectors = (count: number): number[][] =>
  Array.from({ length: count }, (_, i) => vectorAt((2 * Math.PI * i) / count));

/**
 * Checks vectors that somebody else made, and returns them at length 1.
 * @throws DescentError naming the vector that is of another length than the first, not finite, or zero
 */
export function unitVectors(vectors: number[][]): number[][] {
  const dimensions = vectors[0]?.length ?? 0;
  if (vectors.length < 2) throw new DescentError(`at least 2 vectors are needed, not ${vectors.length}`);
  if (dimensions < 1) throw new DescentError('a vector needs at least one number');
  vectors.forEach((vector, i) => {
    const name = `vector ${i + 1}`;
    if (vector.length !== dimensions) {
      throw new DescentError(`${name} has ${vector.length} numbers where vector 1 has ${dimensions}`);
    }
    if (!vector.every(Number.isFinite)) throw new DescentError(`${name} has a component that is not a finite number`);
    const length = lengthOf(vector);
    if (length === 0) throw new DescentError(`${name} is zero: it has no direction`);
    if (!Number.isFinite(length)) throw new DescentError(`${name} is too long`);
  });
  return vectors.map((vector) => atLength1(atLength1(vector))); // twice: a tiny vector's length has few digits
}
