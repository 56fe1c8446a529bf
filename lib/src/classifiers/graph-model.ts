import { DescentError } from '../errors';
import { tf } from '../tf';
import { isObject } from './layers';
import { isFinite } from './model-folder';
import { product, reason } from './plan';

/** A GraphModel of TensorFlow.js: operations of TensorFlow, and no layers. */
export interface GraphArtifacts {
  /** Its operations. */
  topology: object;
  /** The names of its inputs and outputs. */
  signature?: tf.io.ModelArtifacts['signature'];
  specs: tf.io.WeightsManifestEntry[];
  /** The weights as they are stored, one after the other. */
  data: Uint8Array;
}

/** What a graph computes. */
export interface GraphNetwork {
  /** The shape of its input, without the number of pictures; null where any size is taken. */
  input: (number | null)[];
  /** How many numbers it gives for a picture. */
  outputs: number;
  /** What it ends in. */
  end: 'softmax' | 'sigmoid' | 'none';
  /** What stands before its end, [B, outputs], of images [B, height, width, channels] in its own range of pixels. */
  apply(images: tf.Tensor4D): tf.Tensor2D;
  /** Whether `apply` can be differentiated in the images, or why not: the operation that no gradient comes through. */
  differentiable: true | string;
  /** Frees the weights. */
  dispose(): void;
}

/** An operation of the graph; its inputs are others' names, with `:1` for their second output. */
interface Operation {
  name: string;
  op: string;
  input?: string[];
  attr?: { fused_ops?: { list?: { s?: unknown } } } & Record<string, unknown>;
}

/** Operations that hand on the numbers that they get. */
const STILL = ['Identity', 'Reshape', 'Squeeze'];
/** What a graph can end in. */
const ENDS: Record<string, GraphNetwork['end']> = { Softmax: 'softmax', Sigmoid: 'sigmoid' };
/** Operations that look at the shape of a tensor alone: no gradient comes through them, and none has to. */
const OF_SHAPES = ['Shape', 'Size', 'Rank'];
const REMEDY = 'import the Keras model that it was converted from, as .keras or .h5';

/**
 * Makes the network of a graph. It is run once, and its gradient taken, so that what it can do is known.
 *
 * @param source where it comes from, for errors
 * @throws DescentError where it is damaged, has an operation that TensorFlow.js lacks, or takes or gives more than one
 * thing
 */
export async function graphNetwork(graph: GraphArtifacts, source: string): Promise<GraphNetwork> {
  const nodes = operationsOf(graph, source).flatMap(apart);
  const operations = new Map(nodes.map((operation) => [operation.name, operation]));
  const model = await load({ ...graph, topology: { ...graph.topology, node: nodes } }, source);
  try {
    const fed = onlyOne(model.inputs, 'inputs', source);
    const output = onlyOne(model.outputs, 'outputs', source).name;
    const { shape, dtype } = fed;
    if (!shape || shape.length < 2) {
      throw new DescentError(`${source} does not state the size of the pictures that it takes: ${REMEDY}`);
    }
    const input = shape.slice(1).map((size) => (size > 0 ? size : null));
    const { end, logits } = endOf(operations, output);
    const run = (images: tf.Tensor, name: string): tf.Tensor =>
      model.execute({ [fed.name]: images.cast(dtype) }, name) as tf.Tensor;
    const rows = (images: tf.Tensor): tf.Tensor2D => run(images, logits).reshape([images.shape[0], -1]);
    const apply = (images: tf.Tensor): tf.Tensor2D =>
      tf.tidy(() => {
        // A graph for one picture takes one at a time.
        if (shape[0] !== 1 || images.shape[0] === 1) return rows(images);
        return tf.concat(tf.split(images, images.shape[0]).map(rows));
      });
    const picture = pictureOf(input);
    try {
      const [before, after] = tried(source, () => [logits, output].map((name) => run(picture, name)));
      const outputs = product(after!);
      if (product(before!) !== outputs || (end === 'softmax' && before!.at(-1) !== outputs)) {
        throw new DescentError(
          `${source} ends in a softmax at each place, from which no probabilities can be read: ${REMEDY}`,
        );
      }
      const why = tryGradient(picture, apply);
      const differentiable =
        why === undefined ||
        (whereItEnds(operations, picture, fed.name, logits, run) ?? `no gradient comes back: ${why}`);
      return { input, outputs, end, apply, differentiable, dispose: () => model.dispose() };
    } finally {
      picture.dispose();
    }
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** @throws DescentError where there are others */
function onlyOne<T extends { name: string }>(ends: readonly T[], what: string, source: string): T {
  if (ends.length === 1) return ends[0]!;
  const names = ends.map(({ name }) => name).join(', ') || 'none';
  throw new DescentError(`${source} has ${ends.length} ${what} (${names}), and needed is one: ${REMEDY}`);
}

function operationsOf({ topology }: GraphArtifacts, source: string): Operation[] {
  const { node } = topology as { node?: unknown };
  const isOperation = (value: unknown): value is Operation => {
    if (!isObject(value) || typeof value['name'] !== 'string' || typeof value['op'] !== 'string') return false;
    const { input = [], attr = {} } = value;
    return Array.isArray(input) && input.every((name) => typeof name === 'string') && isObject(attr);
  };
  if (!Array.isArray(node) || !node.every(isOperation)) {
    throw new DescentError(`${source} is damaged: an operation in it has no name or kind. Get it again`);
  }
  return node;
}

/** `Sigmoid`, as the graph writes it. */
const SIGMOID = 'U2lnbW9pZA==';

/** An operation that has a sigmoid in it, as two. */
function apart(operation: Operation): Operation[] {
  const { name, attr } = operation;
  const fused = attr?.fused_ops?.list?.s;
  if (!Array.isArray(fused) || fused.at(-1) !== SIGMOID) return [operation];
  const before = `${name}/before`;
  return [
    { ...operation, name: before, attr: { ...attr, fused_ops: { list: { s: fused.slice(0, -1) } } } },
    { name, op: 'Sigmoid', input: [before], attr: { T: { type: 'DT_FLOAT' } } },
  ];
}

async function load({ topology, signature, specs, data }: GraphArtifacts, source: string): Promise<tf.GraphModel> {
  try {
    return await tf.loadGraphModel({
      load: () =>
        Promise.resolve({
          modelTopology: topology,
          signature,
          weightSpecs: specs,
          weightData: new Uint8Array(data).buffer,
        }),
    });
  } catch (error) {
    // tfjs' errors are about the model
    throw new DescentError(`${source} describes a GraphModel that TensorFlow.js cannot load: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** What the graph ends in, and the tensor before that. */
function endOf(operations: Map<string, Operation>, output: string): { end: GraphNetwork['end']; logits: string } {
  let last = operations.get(operationIn(output));
  for (let steps = operations.size; last && STILL.includes(last.op) && steps > 0; steps--) {
    last = operations.get(operationIn(last.input?.[0] ?? ''));
  }
  const end = ENDS[last?.op ?? ''];
  const logits = last?.input?.[0];
  return end && logits !== undefined ? { end, logits } : { end: 'none', logits: output };
}

/** The operation whose output a name is. */
const operationIn = (name: string): string => name.replace(/^\^/, '').replace(/:\d+$/, '');

/** A picture without plain areas, in which no two numbers of a window are the same. */
function pictureOf(shape: readonly (number | null)[]): tf.Tensor {
  const sizes = shape.map((size, i) => size ?? (i < 2 ? 224 : 3));
  const values = Float32Array.from({ length: product(sizes) }, (_, i) => 0.5 + 0.5 * Math.sin(0.37 * i + 1e-4 * i * i));
  return tf.tensor(values, [1, ...sizes]);
}

/** The shapes of what the graph gives, once it was run. */
function tried(source: string, work: () => tf.Tensor[]): number[][] {
  return tf.tidy(() => {
    let tensors: tf.Tensor[];
    try {
      tensors = work();
    } catch (error) {
      throw new DescentError(`${source} cannot be run by TensorFlow.js: ${reason(error)}. ${REMEDY}`, { cause: error });
    }
    if (!tensors.every(isFinite)) {
      throw new DescentError(`${source} answers even a plain picture with numbers that are not finite: get it again`);
    }
    return tensors.map(({ shape }) => shape);
  });
}

/** Why no gradient comes back to the picture; undefined where it does. */
function tryGradient(picture: tf.Tensor, compute: (x: tf.Tensor) => tf.Tensor): string | undefined {
  return tf.tidy(() => {
    try {
      const gradient = tf.grad((x) => {
        const outputs = compute(x).cast('float32');
        // Not their sum, which can be the same whatever the picture.
        return outputs.mul(tf.range(1, outputs.size + 1).reshape(outputs.shape)).sum();
      })(picture);
      if (!isFinite(gradient)) return 'it is not finite';
      return gradient.notEqual(0).any().dataSync()[0] === 1 ? undefined : 'it is zero everywhere';
    } catch (error) {
      return reason(error);
    }
  });
}

/** The operation that no gradient comes through, although one comes through to what it takes. */
function whereItEnds(
  operations: Map<string, Operation>,
  picture: tf.Tensor,
  input: string,
  output: string,
  run: (x: tf.Tensor, name: string) => tf.Tensor,
): string | undefined {
  const flows = new Map<string, boolean>([[input, true]]);
  let ends: Operation | undefined;
  const visit = (name: string): boolean => {
    const known = flows.get(name);
    const operation = operations.get(name);
    if (known !== undefined || !operation || OF_SHAPES.includes(operation.op)) return known ?? false;
    flows.set(name, false); // should it be its own input
    const reached = (operation.input ?? []).map((each) => visit(operationIn(each))).some(Boolean);
    const comes = reached && !tryGradient(picture, (x) => run(x, name));
    flows.set(name, comes);
    if (reached && !comes) ends ??= operation;
    return comes;
  };
  visit(operationIn(output));
  return ends && `no gradient comes through its operation ${ends.op} (${ends.name})`;
}
