import { tf } from '../tf';
import { nativeRun, type Attribute, type NativeRun } from '../native';

/** Which implementation of an operation TensorFlow takes; this one belongs to oneDNN's. */
const ONEDNN = { _kernel: { text: 'MklNameChangeOp' }, workspace_enabled: { bool: true } } as const;

/**
 * The largest of each window of x [batch, height, width, channels]; of equal ones the first gets the gradient. What
 * `same` pads is never the largest.
 *
 * TensorFlow's MaxPoolGrad looks for the largest values a second time, one by one: it is the dearest operation of a
 * gradient. oneDNN's pooling, which TensorFlow carries on x64, remembers where they were; Keras is given it,
 * single operations have to ask for it by name. The result is the same to the last bit, the gradient takes an eighth of
 * the time.
 */
export function maxPool(
  x: tf.Tensor4D,
  size: [number, number],
  strides: [number, number],
  padding: 'valid' | 'same' = 'valid',
): tf.Tensor4D {
  const run = nativeRun();
  if (!run || !remembers(run)) return tf.maxPool(x, size, strides, padding);
  return tf.customGrad((input, save) => {
    const attributes = { ...window(size, strides, padding), ...ONEDNN };
    const [y, places] = run('_MklNativeMaxPool', [input as tf.Tensor], attributes, 2) as [tf.Tensor4D, tf.Tensor];
    (save as tf.GradSaveFunc)([input as tf.Tensor, y, places]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [values, largest, where] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      return run('_MklNativeMaxPoolGrad', [values, largest, dy, where], attributes)[0]!;
    };
    return { value: y, gradFunc };
  })(x);
}

const window = (
  [height, width]: [number, number],
  [down, right]: [number, number],
  padding = 'valid',
): Record<string, Attribute> => ({
  ksize: { int: [1, height, width, 1] },
  strides: { int: [1, down, right, 1] },
  padding: { text: padding.toUpperCase() },
  data_format: { text: 'NHWC' },
});

let known: boolean | undefined;

/** Whether this machine's TensorFlow has oneDNN's pooling: asked once, by using it. */
function remembers(run: NativeRun): boolean {
  return (known ??= tf.tidy(() => {
    try {
      const x = tf.ones([1, 2, 2, 1]);
      const attributes = { ...window([2, 2], [2, 2]), ...ONEDNN };
      const [y, places] = run('_MklNativeMaxPool', [x], attributes, 2) as [tf.Tensor, tf.Tensor];
      return run('_MklNativeMaxPoolGrad', [x, y, y, places], attributes)[0]!.sum().dataSync()[0] === 1;
    } catch {
      return false; // it says that there is no such operation, or none for this processor
    }
  }));
}
