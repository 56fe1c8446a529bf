// The tape of tfjs: what it notes while a loss is computed, so that the gradient can go back the same way. Three things
// that it lacks are mended here, for every kernel at once and on every backend.
import * as tf from '@tensorflow/tfjs'; // not from '../tf', which loads this file
import { betweenParts, inParts, isComplex, type Gradient, type Named } from './complex';

/** One operation on its way to the loss. */
export interface Step {
  /** TensorFlow.js' name of its kernel. */
  kernel: string;
  inputs: Named<tf.Tensor>;
  outputs: tf.Tensor[];
  /** Whether a gradient goes back through it. */
  continuous: boolean;
}

/**
 * What `observe` tells of each operation, whose tensors are there for that long, and of each on the way back: what it
 * returns of its gradients goes on.
 */
export interface Observer {
  forward?(step: Step): void;
  backward?(step: Step, dys: tf.Tensor[], gradients: Named<() => tf.Tensor>): Named<() => tf.Tensor>;
}

let observer: Observer | undefined;

/** Runs f and tells of all operations that a gradient would come by: to explain what went wrong, not in every step. */
export function observe<T>(by: Observer, f: () => T): T {
  observer = by;
  try {
    return f();
  } finally {
    observer = undefined;
  }
}

interface TapeNode {
  inputs: Named<tf.Tensor>;
  saved?: tf.Tensor[];
  gradient?: (dys: tf.Tensor[]) => Named<() => tf.Tensor>;
}

interface Engine {
  addTapeNode(
    kernelName: string,
    inputs: Named<tf.Tensor>,
    outputs: tf.Tensor[],
    gradient: Gradient | null,
    saved: tf.Tensor[],
    attributes: object,
  ): void;
  saveTensorsForBackwardMode(tensors: (tf.Tensor | tf.Tensor[] | undefined)[]): tf.Tensor[];
  state: { activeTape: TapeNode[] | null };
}

const engine = tf.engine() as unknown as Engine;
const add = engine.addTapeNode.bind(engine);

/** Integers, booleans and strings have no neighbours, and so no gradient. */
const isContinuous = (x: tf.Tensor | null | undefined): boolean => x?.dtype === 'float32' || isComplex(x);

engine.addTapeNode = (kernelName, inputs, outputs, gradient, saved, attributes) => {
  const given = Object.values(inputs);
  const from = given.filter(isContinuous);
  // A comparison, an index, a count: the way back ends, as in TensorFlow in Python, where tfjs asks for a gradient.
  const isOnTheWay = from.length > 0 && outputs.some(isContinuous);
  const step = observer && { kernel: kernelName, inputs, outputs, continuous: isOnTheWay };
  if (step) observer!.forward?.(step);
  if (!isOnTheWay) {
    tf.dispose(saved);
    return;
  }
  const continuous =
    from.length === given.length
      ? inputs // as nearly always: this runs for every operation of every iteration
      : Object.fromEntries(Object.entries(inputs).filter(([, x]) => isContinuous(x)));
  if (!from.some(isComplex) && !outputs.some(isComplex)) {
    add(kernelName, continuous, outputs, gradient, saved, attributes);
  } else {
    const own = gradient ?? (tf.getGradient(kernelName)?.gradFunc as Gradient | undefined);
    // tfjs' tape knows real gradients alone, so it is told of real and imaginary parts; and by a name that no kernel has,
    // or it would take that one's gradient.
    const between = betweenParts(kernelName, own!, outputs);
    add(
      `complex ${kernelName}`,
      inParts(continuous),
      Object.values(inParts(Object.fromEntries(outputs.map((y, i) => [`output ${i}`, y])))),
      between,
      saved,
      attributes,
    );
  }
  // Copies of the outputs that the gradient needs stand on the tape before the node that they come from, so no second
  // derivative reaches that through them: they come after it.
  const nodes = engine.state.activeTape!;
  const node = nodes.at(-1)!;
  const watching = observer;
  if (step && watching?.backward) {
    const back = node.gradient!;
    node.gradient = (dys) => watching.backward!(step, dys, back(dys));
  }
  let place = nodes.length - 1;
  while (place > 0 && takesOneOf(nodes[place - 1]!, outputs)) place--;
  if (place < nodes.length - 1) nodes.splice(place, 0, nodes.pop()!);
};

function takesOneOf({ inputs }: TapeNode, outputs: tf.Tensor[]): boolean {
  for (const name in inputs) if (outputs.includes(inputs[name]!)) return true;
  return false;
}

const save = engine.saveTensorsForBackwardMode.bind(engine);
/** What a kernel was not given need not be saved, as a batch normalisation's scale, and lists are: tfjs fails at both. */
engine.saveTensorsForBackwardMode = (tensors) =>
  save(tensors.every((x) => x instanceof tf.Tensor) ? tensors : tensors.flat().filter(Boolean));

/** The gradient by x of a function of it, from that by its result; also while another gradient is under way. */
export function backThrough(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, dy: tf.Tensor): tf.Tensor {
  const { activeTape } = engine.state; // tfjs drops it where a gradient ends
  try {
    return tf.grad(f)(x, dy);
  } finally {
    engine.state.activeTape = activeTape;
  }
}

/**
 * Frees what the gradient tape kept for a backward pass that will not come: tfjs forgets it when the loss throws, which
 * happens to every reader who tries a loss of their own.
 */
export function freeAbandonedTape(): void {
  engine.state.activeTape?.forEach((node) => node.saved?.forEach((tensor) => tensor.dispose()));
  engine.state.activeTape = null;
}
