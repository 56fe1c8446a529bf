import { tf } from '../../tf';

/** What each of tfjs' merging layers adds to their common kind. */
interface Merge extends tf.layers.Layer {
  mergeFunction(inputs: tf.Tensor[]): tf.Tensor;
}

const [Add] = tf.serialization.SerializationMap.getMap().classNameMap['Add'] as unknown as [
  (new (config: object) => Merge) & Pick<typeof tf.layers.Layer, 'fromConfig'>,
];

/** The first of two inputs less the second: tfjs has all of Keras' merging layers but this one. */
class Subtract extends Add {
  static readonly className = 'Subtract';
  override mergeFunction([from, what]: [tf.Tensor, tf.Tensor]): tf.Tensor {
    return from.sub(what);
  }
}
tf.serialization.registerClass(Subtract);
