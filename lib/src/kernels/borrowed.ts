// Kernels that a backend lacks, and seven of the plain backend's that go wrong.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { project } from './definitions';
import { readEquation } from './einsum';

const kernelsOf = (backendName: string): ReadonlyMap<string, tf.KernelFunc> =>
  new Map(tf.getKernelsForBackend(backendName).map(({ kernelName, kernelFunc }) => [kernelName, kernelFunc]));

/** Lets a backend that is registered compute with every kernel of the plain one, and with ours. */
export function completeKernels(backendName: string): void {
  const own = kernelsOf(backendName);
  const put = (kernelName: string, kernelFunc: tf.KernelFunc): void => {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ kernelName, backendName, kernelFunc });
  };
  for (const [name, kernelFunc] of kernelsOf('cpu')) if (!own.has(name)) put(name, borrowed(kernelFunc));
  // The plain backend's returns after the first picture of several.
  put('Transform', ({ inputs, attrs }) => tf.tidy(() => project(inputs as Record<string, tf.Tensor>, attrs as never)));
  if (backendName !== 'cpu') return;
  const mended = <A>(name: string, mend: (inputs: Tensors, attributes: A, run: Run<A>) => tf.TensorInfo): void => {
    const kernel = own.get(name)!;
    put(name, ({ inputs, backend, attrs }) => {
      const run: Run<A> = (given, attributes) =>
        kernel({ inputs: given, backend, attrs: attributes as tf.NamedAttrMap }) as tf.TensorInfo;
      return tf.tidy(() => mend(inputs as Tensors, attrs as A, run) as tf.Tensor);
    });
  };
  // It writes into the tensor that it is given.
  mended('TensorScatterUpdate', (inputs, attributes, run) =>
    run({ ...inputs, tensor: inputs['tensor']!.add(tf.zerosLike(inputs['tensor']!)) }, attributes),
  );
  // It turns the picture's sides round.
  mended('ResizeBilinearGrad', (inputs, attributes, run) => ({
    ...run(inputs, attributes),
    shape: inputs['images']!.shape,
  }));
  // It goes through both batches side by side, which leaves pairs out where each repeats the other.
  mended('BatchMatMul', ({ a, b }, attributes, run) => {
    const batch = sharedBatch(a!, b!);
    if (!batch) return run({ a: a!, b: b! }, attributes);
    const [wholeA, wholeB] = [a!, b!].map((x) => x.broadcastTo([...batch, ...x.shape.slice(-2)])) as [
      tf.Tensor,
      tf.Tensor,
    ];
    return run({ a: wholeA, b: wholeB }, attributes);
  });
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
  // It goes through all numbers for each segment, and keeps what it makes of them until the end.
  mended<{ numSegments: number }>('UnsortedSegmentSum', ({ x, segmentIds }, { numSegments }) => {
    const shape = [numSegments, ...x!.shape.slice(segmentIds!.rank)];
    const width = tf.util.sizeFromShape(shape.slice(1));
    const sums = new Float64Array(numSegments * width);
    const values = x!.dataSync();
    segmentIds!.dataSync().forEach((segment, i) => {
      if (segment < 0 || segment >= numSegments) return;
      for (let k = 0; k < width; k++) sums[segment * width + k]! += values[i * width + k]!;
    });
    return tf.tensor(x!.dtype === 'int32' ? Int32Array.from(sums) : Float32Array.from(sums), shape, x!.dtype);
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

/** The batch of two stacks of matrices where each of them repeats the other's; undefined where one is all of it. */
export function sharedBatch(a: tf.Tensor, b: tf.Tensor): number[] | undefined {
  const [ofA, ofB] = [a, b].map(({ shape }) => shape.slice(0, -2)) as [number[], number[]];
  const batch = tf.backend_util.assertAndGetBroadcastShape(ofA, ofB);
  const size = tf.util.sizeFromShape(batch);
  return [ofA, ofB].some((own) => tf.util.sizeFromShape(own) === size) ? undefined : batch;
}

type Tensors = Record<string, tf.Tensor>;
type Run<A> = (inputs: Tensors, attributes: A) => tf.TensorInfo;
type Mask = 'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask';
type Strides = Record<'begin' | 'end' | 'strides', number[]> & Record<Mask, number>;

/** The backend in plain JavaScript, which every process has. */
export function plainBackend(): tf.KernelBackend {
  const backend = tf.findBackend('cpu') as tf.KernelBackend & { firstUse?: boolean };
  backend.firstUse = false; // it would recommend the native library
  return backend;
}

/** A kernel of the plain backend for another: what it is given moves there, and what it makes stays until it is used. */
export const borrowed =
  (kernelFunc: tf.KernelFunc): tf.KernelFunc =>
  ({ inputs, attrs }) => {
    const backend = plainBackend();
    const results = [kernelFunc({ inputs, attrs, backend })].flat();
    const tensors = results.map((y) => (y instanceof tf.Tensor ? y : tf.engine().makeTensorFromTensorInfo(y, backend)));
    return tensors.length > 1 ? tensors : tensors[0]!;
  };
