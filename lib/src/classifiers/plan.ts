import { DescentError } from '../errors';
import { checkMemory } from '../memory';
import { tf } from '../tf';
import { checkLayer, computing, isCount, isObject, isSize, shorten, type LayerDescription } from './layers';
import { pictureSize } from './model-card';

/** A layer's name, and the names and shapes of its weights. */
export interface PlannedLayer {
  name: string;
  weights: { name: string; shape: number[] }[];
}

/** A layer of tfjs whose weights are told instead of made. */
interface Unbuilt {
  addWeight(name: string, shape: number[]): void;
  apply(input: tf.SymbolicTensor): unknown;
}

/**
 * The shapes of a network, layer by layer, found without taking memory for any of its weights: what a description
 * claims can so be compared with what a file holds before anything of that size is made.
 */
export class NetworkPlan {
  readonly layers: PlannedLayer[] = [];
  /** What the next layer gets, without the number of pictures at its front. */
  shape: number[];
  private end: tf.SymbolicTensor;
  /** The most values that one layer takes and gives, for a picture. */
  private widest = 0;

  /** @param source what the description comes from, for errors */
  constructor(
    readonly input: number[],
    private readonly source: string,
  ) {
    this.shape = input;
    this.end = tf.input({ shape: input });
  }

  /** @throws DescentError naming the layer, where it cannot be taken or does not fit the one before it */
  add(layer: unknown): asserts layer is LayerDescription {
    checkLayer(layer, this.source);
    const { class_name: kind, config } = layer;
    const told = `the layer ${shorten(config['name'], "'")} (${kind}) of ${this.source}`;
    if (this.layers.some(({ name }) => name === config['name'])) {
      throw new DescentError(`${told} stands there twice: only layers that each have one place can be imported`);
    }
    if (kind === 'Softmax' && ![-1, this.shape.length].includes(Number(config['axis']))) {
      throw new DescentError(
        `${told} has axis = ${shorten(config['axis'])}, and needed is the last: put a Permute ` +
          'layer before it, and another behind',
      );
    }
    const planned: PlannedLayer = { name: config['name'] as string, weights: [] };
    if (kind !== 'InputLayer') {
      try {
        const unbuilt = construct(layer);
        unbuilt.addWeight = (name, shape) => {
          planned.weights.push({ name, shape });
        };
        this.end = unbuilt.apply(this.end) as tf.SymbolicTensor;
      } catch (error) {
        // what tfjs throws here is about the description
        throw new DescentError(`${told} does not fit in its place: ${reason(error)}`, { cause: error });
      }
    }
    const given = this.end.shape.slice(1) as number[];
    const shapes = [given, ...planned.weights.map(({ shape }) => shape)];
    if (!shapes.every(isSize)) {
      throw new DescentError(
        `${told} does not fit in its place: it would make [${given.join(', ')}] ` + `of [${this.shape.join(', ')}]`,
      );
    }
    this.widest = Math.max(this.widest, product(this.shape) + product(given));
    this.shape = given;
    this.layers.push(planned);
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

/**
 * Goes through a description that tfjs reads.
 *
 * @throws DescentError where it describes no network that can be taken
 */
export function planNetwork(topology: unknown, source: string): NetworkPlan {
  const layers = layersOf(topology, source);
  const plan: NetworkPlan = new NetworkPlan(inputOf(layers, source), source);
  for (const layer of layers) plan.add(layer);
  return plan;
}

/** The layers of a Sequential model's description, each still to be checked. */
export function layersOf(topology: unknown, source: string): unknown[] {
  const config = isObject(topology) ? topology['config'] : undefined;
  const layers = isObject(config) ? config['layers'] : config; // before Keras 2.2.3 the config was the list
  if (!isObject(topology) || topology['class_name'] !== 'Sequential' || !Array.isArray(layers) || layers.length === 0) {
    throw new DescentError(`${source} describes no network: it lacks the list of a Sequential model's layers`);
  }
  return layers as unknown[];
}

/** The shape of a network's input, without the number of pictures, which its first layer states. */
export function inputOf(layers: readonly unknown[], source: string, stated?: unknown): number[] {
  const config = isObject(layers[0]) ? layers[0]['config'] : undefined;
  const shape = (isObject(config) ? config['batch_input_shape'] : undefined) ?? stated;
  if (!Array.isArray(shape) || !shape.every((side) => side === null || isCount(side))) {
    throw new DescentError(
      `${source} does not state the size of the network's pictures: make the model with an ` +
        'Input(shape) in front, give it the weights by set_weights, and save that',
    );
  }
  const { height, width, channels } = pictureSize(shape as (number | null)[], source);
  return [height, width, channels];
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
