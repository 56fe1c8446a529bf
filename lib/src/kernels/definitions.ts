// Kernels whose gradient is that of their definition in plain tensor operations.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { sample } from './sample';
import { backThrough } from './tape';
import { poolWindows, spaces, windows, type Pooling } from './windows';

type Definition<A> = (inputs: Record<string, tf.Tensor>, attributes: A) => tf.Tensor;

/**
 * The gradient by the inputs of these names; `more` are the others, which have none of their own. Nor has what a kernel
 * returns beside its first output.
 */
const defined = <A extends object>(
  kernelName: string,
  names: readonly string[],
  definition: Definition<A>,
  more: readonly string[] = [],
): tf.GradConfig => ({
  kernelName,
  inputsToSave: [...names, ...more],
  gradFunc: (dys, saved, attributes) => {
    const inputs = Object.fromEntries([...names, ...more].map((name, i) => [name, saved[i]!]));
    const dy = [dys].flat()[0]!;
    return Object.fromEntries([
      ...more.map((name) => [name, () => tf.zerosLike(inputs[name]!)]),
      ...names.map((name) => [
        name,
        () => backThrough((x) => definition({ ...inputs, [name]: x }, attributes as A), inputs[name]!, dy),
      ]),
    ]) as Record<string, () => tf.Tensor>;
  },
});

/** The same, but where tfjs' own gradient is right. */
function definedWhere<A extends object>(
  where: (attributes: A) => boolean,
  kernelName: string,
  definition: Definition<A>,
): tf.GradConfig {
  const own = tf.getGradient(kernelName);
  const ours = defined(kernelName, own.inputsToSave!, definition);
  return {
    ...own,
    gradFunc: (dy, saved, attributes) =>
      (where(attributes as unknown as A) ? ours : own).gradFunc(dy, saved, attributes),
  };
}

/** The product of all up to each: doubled in reach from step to step, so that zeros among the factors do no harm. */
function cumprod(
  { x }: Record<string, tf.Tensor>,
  { axis, exclusive, reverse }: { axis: number; exclusive: boolean; reverse: boolean },
): tf.Tensor {
  const along = tf.util.parseAxisParam(axis, x!.shape)[0]!;
  const length = x!.shape[along]!;
  const shifted = (y: tf.Tensor, by: number): tf.Tensor => {
    const pad = y.shape.map((_, i): [number, number] => (i !== along ? [0, 0] : reverse ? [0, by] : [by, 0]));
    const begin = y.shape.map((_, i) => (i === along && reverse ? by : 0));
    return tf.pad(y, pad, 1).slice(begin, y.shape);
  };
  let y = exclusive ? shifted(x!, 1) : x!;
  for (let reach = 1; reach < length; reach *= 2) y = y.mul(shifted(y, reach));
  return y;
}

/** The largest k of each row, each from its place. */
function topk({ x }: Record<string, tf.Tensor>, { k }: { k: number }): tf.Tensor {
  const width = x!.shape.at(-1)!;
  const { indices } = tf.topk(x!, k);
  const rows = x!.size / width;
  const begins = tf.range(0, rows, 1, 'int32').mul(tf.scalar(width, 'int32')).expandDims(1);
  return x!
    .flatten()
    .gather(indices.reshape([rows, k]).add(begins).toInt())
    .reshape(indices.shape);
}

/** How often each number comes, or the sum of its weights; those of `size` and more count nowhere. */
const count = ({ x, weights }: Record<string, tf.Tensor>, { size }: { size: number }): tf.Tensor => {
  const numbers = x!.rank === 2 ? x! : x!.expandDims(0);
  return tf
    .oneHot(numbers.toInt(), size)
    .cast('float32')
    .mul(weights!.reshape([...numbers.shape, 1]))
    .sum(1)
    .reshape(x!.rank === 2 ? [-1, size] : [size]);
};

const segmentSum = ({ data, indices, segmentIds }: Record<string, tf.Tensor>): tf.Tensor => {
  const segments = segmentIds!.size === 0 ? 0 : Number(segmentIds!.dataSync().at(-1)) + 1;
  return tf.unsortedSegmentSum(data!.gather(indices!.toInt()), segmentIds!.toInt() as tf.Tensor1D, segments);
};

const segmentMean = (inputs: Record<string, tf.Tensor>): tf.Tensor => {
  const sums = segmentSum(inputs);
  const counts = tf.unsortedSegmentSum(
    tf.onesLike(inputs['segmentIds']!).toFloat(),
    inputs['segmentIds']!.toInt() as tf.Tensor1D,
    sums.shape[0],
  );
  return sums.div(counts.maximum(1).reshape([-1, ...Array<number>(sums.rank - 1).fill(1)]));
};

interface Crop {
  cropSize: [number, number];
  method: 'bilinear' | 'nearest';
  extrapolationValue: number;
}

/** Boxes of pictures, each resized: `boxes` are [y1, x1, y2, x2], from 0 at the first pixel's middle to 1 at the last's. */
function cropAndResize(
  { image, boxes, boxInd }: Record<string, tf.Tensor>,
  { cropSize, method, extrapolationValue }: Crop,
): tf.Tensor {
  const [y1, x1, y2, x2] = tf.split(boxes!, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const along = (from: tf.Tensor, to: tf.Tensor, count: number, size: number): tf.Tensor =>
    (count > 1 ? from.add(to.sub(from).mul(tf.range(0, count).div(count - 1))) : from.add(to).div(2)).mul(size - 1);
  const [, height, width] = image!.shape as [number, number, number];
  const y = along(y1, y2, cropSize[0], height).expandDims(2);
  const x = along(x1, x2, cropSize[1], width).expandDims(1);
  const inside = y
    .greaterEqual(0)
    .logicalAnd(y.lessEqual(height - 1))
    .logicalAnd(x.greaterEqual(0).logicalAnd(x.lessEqual(width - 1)));
  const values = sample(image!, boxInd!, y.add(tf.zerosLike(x)), x.add(tf.zerosLike(y)), method, extrapolationValue);
  return tf.where(inside.expandDims(3), values, tf.fill(values.shape, extrapolationValue));
}

interface Projection {
  interpolation: 'nearest' | 'bilinear';
  fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest';
  fillValue: number;
  outputShape?: [number, number];
}

/** A pixel's place as `fillMode` sees it: outside the picture, inside again. */
function folded(place: tf.Tensor, size: number, mode: Projection['fillMode']): tf.Tensor {
  if (mode === 'constant') return place;
  if (mode === 'nearest' || size === 1) return place.clipByValue(0, size - 1);
  if (mode === 'wrap') {
    const turns = place
      .less(0)
      .toFloat()
      .mul(
        place
          .neg()
          .div(size - 1)
          .floor()
          .add(1),
      )
      .sub(
        place
          .greater(size - 1)
          .toFloat()
          .mul(place.div(size - 1).floor()),
      );
    return place.add(turns.mul(size)).clipByValue(0, size - 1);
  }
  const period = 2 * size;
  const once = place.sub(place.div(period).floor().mul(period)); // 0 up to the period
  return tf.where(once.greaterEqual(size), once.neg().add(period - 1), once).clipByValue(0, size - 1);
}

/** Pictures by projections of eight numbers: where each output pixel's value is found in the input. */
export function project(
  { image, transforms }: Record<string, tf.Tensor>,
  { interpolation, fillMode, fillValue, outputShape }: Projection,
): tf.Tensor {
  const [batch, height, width] = image!.shape as [number, number, number];
  const [rows, columns] = outputShape ?? [height, width];
  const [a0, a1, a2, b0, b1, b2, c0, c1] = tf.split<tf.Tensor>(transforms!.expandDims(2), 8, 1);
  const x = tf.range(0, columns).reshape([1, 1, columns]);
  const y = tf.range(0, rows).reshape([1, rows, 1]);
  const scale = c0!.mul(x).add(c1!.mul(y)).add(1);
  const inX = folded(a0!.mul(x).add(a1!.mul(y)).add(a2!).div(scale), width, fillMode);
  const inY = folded(b0!.mul(x).add(b1!.mul(y)).add(b2!).div(scale), height, fillMode);
  const shape = [batch, rows, columns];
  const values = sample(
    image!,
    tf.range(0, batch, 1, 'int32'),
    inY.broadcastTo(shape),
    inX.broadcastTo(shape),
    interpolation,
    fillValue,
  );
  return tf.where(
    scale.equal(0).expandDims(3).broadcastTo<tf.Rank>(values.shape),
    tf.fill(values.shape, fillValue),
    values,
  );
}

/** x over a power of the sum of its neighbours' squares, along the last axis. */
function localResponse(x: tf.Tensor, { depthRadius, bias, alpha, beta }: Response): tf.Tensor {
  const pad = x.shape.map((_, i): [number, number] => (i === x.rank - 1 ? [depthRadius, depthRadius] : [0, 0]));
  const squares = tf.pad(x.square(), pad);
  const shifts = Array.from({ length: 2 * depthRadius + 1 }, (_, k) =>
    squares.slice([...Array<number>(x.rank - 1).fill(0), k], x.shape),
  );
  return x.div(tf.addN(shifts).mul(alpha).add(bias).pow(beta));
}
interface Response {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

interface Resize {
  size: [number, number];
  halfPixelCenters: boolean;
}

/** A picture at another size, between pixels that are squares: the middle of the first is half a pixel from the rim. */
const resize =
  (method: 'bilinear' | 'nearest'): Definition<Resize> =>
  ({ images }, { size: [rows, columns] }) => {
    const [batch, height, width] = images!.shape as [number, number, number];
    const along = (count: number, size: number): tf.Tensor => {
      const places = tf
        .range(0, count)
        .add(0.5)
        .mul(size / count);
      return (method === 'bilinear' ? places.sub(0.5) : places.floor()).clipByValue(0, size - 1);
    };
    const shape = [batch, rows, columns];
    const y = along(rows, height).reshape([1, rows, 1]).broadcastTo(shape);
    const x = along(columns, width).reshape([1, 1, columns]).broadcastTo(shape);
    return sample(images!, tf.range(0, batch, 1, 'int32'), y, x, method, 0);
  };

const isPlain = (): boolean => tf.getBackend() !== 'tensorflow';

/** Means over windows, of what of each is inside. */
const averages: Definition<Pooling> = ({ x }, attributes) => {
  const look = { ...poolWindows(x!, attributes), fill: 0 };
  return windows(x!, look)
    .sum(0)
    .div(windows(tf.onesLike(x!), look).sum(0));
};

interface Convolution {
  strides: number | [number, number];
  pad: 'same' | 'valid';
  dilations: number | [number, number];
}

const isDilated = ({ dilations }: Convolution): boolean => [dilations].flat().some((d) => d > 1);

/** A convolution whose filter has gaps: what each place of the filter sees, times its weights. */
const dilatedConvolution: Definition<Convolution> = ({ x, filter }, { strides, pad, dilations }) => {
  const info = tf.backend_util.computeConv2DInfo(x!.shape as never, filter!.shape as never, strides, dilations, pad);
  const seen = windows(x!, { ...spaces(info), fill: 0 });
  const [height, width, depth, filters] = filter!.shape as [number, number, number, number];
  const sums = seen.reshape([height * width, -1, depth]).matMul(filter!.reshape([height * width, depth, filters]));
  return sums.sum(0).reshape([...seen.shape.slice(1, -1), filters]);
};

/** The same where each channel has filters of its own. */
const dilatedDepthwise: Definition<Convolution> = ({ x, filter }, { strides, pad, dilations }) => {
  const { shape } = filter!;
  const info = tf.backend_util.computeConv2DInfo(
    x!.shape as never,
    shape as never,
    strides,
    dilations,
    pad,
    undefined,
    true,
  );
  const seen = windows(x!, { ...spaces(info), fill: 0 });
  const [height, width, depth, filters] = shape as [number, number, number, number];
  const weights = filter!.reshape([height * width, 1, 1, 1, depth, filters]);
  return seen
    .expandDims(-1)
    .mul(weights)
    .sum(0)
    .reshape([...seen.shape.slice(1, -1), depth * filters]);
};

interface MaxPooling {
  filterSize: number | [number, number];
  strides: number | [number, number];
  pad: 'same' | 'valid';
}

export const definitions: tf.GradConfig[] = [
  defined('Cumprod', ['x'], cumprod),
  defined('TopK', ['x'], topk),
  defined('MaxPoolWithArgmax', ['x'], ({ x }, { filterSize, strides, pad }: MaxPooling) =>
    tf.maxPool(x as tf.Tensor4D, filterSize, strides, pad),
  ),
  defined('Bincount', ['weights'], count, ['x']),
  defined('DenseBincount', ['weights'], count, ['x']),
  defined('SparseSegmentSum', ['data'], segmentSum, ['indices', 'segmentIds']),
  defined('SparseSegmentMean', ['data'], segmentMean, ['indices', 'segmentIds']),
  defined('CropAndResize', ['image', 'boxes'], cropAndResize, ['boxInd']),
  defined('Transform', ['image', 'transforms'], project),
  // `y` is what x makes of itself: its share is in that of x.
  defined(
    'LRNGrad',
    ['x', 'dy'],
    ({ x, dy }, attributes: Response) => backThrough((v) => localResponse(v, attributes), x!, dy!),
    ['y'],
  ),
  // tfjs' own does not sum over what was repeated.
  defined('SquaredDifference', ['a', 'b'], ({ a, b }) => a!.sub(b!).square()),
  defined('Maximum', ['a', 'b'], ({ a, b }) => tf.where(a!.greaterEqual(b!), a!, b!)),
  defined('Minimum', ['a', 'b'], ({ a, b }) => tf.where(a!.lessEqual(b!), a!, b!)),
  // A quotient without its fraction is a staircase; tfjs' own is that of the whole quotient.
  {
    kernelName: 'FloorDiv',
    inputsToSave: ['a', 'b'],
    gradFunc: (_, [a, b]) => ({ a: () => tf.zerosLike(a!), b: () => tf.zerosLike(b!) }),
  },
  // tfjs' own knows no half pixels, and but on the native library it divides by the whole window at the rim as well.
  definedWhere(({ halfPixelCenters }: Resize) => halfPixelCenters, 'ResizeBilinear', resize('bilinear')),
  definedWhere(({ halfPixelCenters }: Resize) => halfPixelCenters, 'ResizeNearestNeighbor', resize('nearest')),
  definedWhere(isPlain, 'AvgPool', averages),
  definedWhere(isPlain, 'AvgPool3D', averages),
  definedWhere(isDilated, 'Conv2D', dilatedConvolution),
  definedWhere(isDilated, 'DepthwiseConv2dNative', dilatedDepthwise),
];
