import { tf } from '../tf';
import type { Attribute, NativeRun } from '../native';

/** An operation of oneDNN's, by name, and the attributes that choose it. */
interface OneDnn {
  name: string;
  attributes: Record<string, Attribute>;
}

/**
 * The same operation out of oneDNN, which TensorFlow carries on x64. It would mostly come to that by itself, but writes
 * the operation anew each time, which small ones feel. Elsewhere the operation itself.
 */
export function oneDnn(run: NativeRun, name: string, attributes: Record<string, Attribute>): OneDnn {
  return hasOneDnn(run)
    ? { name: `_MklNative${name}`, attributes: { ...attributes, _kernel: { text: 'MklNameChangeOp' } } }
    : { name, attributes };
}

let known: boolean | undefined;

/** Whether this machine's TensorFlow has oneDNN's operations: asked once, by using one. */
export function hasOneDnn(run: NativeRun): boolean {
  return (known ??= tf.tidy(() => {
    try {
      const x = tf.ones([1, 2, 2, 1]);
      const attributes: Record<string, Attribute> = {
        ksize: { int: [1, 2, 2, 1] },
        strides: { int: [1, 2, 2, 1] },
        padding: { text: 'VALID' },
        data_format: { text: 'NHWC' },
        _kernel: { text: 'MklNameChangeOp' },
        workspace_enabled: { bool: true },
      };
      const [y, places] = run('_MklNativeMaxPool', [x], attributes, 2) as [tf.Tensor, tf.Tensor];
      return run('_MklNativeMaxPoolGrad', [x, y, y, places], attributes)[0]!.sum().dataSync()[0] === 1;
    } catch {
      return false; // it says that there is no such operation, or none for this processor
    }
  }));
}
