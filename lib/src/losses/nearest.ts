import { tf } from '../tf';
import { checkVectors, cosines, type Vectors } from './vectors';

/**
 * The angle between each vector and its nearest, in radians: [N], or [R, N] for R sets.
 *
 * TensorFlow looks for the nearest among all pairs. The N angles to them, and their derivatives, are worked out here in
 * double precision from difference and sum, 2 atan2(|u - v|, |u + v|): exact at 0 and 180 degrees too, where the
 * cosine holds none of the angle's digits and the slope of acos is infinite. The angle grows by 1 for each radian by
 * which a vector moves away from its nearest; where the two coincide or are opposite there is no such direction, and
 * the gradient is 0.
 */
export function nearestAngles(vectors: Vectors): tf.Tensor {
  return withGradient(vectors, (angles) => ({
    value: tf.tensor(Float32Array.from(angles), vectors.shape.slice(0, -1)),
    slopes: (dy) => dy.dataSync(),
  }));
}

/**
 * A loss of the nearest angles (see `nearestAngles`) whose derivative is known by formula, summed over the sets.
 * @param of from one set's N angles to the loss and its slopes, the derivatives with respect to each angle
 */
export function lossOfNearest(
  vectors: Vectors,
  of: (angles: Float64Array) => { value: number; slopes: Float64Array },
): tf.Scalar {
  return withGradient(vectors, (angles) => {
    const slopes = new Float64Array(angles.length),
      count = vectors.shape.at(-2)!;
    let sum = 0;
    for (let set = 0; set < angles.length; set += count) {
      const loss = of(angles.subarray(set, set + count));
      slopes.set(loss.slopes, set);
      sum += loss.value;
    }
    const slopesBy = (factor: number): Float64Array => (factor === 1 ? slopes : slopes.map((slope) => slope * factor));
    return { value: tf.scalar(sum), slopes: (dy) => slopesBy(dy.dataSync()[0]!) };
  }) as tf.Scalar;
}

type Slopes = Float64Array | tf.DataTypeMap['float32'] | Int32Array | Uint8Array;

function withGradient(
  vectors: Vectors,
  of: (angles: Float64Array) => { value: tf.Tensor; slopes: (dy: tf.Tensor) => Slopes },
): tf.Tensor {
  checkVectors(vectors);
  const gradientFunction = tf.customGrad((x) => {
    const input = x as tf.Tensor;
    const { neighbours, units, lengths } = nearest(input as Vectors);
    const dimensions = input.shape.at(-1)!;
    const angles = new Float64Array(neighbours.length);
    neighbours.forEach((j, i) => {
      angles[i] = 2 * Math.atan2(...chords(units, i, j, dimensions));
    });
    const { value, slopes } = of(angles);
    const gradFunc = (dy: tf.Tensor): tf.Tensor =>
      tf.tensor(gradientOf(slopes(dy), neighbours, units, lengths, dimensions), input.shape);
    return { value, gradFunc };
  });
  return gradientFunction(vectors);
}

interface Nearest {
  neighbours: Int32Array;
  units: Float64Array;
  lengths: Float64Array;
}

/** For each row its unit vector, its length, and the row among all sets' rows that is nearest to it in its set. */
function nearest(vectors: Vectors): Nearest {
  const [count = 0, dimensions = 0] = vectors.shape.slice(-2);
  const units = new Float64Array(vectors.dataSync());
  const lengths = new Float64Array(units.length / dimensions);
  for (let row = 0, at = 0; row < lengths.length; row++, at += dimensions) {
    const length = Math.sqrt(product(units, at, at, dimensions)) || 1;
    for (let k = at; k < at + dimensions; k++) units[k]! /= length;
    lengths[row] = length;
  }
  const few = units.length * count <= FEW;
  const neighbours = few ? nearestOfFew(units, count, dimensions) : nearestOfMany(units, vectors.shape);
  return { neighbours, units, lengths };
}

/** So many products are made here before TensorFlow has begun with its first operation. */
const FEW = 2 ** 14;

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
  const count = shape.at(-2)!;
  const columns = tf.tidy(() => cosines(tf.tensor(new Float32Array(units), shape)).argMax(-1));
  const neighbours = Int32Array.from(columns.dataSync(), (column, row) => row - (row % count) + column);
  columns.dispose();
  return neighbours;
}

/** The product of the vectors that begin at a and at b. */
function product(vectors: Float64Array, a: number, b: number, dimensions: number): number {
  let sum = 0;
  for (let k = 0; k < dimensions; k++) sum += vectors[a + k]! * vectors[b + k]!;
  return sum;
}

/** |u - v| and |u + v| of two unit vectors. */
function chords(units: Float64Array, i: number, j: number, dimensions: number): [difference: number, sum: number] {
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

/** d angle / du = -(v - u cos) / sin, and the same for v with u and v exchanged, each over its vector's length. */
function gradientOf(
  slopes: Slopes,
  neighbours: Int32Array,
  units: Float64Array,
  lengths: Float64Array,
  dimensions: number,
): Float32Array {
  const gradient = new Float32Array(units.length);
  neighbours.forEach((j, i) => {
    if (slopes[i] === 0) return;
    const [difference, sum] = chords(units, i, j, dimensions);
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
