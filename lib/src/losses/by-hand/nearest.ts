import { tf } from '../../tf';
import type { ByHand } from '../fast';
import { weightsOf, type VarianceWeights } from '../options';
import { areFew, withDiagonal, type Vectors } from '../vectors';

export const minAngle: ByHand = (vectors) => minAngleVariance(vectors, { variance: 0 });

export const minAngleVariance: ByHand<[weights?: VarianceWeights]> = (vectors, weights) => {
  const { angle, variance } = weightsOf(weights);
  return ofNearest(vectors, (angles) => {
    const least = angles.reduce((smallest, x) => Math.min(smallest, x), Infinity);
    const share = angle / angles.filter((x) => x === least).length; // at least two vectors share the least angle
    const mean = angles.reduce((sum, x) => sum + x, 0) / angles.length;
    const deviations = angles.map((x) => x - mean);
    // the mean's own slopes cancel
    const slopes = deviations.map((deviation, i) => 2 * variance * deviation - (angles[i] === least ? share : 0));
    return { value: variance * deviations.reduce((sum, d) => sum + d * d, 0) - angle * least, slopes };
  });
};

/**
 * A loss of the nearest angles (see `nearestAngles`), summed over the sets. TensorFlow looks for the nearest among all
 * pairs of many vectors; the N angles to them and their derivatives are worked out here, in double precision.
 * @param of from one set's N angles to the loss and its slopes, the derivatives with respect to each angle
 */
function ofNearest(
  vectors: Vectors,
  of: (angles: Float64Array) => { value: number; slopes: Float64Array },
): ReturnType<ByHand> {
  const pairs = nearest(vectors);
  const angles = anglesOf(pairs);
  const slopes = new Float64Array(angles.length),
    count = vectors.shape.at(-2)!;
  let sum = 0;
  for (let set = 0; set < angles.length; set += count) {
    const loss = of(angles.subarray(set, set + count));
    slopes.set(loss.slopes, set);
    sum += loss.value;
  }
  return { value: tf.scalar(sum), gradient: () => tf.tensor(gradientOf(slopes, pairs), vectors.shape) };
}

/** Each row's unit vector, its length, and the row among all sets' rows that is nearest to it in its set. */
interface Nearest {
  units: Float64Array;
  dimensions: number;
  lengths: Float64Array;
  neighbours: Int32Array;
}

function nearest(vectors: Vectors): Nearest {
  const [count = 0, dimensions = 0] = vectors.shape.slice(-2);
  const units = new Float64Array(vectors.dataSync());
  const lengths = new Float64Array(units.length / dimensions);
  for (let row = 0, at = 0; row < lengths.length; row++, at += dimensions) {
    const length = Math.sqrt(product(units, at, at, dimensions)) || 1;
    for (let k = at; k < at + dimensions; k++) units[k]! /= length;
    lengths[row] = length;
  }
  const neighbours = areFew(vectors) ? nearestOfFew(units, count, dimensions) : nearestOfMany(units, vectors.shape);
  return { units, dimensions, lengths, neighbours };
}

function nearestOfFew(units: Float64Array, count: number, dimensions: number): Int32Array {
  const neighbours = new Int32Array(units.length / dimensions);
  for (let row = 0; row < neighbours.length; row++) {
    const first = row - (row % count);
    let most = -Infinity;
    for (let other = first; other < first + count; other++) {
      const cosine = other === row ? -Infinity : product(units, row * dimensions, other * dimensions, dimensions);
      if (cosine > most) [most, neighbours[row]] = [cosine, other];
    }
  }
  return neighbours;
}

function nearestOfMany(units: Float64Array, shape: Vectors['shape']): Int32Array {
  const x = tf.tensor(new Float32Array(units), shape);
  const cosines = withDiagonal(tf.matMul(x, x, false, true), -Infinity);
  const count = shape.at(-2)!;
  return Int32Array.from(cosines.argMax(-1).dataSync(), (column, row) => row - (row % count) + column);
}

/** The angle of each row to its nearest: 2 atan2(|u - v|, |u + v|), exact at every angle. */
function anglesOf(pairs: Nearest): Float64Array {
  const angles = new Float64Array(pairs.neighbours.length);
  pairs.neighbours.forEach((j, i) => {
    angles[i] = 2 * Math.atan2(...chords(pairs, i, j));
  });
  return angles;
}

/** The product of the vectors that begin at a and at b. */
function product(vectors: Float64Array, a: number, b: number, dimensions: number): number {
  let sum = 0;
  for (let k = 0; k < dimensions; k++) sum += vectors[a + k]! * vectors[b + k]!;
  return sum;
}

/** |u - v| and |u + v| of two unit vectors. */
function chords({ units, dimensions }: Nearest, i: number, j: number): [difference: number, sum: number] {
  let difference = 0,
    sum = 0;
  for (let k = 0; k < dimensions; k++) {
    const u = units[i * dimensions + k]!,
      v = units[j * dimensions + k]!;
    difference += (u - v) ** 2;
    sum += (u + v) ** 2;
  }
  return [Math.sqrt(difference), Math.sqrt(sum)];
}

/**
 * d angle / du = -(v - u cos) / sin, and the same for v with u and v exchanged, each over its vector's length; 0 where
 * the two coincide or are opposite and have no such direction.
 */
function gradientOf(slopes: Float64Array, pairs: Nearest): Float32Array {
  const { units, dimensions, lengths, neighbours } = pairs;
  const gradient = new Float32Array(units.length);
  neighbours.forEach((j, i) => {
    if (slopes[i] === 0) return;
    const [difference, sum] = chords(pairs, i, j);
    const sine = (difference * sum) / 2,
      cosine = (sum ** 2 - difference ** 2) / 4;
    if (sine < 1e-12) return;
    for (let k = 0; k < dimensions; k++) {
      const u = units[i * dimensions + k]!,
        v = units[j * dimensions + k]!;
      gradient[i * dimensions + k]! += (slopes[i]! * (u * cosine - v)) / sine / lengths[i]!;
      gradient[j * dimensions + k]! += (slopes[i]! * (v * cosine - u)) / sine / lengths[j]!;
    }
  });
  return gradient;
}
