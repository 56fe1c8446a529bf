import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

/**
 * Pictures between their pixels, in plain tensor operations: what stands at row y and column x, from the four pixels
 * around or from the nearest one.
 * @param image [pictures, height, width, channels]
 * @param picture [n], which picture
 * @param y [n, rows, columns], as x: row 0 is the first pixel's middle
 * @param fill what stands outside
 * @returns [n, rows, columns, channels]
 */
export function sample(
  image: tf.Tensor,
  picture: tf.Tensor,
  y: tf.Tensor,
  x: tf.Tensor,
  method: 'bilinear' | 'nearest',
  fill: number,
): tf.Tensor {
  const [, height, width, channels] = image.shape as [number, number, number, number];
  const pixels = image.reshape([-1, channels]);
  const int = (value: number): tf.Scalar => tf.scalar(value, 'int32');
  const first = picture.toInt().mul(int(height)).reshape([-1, 1, 1]);
  const at = (row: tf.Tensor, column: tf.Tensor): tf.Tensor => {
    const inside = row
      .greaterEqual(0)
      .logicalAnd(row.less(height))
      .logicalAnd(column.greaterEqual(0))
      .logicalAnd(column.less(width));
    const rows = first.add(row.clipByValue(0, height - 1).toInt()); // integers: float32 knows no more than 2^24 places
    const values = pixels.gather(
      rows
        .mul(int(width))
        .add(column.clipByValue(0, width - 1).toInt())
        .toInt(),
    );
    return tf.where(inside.expandDims(3).broadcastTo<tf.Rank>(values.shape), values, tf.fill(values.shape, fill));
  };
  // Halves go up, as in C and JavaScript; tf.round takes them to the even number.
  if (method === 'nearest') return at(y.add(0.5).floor(), x.add(0.5).floor());
  const [top, left] = [y.floor(), x.floor()];
  const [down, right] = [y.sub(top).expandDims(3), x.sub(left).expandDims(3)];
  const between = (row: tf.Tensor): tf.Tensor => mixed(at(row, left), at(row, left.add(1)), right);
  return mixed(between(top), between(top.add(1)), down);
}

const mixed = (a: tf.Tensor, b: tf.Tensor, share: tf.Tensor): tf.Tensor => a.mul(tf.sub(1, share)).add(b.mul(share));
