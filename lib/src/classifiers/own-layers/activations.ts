// Activations that tfjs lacks, each as TensorFlow computes it; at a kink the gradient is TensorFlow's too.
import { tf } from '../../tf';
import { defineLayer } from './define';

const where = (condition: tf.Tensor, yes: tf.Tensor, no: tf.Tensor): tf.Tensor => tf.where(condition, yes, no);
const relu6 = (x: tf.Tensor): tf.Tensor => where(x.greaterEqual(6), tf.fill(x.shape, 6), x.relu());
const hardSigmoid = (x: tf.Tensor): tf.Tensor => relu6(x.add(3)).div(6);

/** As Keras has it, which adds up running sums where arXiv:1602.02068 has the values themselves. */
function sparsemax(x: tf.Tensor): tf.Tensor {
  const { values } = tf.topk(x, x.shape.at(-1), true);
  const sums = values.cumsum(-1);
  const support = values.sub(sums.sub(1).div(tf.range(1, x.shape.at(-1)! + 1))).greater(0);
  const count = support.toFloat().sum(-1, true);
  const total = sums.mul(support.toFloat()).sum(-1, true);
  return x.sub(total.sub(1).div(count)).relu();
}

/** By their names in Keras; what Keras 2 and 3 compute otherwise under one name is told apart by `keras_3_`. */
const ACTIVATIONS: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  exponential: (x) => x.exp(),
  leaky_relu: (x) => tf.leakyRelu(x, 0.2),
  log_sigmoid: (x) => x.neg().softplus().neg(),
  keras_3_hard_sigmoid: hardSigmoid,
  hard_silu: (x) => x.mul(hardSigmoid(x)),
  hard_tanh: (x) => x.clipByValue(-1, 1),
  hard_shrink: (x) => where(x.abs().greater(0.5), x, tf.zerosLike(x)),
  soft_shrink: (x) => where(x.greater(0.5), x.sub(0.5), where(x.less(-0.5), x.add(0.5), tf.zerosLike(x))),
  tanh_shrink: (x) => x.sub(x.tanh()),
  celu: (x) => x.maximum(0).add(x.minimum(0).expm1()),
  squareplus: (x) => x.add(x.square().add(4).sqrt()).div(2),
  sparse_plus: (x) => where(x.lessEqual(-1), tf.zerosLike(x), where(x.less(1), x.add(1).square().div(4), x)),
  sparse_sigmoid: (x) =>
    where(x.lessEqual(-1), tf.zerosLike(x), where(x.greaterEqual(1), tf.onesLike(x), x.add(1).div(2))),
  sparsemax,
};
/** The names of these activations. */
export const ownActivations: readonly string[] = Object.keys(ACTIVATIONS);

for (const [name, apply] of Object.entries(ACTIVATIONS)) {
  const className = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()); // as tfjs looks it up
  class OwnActivation extends tf.serialization.Serializable {
    static readonly className = className;
    apply(x: tf.Tensor): tf.Tensor {
      return tf.tidy(() => apply(x));
    }
    override getConfig(): tf.serialization.ConfigDict {
      return {};
    }
  }
  tf.serialization.registerClass(OwnActivation);
}

interface ReLU {
  maxValue?: number | null;
  negativeSlope?: number;
  threshold?: number;
}

/** Keras' ReLU with all its options; tfjs' own knows the highest value alone. */
defineLayer('KerasReLU', {
  call: (x, _, { maxValue, negativeSlope: slope = 0, threshold = 0 }: ReLU) => {
    const positive = threshold === 0 ? (maxValue === 6 ? relu6(x) : x.relu()) : x.mul(x.greater(threshold).toFloat());
    const clipped = typeof maxValue === 'number' ? positive.clipByValue(0, maxValue) : positive;
    return slope === 0 ? clipped : clipped.sub(x.neg().add(threshold).relu().mul(slope));
  },
});

/** ELU with another slope than 1 at 0, which tfjs refuses. */
defineLayer('KerasELU', { call: (x, _, { alpha }: { alpha: number }) => where(x.greater(0), x, x.elu().mul(alpha)) });

/** A softmax over other axes than the last, or over several. */
defineLayer('KerasSoftmax', {
  call: (x, _, { axis }: { axis: number | number[] }) => x.sub(x.logSumExp(axis, true)).exp(),
});
