// TensorFlow.js' WebAssembly backend, set right. Version 4.22 lacks kernels, and many that it has answer wrongly, or write
// outside of their tensors, without a word. What it does not do well is left to the backend in plain JavaScript.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { borrowed, sharedBatch } from './borrowed';
import { ownKernels, type WasmBackend } from './wasm-own';
import { poolWindows, spaces, type Pooling } from './windows';

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;
type Attributes = Readonly<Record<string, unknown>>;
type Condition = (inputs: Inputs, attributes: Attributes) => boolean;

/** Kernels that are wrong of some numbers, whatever else is said of them. */
const WRONG = new Set([
  'AvgPoolGrad', // is zero, or another window's, where windows are more than a pixel apart
  'Conv3DBackpropFilterV2', // takes other places where there is padding
  'Conv3DBackpropInputV2', // takes other places where there is padding
  'Cos', // of numbers above 1e11
  'Dilation2D', // begins with 1e-38 as the largest, so nothing is negative
  'Dilation2DBackpropFilter', // looks for what that found
  'Dilation2DBackpropInput', // looks for what that found
  'MaxPool3D', // begins with 1e-38 as the largest
  'MaxPool3DGrad', // begins with 1e-38 as the largest
  'MaxPoolWithArgmax', // begins with 1e-38 as the largest
  'Mod', // is zero where the divisor is far larger
  'Prelu', // multiplies positive numbers too, and does not repeat x along alpha
  'RotateWithOffset', // fills with zero where there is one channel
  'Sign', // is zero of numbers below 1e-7
  'Sin', // of numbers above 1e11
  'StridedSlice', // mixes up the axes where one is left out
  'Transform', // reflects about another place, and takes other pixels where two are as near
]);

/** Kernels that take NaN for a number: they would hide that a descent has failed. */
const HIDE_NAN = new Set(['AvgPool', 'ClipByValue', 'Conv2D', 'DepthwiseConv2dNative', 'FusedConv2D', 'FusedDepthwiseConv2D', 'MaxPool', 'Maximum', 'Minimum', 'Relu6', '_FusedMatMul']); // prettier-ignore

/** Kernels that are right of whole numbers and truth values too; the others read bits of float32, or go further. */
const OF_ANY_TYPE = new Set(['Cast', 'GatherV2', 'Identity', 'LogicalAnd', 'LogicalNot', 'LogicalOr', 'Reshape', 'Select']); // prettier-ignore

/** Pixels before channels it refuses; padding by numbers, or a filter larger than the picture, leads it elsewhere. */
const convolution: Condition = ({ x, filter, bias }, { strides, pad, dilations, dataFormat }) => {
  if (dataFormat === 'NCHW' || typeof pad !== 'string' || (bias && bias.rank !== 1)) return false;
  const { computeConv2DInfo } = tf.backend_util;
  const [shape, filterShape] = [x!.shape, filter!.shape] as [number, number, number, number][];
  return isSomewhere(spaces(computeConv2DInfo(shape!, filterShape!, strides as 1, dilations as 1, pad as 'same')));
};

const pooling: Condition = ({ x }, attributes) => isSomewhere(poolWindows(x!, attributes as unknown as Pooling));

const isSomewhere = ({ out }: { out: number[] }): boolean => out.every((places) => places > 0);

/** What else a kernel cannot do. */
const CONDITIONS: Readonly<Record<string, Condition>> = {
  AvgPool: pooling,
  BatchMatMul: ({ a, b }) => !sharedBatch(a!, b!),
  Cast: (_, { dtype }) => dtype === 'float32' || dtype === 'int32', // as truth values it takes the last eight bits
  Conv2D: convolution,
  Conv2DBackpropInput: (_, { dataFormat, pad }) => dataFormat !== 'NCHW' && typeof pad === 'string',
  DepthwiseConv2dNative: convolution,
  FusedConv2D: convolution,
  FusedDepthwiseConv2D: convolution,
  MaxPool: pooling,
  Select: ({ t }) => t!.dtype !== 'bool', // of truth values it takes every fourth
  Softmax: ({ logits }) => logits!.rank > 0,
};

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
    const isRight = Object.values(inputs).every(
      (x) =>
        !x || // what is not given
        (types.includes(x.dtype) && x.size > 0 && !(hidesNaN && backend.typedArrayFromHeap(x).includes(NaN))),
    );
    return (isRight && holds(inputs, call.attrs as unknown as Attributes) ? own : plain)(call);
  };
}
