import { isRecording, seesDefinition } from '../compile/record';
import { tf } from '../tf';
import { checkVectors, type Vectors } from './vectors';

type Form<Options extends unknown[]> = (vectors: Vectors, ...options: Options) => tf.Scalar;

/**
 * A loss that is defined in plain tensor operations and has a second, faster form. Called, it computes by the latter;
 * `plain` is the definition: the same value and gradient to float32, only slower.
 */
export type FastLoss<Loss> = Loss & {
  /** The definition, in plain tensor operations. */
  readonly plain: Loss;
};

/**
 * A loss of vectors by its definition in plain tensor operations, its one form: `plain` is the loss itself. It leaves no
 * tensor behind, and throws a DescentError for what is no list of vectors.
 */
export function ofVectors<Options extends unknown[]>(
  definition: Form<Options>,
): Form<Options> & { readonly plain: Form<Options> } {
  const plain: Form<Options> = (vectors, ...options) => {
    checkVectors(vectors);
    return tf.tidy(() => definition(vectors, ...options));
  };
  return Object.assign(plain, { plain });
}

/** A loss's value, and its gradient, of the vectors' shape, by formulae in place of TensorFlow's tape. */
export type ByHand<Options extends unknown[] = []> = (
  vectors: Vectors,
  ...options: Options
) => { value: tf.Scalar; gradient: () => tf.Tensor };

/**
 * Binds a loss's definition in plain tensor operations to the same loss with its gradient written by hand. The result can
 * be differentiated as often as the definition: its gradient is the one by hand, but the definition's where that is to be
 * differentiated again, and where it is recorded to be compiled. Both forms throw a DescentError for what is no list of vectors.
 */
export function fast<Options extends unknown[], Loss>(
  plain: Loss & Form<Options>,
  byHand: ByHand<Options>,
): FastLoss<Loss> {
  const definition = ofVectors(plain);
  const loss = (vectors: Vectors, ...options: Options): tf.Scalar => {
    if (isRecording()) {
      seesDefinition();
      return definition(vectors, ...options);
    }
    checkVectors(vectors);
    const wanted = onTape();
    const withGradient = tf.customGrad((x, save) => {
      const { value, gradient } = byHand(x as Vectors, ...options);
      if (wanted) (save as tf.GradSaveFunc)([x as tf.Tensor, gradient()]);
      const again = tf.grad((v) => plain(v as Vectors, ...options));
      return { value, gradFunc: (dy, [v, slope]) => (onTape() ? again(v!, dy) : times(slope!, dy)) };
    });
    return withGradient(vectors) as tf.Scalar;
  };
  return Object.assign(loss, definition) as unknown as FastLoss<Loss>;
}

/** Whether somebody is going to differentiate what is computed now. */
const onTape = (): boolean => tf.engine().isTapeOn();

/** Without an operation in the common case, where the loss is all that is differentiated. */
const times = (gradient: tf.Tensor, dy: tf.Tensor): tf.Tensor =>
  dy.dataSync()[0] === 1 ? gradient.clone() : gradient.mul(dy);
