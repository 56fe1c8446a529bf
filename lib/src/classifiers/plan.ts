import { DescentError } from '../errors';
import { checkMemory } from '../memory';
import { tf } from '../tf';
import { flatten, type NetworkNode } from './flatten';
import { checkLayer, computing, isCount, isSize, tellLayer, type LayerDescription } from './layers';
import { pictureSize } from './model-card';

/** A layer's name, and the names and shapes of its weights. */
export interface PlannedLayer {
  name: string;
  weights: { name: string; shape: number[] }[];
}

/** A layer of tfjs whose weights are told instead of made. */
interface Unbuilt {
  addWeight(name: string, shape: number[]): void;
  apply(input: tf.SymbolicTensor | tf.SymbolicTensor[]): unknown;
}

/**
 * The shapes of a network, layer by layer, found without taking memory for any of its weights: what a description
 * claims can so be compared with what a file holds before anything of that size is made.
 */
export class NetworkPlan {
  readonly layers: PlannedLayer[] = [];
  /** What each layer gives, by its name. */
  private readonly ends = new Map<string, tf.SymbolicTensor>();
  /** The most values that one layer takes and gives, for a picture. */
  private widest = 0;

  /** @param source what the description comes from, for errors */
  constructor(private readonly source: string) {}

  /** @throws DescentError naming the layer, where it cannot be taken or does not fit those before it */
  add({ inputs, ...layer }: NetworkNode): void {
    checkLayer(layer, this.source);
    const { class_name: kind, config } = layer;
    const name = config['name'] as string;
    const told = tellLayer(name, kind, this.source);
    const taken = inputs.map((from) => this.ends.get(from)!);
    const shapes = inputs.map((from) => this.shapeOf(from));
    const planned: PlannedLayer = { name, weights: [] };
    let end: tf.SymbolicTensor;
    try {
      if (kind === 'InputLayer') end = tf.input({ batchShape: config['batch_input_shape'] as number[] });
      else {
        const unbuilt = construct({ ...layer, config: { ...config, name: tensorName(name) } });
        unbuilt.addWeight = (weight, shape) => {
          planned.weights.push({ name: weight, shape });
        };
        end = unbuilt.apply(taken.length === 1 ? taken[0]! : taken) as tf.SymbolicTensor;
      }
    } catch (error) {
      // what tfjs throws here is about the description
      throw new DescentError(`${told} does not fit in its place: ${reason(error)}`, { cause: error });
    }
    const given = end.shape.slice(1) as number[];
    if (!isSize(given) || !planned.weights.every(({ shape }) => shape.every(isCount))) {
      throw new DescentError(
        `${told} does not fit in its place: it would make [${given.join(', ')}] of ` +
          shapes.map((shape) => `[${shape.join(', ')}]`).join(' and '),
      );
    }
    const values = [...shapes, given].reduce((sum, shape) => sum + product(shape), 0);
    this.widest = Math.max(this.widest, values);
    this.ends.set(name, end);
    this.layers.push(planned);
  }

  /** The shape of what a layer gives, without the number of pictures at its front. */
  shapeOf(layer: string): number[] {
    return this.ends.get(layer)!.shape.slice(1) as number[];
  }

  /** How many numbers all weights are. */
  get parameters(): number {
    return this.layers.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + product(shape), 0);
  }

  /** @throws DescentError where the weights, and one picture on its way through, need more memory than there is */
  checkMemory(): void {
    checkMemory(
      4 * (3 * this.parameters + this.widest),
      `the network in ${this.source}`,
      'take a smaller network, or a machine with more memory',
    );
  }
}

/** A layer's name as tfjs takes it: Keras 3 lets names have spaces, umlauts and the like. */
export const tensorName = (name: string): string =>
  name.replace(/^[^A-Za-z0-9]|[^\w./-]/g, (sign) => `x${sign.charCodeAt(0).toString(16)}`);

/**
 * Goes through a description that tfjs reads.
 *
 * @throws DescentError where it describes no network that can be taken
 */
export function planNetwork(topology: unknown, source: string): NetworkPlan {
  const plan = new NetworkPlan(source);
  const { nodes } = flatten(topology, source);
  pictureSize(statedShape(nodes[0]!, source), source);
  for (const node of nodes) plan.add(node);
  return plan;
}

/**
 * The shape of a network's input, with the number of pictures at its front; null is any.
 *
 * @throws DescentError where it does not state it
 */
export function statedShape({ config }: NetworkNode, source: string): (number | null)[] {
  const shape = config['batch_input_shape'];
  if (Array.isArray(shape) && shape.every((side) => side === null || isCount(side))) return shape as (number | null)[];
  throw new DescentError(
    `${source} does not state the size of the network's pictures: make the model with an ` +
      'Input(shape) in front, give it the weights by set_weights, and save that',
  );
}

/** What went wrong, in one line; after that tfjs gives general advice. */
export const reason = (error: unknown): string => (error as Error).message.split(/ This may be due to|\n/)[0]!;

/** How many numbers a tensor of this shape holds. */
export const product = (shape: readonly number[]): number => shape.reduce((size, side) => size * side, 1);

function construct(layer: LayerDescription): Unbuilt {
  const [layerClass] = tf.serialization.SerializationMap.getMap().classNameMap[layer.class_name]!;
  return new layerClass(camelCase(computing(layer))) as unknown as Unbuilt;
}

/** Options as tfjs' constructors want them: use_bias is useBias, channels_last is channelsLast. */
function camelCase(options: Record<string, unknown>): Record<string, unknown> {
  const text = (value: string): string => value.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      text(key),
      typeof value === 'string' && key !== 'name' ? text(value) : value,
    ]),
  );
}
