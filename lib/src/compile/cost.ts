// Whether compiling is worth it, by the sizes of tensors and the number of iterations alone: the same choice on every
// machine. Times are nanoseconds, measured by bench/compile.ts; what counts is their ratio.
import { ownKernel } from '../kernel';
import { readEquation } from '../kernels/einsum';
import { sizeOf } from '../shape';
import { tf } from '../tf';
import { isDefined } from './kernels';
import { NO_LIMIT, TOO_LARGE, type Call, type Most, type Recording } from './record';
import { ADDITION, isDear, priceOfWhole } from './wholes/price';

/** What one operation costs on a backend, for being called, for an element, and for a product of a matrix product. */
interface Backend {
  call: number;
  element: number;
  product: number;
}
const BACKENDS: Record<string, Backend> = {
  tensorflow: { call: 6500, element: 0.6, product: 0.06 },
  cpu: { call: 2500, element: 6, product: 1.5 },
  wasm: { call: 2500, element: 0.6, product: 0.1 },
};
/** Of generated code before it is there, at least: chains of operations are one loop. */
const COMPILED: Backend = { call: 5, element: 0.35, product: 0.6 };

/**
 * Recording and checking a few steps, writing and compiling the code, in a process that has not done so: a part for each
 * operation.
 */
const COMPILING = { once: 5e6, call: 4e5 };

const MOVES = new Set(['Identity', 'Reshape', 'ExpandDims', 'Transpose', 'Slice', 'Tile', 'Fill', 'OnesLike', 'ZerosLike', 'Cast', 'Unpack', 'BroadcastTo']); // prettier-ignore
/** What costs as much as a dozen additions. */
const SLOW = new Set(['Exp', 'Log', 'Pow', 'Sin', 'Cos', 'Tan', 'Acos', 'Asin', 'Atan', 'Atan2', 'Tanh', 'Sinh', 'Cosh', 'Sigmoid', 'Softplus', 'Erf', 'Softmax', 'Expm1', 'Log1p', 'Elu', 'Selu']); // prettier-ignore

/** How many products a kernel adds up, or numbers of windows it looks at; undefined where each number is made of few. */
function productsOf({ values }: Recording, { kernel, inputs, attributes, outputs }: Call): number | undefined {
  const shapeOf = (value: number | readonly number[]): readonly number[] => values[value as number]!.shape;
  const made = sizeOf(shapeOf(outputs[0]!));
  if (kernel === 'BatchMatMul' || kernel === '_FusedMatMul') {
    return made * shapeOf(inputs['a']!).at(attributes['transposeA'] ? -2 : -1)!;
  }
  if (/Conv\dD|DepthwiseConv/.test(kernel)) {
    const filter = shapeOf(inputs['filter'] ?? outputs[0]!);
    const window = kernel.includes('Depthwise') ? filter.slice(0, -2) : filter.slice(0, -1);
    return sizeOf(shapeOf(inputs['dy'] ?? outputs[0]!)) * sizeOf(window);
  }
  if (kernel === 'Einsum') {
    const { indices } = readEquation(attributes['equation'] as string);
    const sizes = new Map(
      indices.flatMap((letters, k) => [...letters].map((letter, axis) => [letter, shapeOf(inputs[k]!)[axis]!])),
    );
    return sizeOf([...sizes.values()]);
  }
  const { filterSize } = attributes as { filterSize?: number | number[] };
  if (filterSize === undefined) return undefined;
  const result = shapeOf(inputs['dy'] ?? outputs[0]!);
  return sizeOf(result) * (typeof filterSize === 'number' ? filterSize ** (result.length - 2) : sizeOf(filterSize));
}

function costOfCall(recording: Recording, call: Call): { tape: number; compiled: number } {
  const { values } = recording;
  const { kernel, inputs, outputs } = call;
  const backend = BACKENDS[tf.getBackend()] ?? BACKENDS['wasm']!;
  const made = outputs.reduce((sum, value) => sum + sizeOf(values[value]!.shape), 0);
  const read = Object.values(inputs).flat().reduce((sum, value) => sum + sizeOf(values[value]!.shape), 0); // prettier-ignore
  const elements = Math.max(made, read);
  if (isDear(kernel) || !isDefined(kernel)) {
    const whole = priceOfWhole(kernel, elements);
    // the operation itself is the same function, or one that is no faster
    const isPlain = !hasLibrary() && (ownKernel(kernel) !== undefined || isDear(kernel));
    return { tape: backend.call + (isPlain ? whole : elements * 2), compiled: whole };
  }
  const products = productsOf(recording, call);
  if (products !== undefined) {
    return { tape: backend.call + products * backend.product, compiled: COMPILED.call + products * COMPILED.product };
  }
  const slow = SLOW.has(kernel) ? 10 : 1;
  return {
    tape: backend.call + elements * backend.element * Math.sqrt(slow),
    compiled: MOVES.has(kernel) ? 0 : COMPILED.call + elements * COMPILED.element * slow,
  };
}

/** What the faster form of a loss costs beside the operations of its definition: by the losses of 100 to 500 vectors. */
const FASTER_FORM = 0.65;

/** Nanoseconds of one step, of tensors and compiled, about. */
export function timesOf(recordings: readonly Recording[]): { tape: number; compiled: number; calls: number } {
  const costs = recordings.flatMap((recording) =>
    recording.calls.map((call) => {
      const { tape, compiled } = costOfCall(recording, call);
      return { tape: recording.hasFasterForm ? FASTER_FORM * tape : tape, compiled };
    }),
  );
  return {
    tape: costs.reduce((sum, { tape }) => sum + tape, 0),
    compiled: costs.reduce((sum, { compiled }) => sum + compiled, 0),
    calls: costs.length,
  };
}

/** So many iterations are over before anything is compiled, whatever a step is made of. */
const TOO_FEW = 100;
/** Larger variables, constants and results belong to steps that the other backends make faster. */
const MOST = { variable: 3e4, constant: 5e4, made: 1e5 };

const hasLibrary = (): boolean => tf.getBackend() === 'tensorflow';
const isPlainBackend = (): boolean => tf.getBackend() === 'cpu';

/** What is worth recording: the plain backend would take long for what another goes on with. */
export const worthRecording = (): Most => (isPlainBackend() ? NO_LIMIT : MOST);

const notInTime = (iterations: number): string => `compiling it would take longer than its ${iterations} iterations`;

/** Why compiling is out of the question, whatever a step is made of. */
export function isOutOfQuestion(variables: readonly tf.Tensor[], iterations: number): string | undefined {
  if (iterations <= TOO_FEW) return notInTime(iterations);
  return !isPlainBackend() && variables.some(({ size }) => size > MOST.variable) ? TOO_LARGE : undefined;
}

/** Why compiling a step does not pay, or undefined where it does. */
export function isNotWorthIt(recordings: readonly Recording[], iterations: number): string | undefined {
  const { tape, compiled, calls } = timesOf(recordings);
  if (compiled >= tape) return TOO_LARGE;
  if ((tape - compiled) * iterations <= COMPILING.once + COMPILING.call * calls) {
    return notInTime(iterations);
  }
  return undefined;
}

/** Whether the code that was made is no faster than the operations; by a margin, since none may become slower. */
export function isSlower(recordings: readonly Recording[], additions: number): boolean {
  return 1.2 * additions * ADDITION >= timesOf(recordings).tape;
}

/** After how many steps one is checked: the checks take about a twentieth of the time. */
export function stepsBetweenChecks(recordings: readonly Recording[], additions: number): number {
  const { tape } = timesOf(recordings);
  return Math.max(100, Math.ceil((20 * 2 * tape) / Math.max(additions * ADDITION, 200)));
}
