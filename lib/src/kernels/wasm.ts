// TensorFlow.js' WebAssembly backend, set right. Version 4.22 lacks kernels, and many that it has answer wrongly, or write
// outside of their tensors, without a word. What it does not do well is left to the backend in plain JavaScript.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { borrowed, sharedBatch } from './borrowed';
import { ownKernels, type WasmBackend } from './wasm-own';
import { poolWindows, spaces, type Pooling } from './windows';

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;
type Attributes = Readonly<Record<string, unknown>>;
type Condition = (inputs: Inputs, attributes: Attributes) => boolean;

/** Kernels that are wrong for some numbers; the plain backend computes all of theirs. */
const WRONG = new Set([
  'Conv3DBackpropFilterV2', // looks at other places where windows are more than a place apart
  'Conv3DBackpropInputV2', // the same, and where there is padding
  'Cos', // has few right digits from 1e11 on
  'Dilation2D', // its largest number begins at 1e-38, so that none is negative
  'Dilation2DBackpropFilter', // looks for that number
  'Dilation2DBackpropInput', // the same
  'Log1p', // zero for numbers below 1e-7
  'MaxPool3D', // its largest number begins at 1e-38
  'MaxPool3DGrad', // looks for that number
  'MaxPoolWithArgmax', // its largest number begins at 1e-38
  'Mod', // zero where the divisor is far larger
  'Prelu', // multiplies positive numbers too, and does not repeat x along alpha
  'RotateWithOffset', // fills pictures of one channel with zero
  'Sign', // zero for numbers below 1e-7
  'Sin', // has few right digits from 1e11 on
  'Transform', // reflects at another place, and takes another of two pixels that are as near
]);

/** Kernels that take NaN for a number, also one that infinite numbers make, which would hide that a descent has failed. */
const HIDE_NAN = new Set(['AvgPool', 'ClipByValue', 'Conv2D', 'DepthwiseConv2dNative', 'FusedConv2D', 'FusedDepthwiseConv2D', 'MaxPool', 'Maximum', 'Minimum', 'Relu6', '_FusedMatMul']); // prettier-ignore

/** Kernels that are right for whole numbers and truth values too. The others read four bytes of anything as a float32. */
const OF_ANY_TYPE = new Set(['Cast', 'GatherV2', 'Identity', 'LogicalAnd', 'LogicalNot', 'LogicalOr', 'Reshape', 'Select']); // prettier-ignore

/** It refuses channels before pixels; padding by a number, or a filter larger than the picture, leads it elsewhere. */
const convolution: Condition = ({ x, filter, bias }, { strides, pad, dilations, dataFormat }) => {
  if (dataFormat === 'NCHW' || typeof pad !== 'string' || (bias && bias.rank !== 1)) return false;
  const { computeConv2DInfo } = tf.backend_util;
  const [shape, filterShape] = [x!.shape, filter!.shape] as [number, number, number, number][];
  return isSomewhere(spaces(computeConv2DInfo(shape!, filterShape!, strides as 1, dilations as 1, pad as 'same')));
};

const pooling: Condition = ({ x }, attributes) =>
  typeof attributes['pad'] === 'string' && isSomewhere(poolWindows(x!, attributes as unknown as Pooling));

/** Whether it is one matrix. */
const isOne = ({ shape }: tf.Tensor): boolean => shape.slice(0, -2).every((size) => size === 1);

const isSomewhere = ({ out }: { out: number[] }): boolean => out.every((places) => places > 0);

/** What a kernel is right for, beside that. */
const CONDITIONS: Readonly<Record<string, Condition>> = {
  AvgPool: pooling,
  BatchMatMul: ({ a, b }) => !sharedBatch(a!, b!),
  Cast: (_, { dtype }) => dtype === 'float32' || dtype === 'int32', // a truth value is the last byte there
  Conv2D: convolution,
  Conv2DBackpropInput: (_, { dataFormat, pad }) => dataFormat !== 'NCHW' && typeof pad === 'string',
  DepthwiseConv2dNative: convolution,
  FusedConv2D: convolution,
  FusedDepthwiseConv2D: convolution,
  MaxPool: pooling,
  Select: ({ t }) => t!.dtype !== 'bool', // it takes every fourth of truth values
  Softmax: ({ logits }) => logits!.rank > 0,
  StridedSlice: (_, { shrinkAxisMask }) => shrinkAxisMask === 0, // it exchanges steps where an axis goes
  // of turned matrices, and of stacks of them, it loses the bias
  _FusedMatMul: ({ a, b }, { transposeA, transposeB }) => isOne(a!) && isOne(b!) && !transposeA && !transposeB,
};

/** Whether no number is infinite or NaN: 0 times such a number is NaN. */
function areFinite(numbers: Float32Array): boolean {
  let zero = 0;
  for (let i = 0; i < numbers.length; i++) zero += 0 * numbers[i]!;
  return zero === 0;
}

/** Sets the backend right, once its kernels are registered: adds what it lacks, and takes away what is wrong. */
export function mendWasmBackend(): void {
  const registered = new Map(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend('cpu')) {
    const kernel = registered.get(kernelName);
    if (kernel) tf.unregisterKernel(kernelName, 'wasm');
    const plain = borrowed(kernelFunc);
    const mended = kernel && !WRONG.has(kernelName) ? whereRight(kernel, plain) : plain;
    tf.registerKernel({ ...kernel, kernelName, backendName: 'wasm', kernelFunc: mended });
  }
}

/** The kernel where it is right, and the plain one elsewhere. */
function whereRight({ kernelName, kernelFunc }: tf.KernelConfig, plain: tf.KernelFunc): tf.KernelFunc {
  const own = ownKernels[kernelName]?.(kernelFunc) ?? kernelFunc;
  const holds = CONDITIONS[kernelName] ?? (() => true);
  const types = OF_ANY_TYPE.has(kernelName) ? ['float32', 'int32', 'bool'] : ['float32'];
  const hidesNaN = HIDE_NAN.has(kernelName);
  return (call) => {
    const inputs = call.inputs as unknown as Inputs;
    const backend = call.backend as WasmBackend;
    const given = Object.values(inputs).filter((x) => x) as tf.Tensor[];
    if (!given.every((x) => types.includes(x.dtype) && x.size > 0)) return plain(call);
    if (!holds(inputs, call.attrs as unknown as Attributes)) return plain(call);
    // What the plain backend made is brought in now: that may grow the memory, which leaves kernels with views of none.
    for (const { dataId } of given) backend.dataIdMap.get(dataId);
    return hidesNaN && !given.every((x) => areFinite(backend.typedArrayFromHeap(x))) ? plain(call) : own(call);
  };
}
