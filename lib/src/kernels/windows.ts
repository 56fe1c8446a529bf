// What the windows of a pooling, or the places of a filter, see of a picture.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

export interface Pooling {
  filterSize: unknown;
  strides: unknown;
  pad: unknown;
  dimRoundingMode?: unknown;
}

/** What a window sees of x at each place: [window's size, ...output's shape]. */
export function windows(x: tf.Tensor, { sizes, strides, dilations, before, after, out, fill }: Windows): tf.Tensor {
  const pad = [[0, 0], ...sizes.map((_, i): [number, number] => [before[i]!, after[i]!]), [0, 0]] as [number, number][];
  const padded = tf.pad(x, pad, fill);
  const offsets = sizes.reduce<number[][]>(
    (all, size) => all.flatMap((one) => Array.from({ length: size }, (_, i) => [...one, i])),
    [[]],
  );
  return tf.stack(
    offsets.map((offset) => {
      const begin = offset.map((i, axis) => i * dilations[axis]!);
      const end = begin.map((from, axis) => from + (out[axis]! - 1) * strides[axis]! + 1);
      return tf.stridedSlice(padded, [0, ...begin, 0], [x.shape[0], ...end, x.shape.at(-1)!], [1, ...strides, 1]);
    }),
  );
}

export interface Windows {
  sizes: number[];
  strides: number[];
  dilations: number[];
  before: number[];
  after: number[];
  out: number[];
  fill: number;
}

/** Of each window the place of its largest value, the first of several, as ones and zeros: [window's size, ...output]. */
export const largest = (seen: tf.Tensor): tf.Tensor => {
  const places = tf.oneHot(seen.argMax(0).toInt(), seen.shape[0]).toFloat();
  return places.transpose([places.rank - 1, ...places.shape.keys()].slice(0, places.rank));
};

const { computePool2DInfo, computePool3DInfo } = tf.backend_util;

export function poolWindows(
  x: { rank: number; shape: number[] },
  { filterSize, strides, pad, dimRoundingMode }: Pooling,
): Windows {
  const size = filterSize as [number, number, number];
  const stride = strides as [number, number, number];
  const fill = 0;
  if (x.rank === 5) {
    const info = computePool3DInfo(x.shape as never, size, stride, 1, pad as 'same', dimRoundingMode as 'floor');
    const { padInfo: p } = info;
    return {
      sizes: [info.filterDepth, info.filterHeight, info.filterWidth],
      strides: [info.strideDepth, info.strideHeight, info.strideWidth],
      dilations: [1, 1, 1],
      before: [p.front, p.top, p.left],
      after: [p.back, p.bottom, p.right],
      out: [info.outDepth, info.outHeight, info.outWidth],
      fill,
    };
  }
  const info = computePool2DInfo(
    x.shape as never,
    size as never,
    stride as never,
    1,
    pad as 'same',
    dimRoundingMode as 'floor',
  );
  return { ...spaces(info), fill };
}

export const spaces = (info: tf.backend_util.Conv2DInfo): Omit<Windows, 'fill'> => ({
  sizes: [info.filterHeight, info.filterWidth],
  strides: [info.strideHeight, info.strideWidth],
  dilations: [info.dilationHeight, info.dilationWidth],
  before: [info.padInfo.top, info.padInfo.left],
  after: [info.padInfo.bottom, info.padInfo.right],
  out: [info.outHeight, info.outWidth],
});

/** What lies beside a picture is in no window the largest. */
export const LEAST = -3e38;
