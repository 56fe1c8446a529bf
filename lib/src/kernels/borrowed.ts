// Kernels that a backend lacks, and four of the plain backend's that go wrong.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { project } from './definitions';
import { readEquation } from './einsum';

interface PlainBackend {
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.backend_util.BackendValues): tf.TensorInfo;
  data: { get(id: object): { values: tf.backend_util.TypedArray } };
  disposeData(id: object, force?: boolean): boolean;
}

const kernelsOf = (backendName: string): ReadonlyMap<string, tf.KernelFunc> =>
  new Map(tf.getKernelsForBackend(backendName).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));

/** Lets a backend that is registered compute with every kernel of the plain one, and with ours. */
export function completeKernels(backendName: string): void {
  const own = kernelsOf(backendName);
  const put = (kernelName: string, kernelFunc: tf.KernelFunc): void => {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  };
  for (const [name, kernelFunc] of kernelsOf('cpu')) if (!own.has(name)) put(name, onPlainBackend(kernelFunc));
  // The plain backend's returns after the first picture of several.
  put('Transform', ({ inputs, attrs }) => tf.tidy(() => project(inputs as Record<string, tf.Tensor>, attrs as never)));
  if (backendName !== 'cpu') return;
  const mended = <A>(name: string, mend: (inputs: Tensors, attributes: A, run: Run<A>) => tf.Tensor): void => {
    const kernel = own.get(name)!;
    put(name, ({ inputs, backend, attrs }) =>
      tf.tidy(() =>
        mend(
          inputs as Tensors,
          attrs as A,
          (given, attributes) => kernel({ inputs: given, backend, attrs: attributes as tf.NamedAttrMap }) as tf.Tensor,
        ),
      ),
    );
  };
  // It writes into the tensor that it is given.
  mended('TensorScatterUpdate', (inputs, attributes, run) =>
    run({ ...inputs, tensor: inputs['tensor']!.add(0) }, attributes),
  );
  // It mixes up the axes where one is left out, unless all steps are 1.
  mended<Strides>('StridedSlice', ({ x }, given, run) => {
    const { begin, end, strides, finalShape, isIdentity, sliceDim0, isSimpleSlice } = tf.slice_util.sliceInfo(
      x!.shape,
      given.begin,
      given.end,
      given.strides,
      given.beginMask,
      given.endMask,
      given.ellipsisMask,
      given.newAxisMask,
      given.shrinkAxisMask,
    );
    if (given.shrinkAxisMask === 0 || isIdentity || sliceDim0 || isSimpleSlice) return run({ x: x! }, given);
    const places = begin.map((from, axis) => {
      const count = Math.max(0, Math.ceil((end[axis]! - from) / strides[axis]!));
      return tf.tensor1d(
        Array.from({ length: count }, (_, k) => from + k * strides[axis]!),
        'int32',
      );
    });
    return places.reduce((rest, indices, axis) => rest.gather(indices, axis), x!).reshape(finalShape);
  });
  // It forgets to sum over an index that stands in one operand alone.
  mended<{ equation: string }>('Einsum', (inputs, { equation }, run) => {
    const { indices, out } = readEquation(equation);
    const sums = indices.map((own, k) => {
      const elsewhere = out + indices.filter((_, i) => i !== k).join('');
      const alone = [...own].flatMap((index, axis) => (elsewhere.includes(index) ? [] : [axis]));
      const rest = [...own].filter((_, axis) => !alone.includes(axis)).join('');
      return { rest, x: alone.length > 0 ? inputs[k]!.sum(alone) : inputs[k]! };
    });
    const operands = sums.map(({ x }) => x);
    const remaining = `${sums.map(({ rest }) => rest).join(',')}->${out}`;
    const result = run(operands as unknown as Tensors, { equation: remaining }); // tfjs gives this kernel a list
    return operands.find((x) => x === result)?.clone() ?? result; // where there is nothing left to do it returns that
  });
}

type Tensors = Record<string, tf.Tensor>;
type Run<A> = (inputs: Tensors, attributes: A) => tf.Tensor;
type Mask = 'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask';
type Strides = Record<'begin' | 'end' | 'strides', number[]> & Record<Mask, number>;

const onPlainBackend =
  (kernelFunc: tf.KernelFunc): tf.KernelFunc =>
  ({ inputs, attrs }) => {
    const backend = tf.findBackend('cpu') as unknown as PlainBackend;
    const lend = (x: tf.TensorInfo): tf.TensorInfo =>
      backend.makeTensorInfo(x.shape, x.dtype, tf.engine().readSync(x.dataId));
    const lent = Object.fromEntries(
      Object.entries(inputs).map(([name, x]) => [
        name,
        Array.isArray(x) ? (x as tf.TensorInfo[]).map(lend) : x && lend(x),
      ]),
    );
    const results = [kernelFunc({ inputs: lent as tf.NamedTensorInfoMap, attrs, backend })].flat();
    const given = results.map(({ dataId, shape, dtype }) => tf.tensor(backend.data.get(dataId).values, shape, dtype));
    for (const one of [...Object.values(lent).flat(), ...results]) if (one) backend.disposeData(one.dataId, true);
    return given.length > 1 ? given : given[0]!;
  };
