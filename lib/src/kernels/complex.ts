// Gradients of complex numbers. As in TensorFlow, that of a real loss by z = a + bi is dL/da + i dL/db: for a function
// f of z the conjugate of its derivative times dy.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file

export type Named<T> = Record<string, T>;
/** From the gradient by a kernel's outputs, to that by each of its inputs. */
export type Gradient = (dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[], attributes: object) => Named<() => tf.Tensor>;

export const isComplex = (x: tf.Tensor | null | undefined): boolean => x?.dtype === 'complex64';

/** A complex tensor as two real ones, which every backend can compute with. */
type Parts = [real: tf.Tensor, imaginary: tf.Tensor];
const partsOf = (z: tf.Tensor): Parts => (isComplex(z) ? [tf.real(z), tf.imag(z)] : [z, tf.zerosLike(z)]);
const joined = ([real, imaginary]: Parts): tf.Tensor => tf.complex(real, imaginary);
const times = ([a, b]: Parts, [c, d]: Parts): Parts => [a.mul(c).sub(b.mul(d)), a.mul(d).add(b.mul(c))];
const scaled = (z: Parts, by: number | tf.Tensor): Parts => z.map((part) => part.mul(by)) as Parts;
const conjugate = ([a, b]: Parts): Parts => [a, b.neg()];
const over = (z: Parts, w: Parts): Parts => {
  const square = w[0].square().add(w[1].square());
  return scaled(times(z, conjugate(w)), square.reciprocal());
};

/** Sums over the axes along which x was repeated. */
function summedTo(x: tf.Tensor, parts: Parts): Parts {
  const axes = tf.broadcast_util.getReductionAxes(x.shape, parts[0].shape);
  return parts.map((part) => part.sum(axes).reshape(x.shape)) as Parts;
}

/** Kernels that do more than the same to both parts: from dy and what tfjs saves for them to the inputs' gradients. */
const special: Named<(dy: Parts, saved: tf.Tensor[]) => Named<() => Parts>> = {
  Complex: ([real, imaginary]) => ({ real: () => [real, imaginary], imag: () => [imaginary, real] }),
  Real: ([dy]) => ({ input: () => [dy, tf.zerosLike(dy)] }),
  Imag: ([dy]) => ({ input: () => [tf.zerosLike(dy), dy] }),
  ComplexAbs: ([dy], [z]) => ({ x: () => scaled(partsOf(z!), dy.divNoNan(z!.abs())) }),
  FFT: (dy) => ({ input: () => scaled(partsOf(tf.spectral.ifft(joined(dy))), dy[0].shape.at(-1)!) }),
  IFFT: (dy) => ({ input: () => scaled(partsOf(tf.spectral.fft(joined(dy))), 1 / dy[0].shape.at(-1)!) }),
  Multiply: (dy, [a, b]) => ({
    a: () => summedTo(a!, times(dy, conjugate(partsOf(b!)))),
    b: () => summedTo(b!, times(dy, conjugate(partsOf(a!)))),
  }),
  RealDiv: (dy, [a, b]) => {
    const byA = (): Parts => over(dy, conjugate(partsOf(b!)));
    return {
      a: () => summedTo(a!, byA()),
      b: () => summedTo(b!, scaled(times(byA(), conjugate(over(partsOf(a!), partsOf(b!)))), -1)),
    };
  },
};

/** The number of a tensor that no kernel makes. */
export const nextId = (): number => (tf.engine() as unknown as { nextTensorId(): number }).nextTensorId();

/** What stands for a complex tensor on the tape: two real ones, of which only number, shape and type count. */
const standIns = new WeakMap<tf.Tensor, Parts>();

function standInsOf(z: tf.Tensor): Parts {
  const one = (): tf.Tensor => {
    const { shape, size } = z;
    return { id: nextId(), dtype: 'float32', shape, size } as unknown as tf.Tensor;
  };
  const found = standIns.get(z) ?? [one(), one()];
  standIns.set(z, found);
  return found;
}

const nameOf = (name: string, part: 'real' | 'imaginary'): string => `${name}, ${part}`;

/** Tensors by name, with two stand-ins in place of each complex one. */
export const inParts = (tensors: Named<tf.Tensor>): Named<tf.Tensor> =>
  Object.fromEntries(
    Object.entries(tensors).flatMap(([name, x]): [string, tf.Tensor][] => {
      if (!isComplex(x)) return [[name, x]];
      const [real, imaginary] = standInsOf(x);
      return [
        [nameOf(name, 'real'), real],
        [nameOf(name, 'imaginary'), imaginary],
      ];
    }),
  );

/** A kernel's gradient, `own` where its tensors are real, as one between the parts of its tensors. */
export function betweenParts(kernelName: string, own: Gradient, outputs: readonly tf.Tensor[]): Gradient {
  return (dys, saved, attributes) => {
    const left = [dys].flat();
    const whole = outputs.map((y): Parts => {
      const real = left.shift()!;
      return [real, isComplex(y) ? left.shift()! : tf.zerosLike(real)];
    });
    // Most kernels that take complex numbers do the same to both parts, as reshape and add.
    const part = (which: 0 | 1): Named<() => tf.Tensor> => {
      const dy = whole.map((parts) => parts[which]);
      return own(dy.length > 1 ? dy : dy[0]!, saved, attributes);
    };
    const both = (): Named<() => Parts> => {
      const [real, imaginary] = [part(0), part(1)];
      return Object.fromEntries(Object.keys(real).map((name) => [name, () => [real[name]!(), imaginary[name]!()]]));
    };
    const gradients = special[kernelName]?.(whole[0]!, saved) ?? both();
    return Object.fromEntries(
      Object.entries(gradients).flatMap(([name, gradient]) => [
        [name, () => gradient()[0]], // where the input is real
        [nameOf(name, 'real'), () => gradient()[0]],
        [nameOf(name, 'imaginary'), () => gradient()[1]],
      ]),
    );
  };
}
