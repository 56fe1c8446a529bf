import { tf } from '../../tf';
import { defineLayer } from './define';

const positive = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

interface Groups {
  groups: number;
  axis?: number;
  epsilon?: number;
  center?: boolean;
  scale?: boolean;
}

/** Each group of channels of a picture brought to mean 0 and variance 1: arXiv:1803.08494. */
defineLayer('GroupNormalization', {
  weights: (input, { groups, axis = -1, center = true, scale = true }: Groups) => {
    const channels = input[positive(axis, input.length + 1) - 1]!;
    if (groups !== -1 && channels % groups !== 0) {
      throw new Error(`${groups} groups divide ${channels} channels with a rest`);
    }
    const shape = [channels];
    return { ...(scale && { gamma: shape }), ...(center && { beta: shape }) };
  },
  call: (x, { gamma, beta }, { groups, axis = -1, epsilon = 1e-3 }) => {
    const at = positive(axis, x.rank);
    const channels = x.shape[at]!;
    const count = groups === -1 ? channels : groups;
    const split = (shape: readonly number[]): number[] => [
      ...shape.slice(0, at),
      count,
      channels / count,
      ...shape.slice(at + 1),
    ];
    const grouped = x.reshape(split(x.shape));
    const axes = grouped.shape.map((_, i) => i).filter((i) => i !== 0 && i !== at);
    const { mean, variance } = tf.moments(grouped, axes, true);
    const single = split(x.shape.map(() => 1));
    const plain = grouped.sub(mean).mul(variance.add(epsilon).rsqrt());
    const scaled = gamma ? plain.mul(gamma.reshape(single)) : plain;
    return (beta ? scaled.add(beta.reshape(single)) : scaled).reshape(x.shape);
  },
});

/** Divided by its length along the axes. */
defineLayer('UnitNormalization', {
  call: (x, _, { axis = -1 }: { axis?: number | number[] }) => x.mul(x.square().sum(axis, true).maximum(1e-12).rsqrt()),
});

/** Divided by the root of its mean square: arXiv:1910.07467. */
defineLayer('RMSNormalization', {
  weights: (input) => ({ scale: [input.at(-1)!] }),
  call: (x, { scale }, { epsilon = 1e-6 }: { epsilon?: number }) =>
    x.mul(x.square().mean(-1, true).add(epsilon).rsqrt()).mul(scale!),
});

/** A factor for each channel, as ConvNeXt has it. */
defineLayer('LayerScale', {
  weights: (_, { projectionDim }: { projectionDim: number }) => ({ gamma: [projectionDim] }),
  call: (x, { gamma }) => x.mul(gamma!),
});

interface Known {
  axis?: number | number[] | null;
  mean?: number | number[] | null;
  variance?: number | number[] | null;
  invert?: boolean;
}

/** The sides that have a mean and a variance each, in their order. */
const keptSides = (rank: number, axis: Known['axis'] = -1): number[] =>
  (axis === null ? [] : [axis].flat()).map((each) => positive(each, rank)).sort((a, b) => a - b);

/** Less the mean, over the root of the variance: both out of the file, or stated. */
defineLayer('Normalization', {
  weights: (input, { axis, mean }: Known): Record<string, readonly number[]> => {
    if (typeof mean === 'number' || Array.isArray(mean)) return {};
    const shape = keptSides(input.length + 1, axis).map((side) => input[side - 1]!);
    return { mean: shape, variance: shape, count: [] };
  },
  call: (x, weights, { axis, mean, variance, invert }) => {
    const kept = keptSides(x.rank, axis);
    const single = x.shape.map((side, i) => (kept.includes(i) ? side : 1));
    const size = tf.util.sizeFromShape(single);
    const brought = (stated: tf.TensorLike | null | undefined, held?: tf.Tensor): tf.Tensor => {
      const value = held ?? tf.tensor(stated!);
      return value.size === size ? value.reshape(single) : value.flatten().tile([size]).reshape(single);
    };
    const centre = brought(mean, weights['mean']);
    const deviation = brought(variance, weights['variance']).sqrt().maximum(1e-7);
    return invert ? x.mul(deviation).add(centre) : x.sub(centre).div(deviation);
  },
});
