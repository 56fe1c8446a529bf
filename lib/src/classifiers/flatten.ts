import { DescentError } from '../errors';
import { isOperation } from './keras/operation-words';
import { isObject, shorten, tellLayer, type LayerDescription } from './layers';

/** A layer in its one place in a network. */
export interface NetworkNode extends LayerDescription {
  /** The names of the nodes that it takes its inputs from; the input has none. */
  inputs: string[];
}

/** A layer as its model lists it. */
export interface ListedLayer {
  kind: string;
  /** The names of the models that it lies in, and its own, with slashes between: its name in the flat network. */
  path: string;
  /** What it consists of, where it is a model itself. */
  layers?: ListedLayer[];
}

/** A model with the models inside it taken apart. */
export interface FlatNetwork {
  name: string;
  /** The version of Keras whose words it is in; tfjs speaks as Keras 2 does. */
  keras: 2 | 3;
  /** From the one input to the one output, each behind those that it takes. */
  nodes: NetworkNode[];
  /** What there was to take apart. */
  layers: ListedLayer[];
}

/** A model's description, once its layers are there. */
interface Model {
  class_name: string;
  config: Record<string, unknown>;
  layers: Layer[];
}
type Layer = LayerDescription & { config: { name: string }; inbound_nodes?: unknown };

/**
 * Takes a model apart, as Keras 2, Keras 3 or tfjs describe it: Sequential or Functional, with models inside it to any
 * depth. The layers keep their descriptions, but for their names, which become their paths.
 *
 * @param source what the description comes from, for errors
 * @throws DescentError for a damaged description, for several inputs or outputs, and for a layer in several places
 */
export function flatten(description: unknown, source: string): FlatNetwork {
  const model = modelOf(description, source);
  const network = new Flattening(source);
  network.place(model, []);
  const { name = 'sequential' } = model.config as { name?: string };
  // the two words that only Keras 3 has, one of which is in each of its models
  const keras = /"batch_shape":|"DTypePolicy"/.test(JSON.stringify(description)) ? 3 : 2;
  return { name, keras, nodes: network.nodes, layers: list(model, [], source) };
}

const list = (model: Model, path: readonly string[], source: string): ListedLayer[] =>
  model.layers.map((layer) => {
    const own = [...path, layer.config.name];
    const listed = { kind: layer.class_name, path: own.join('/') };
    return isModel(layer) ? { ...listed, layers: list(modelOf(layer, source), own, source) } : listed;
  });

const isModel = ({ class_name: kind }: { class_name?: unknown }): boolean =>
  ['Sequential', 'Functional', 'Model'].includes(kind as string);

/** @throws DescentError where the model has no list of layers that each have a kind and a name */
function modelOf(description: unknown, source: string): Model {
  const { class_name: kind, config } = isObject(description) ? description : {};
  const layers = isObject(config) ? config['layers'] : config; // before Keras 2.2.3 a Sequential's config was the list
  if (!isModel({ class_name: kind }) || !Array.isArray(layers) || layers.length === 0) {
    throw new DescentError(
      `${source} describes no network: it lacks the list of a model's layers, as one of a class of its own does: ` +
        'make the model Sequential or Functional in Keras, give it the weights by set_weights, and save that',
    );
  }
  for (const layer of layers as unknown[]) {
    const named = isObject(layer) && typeof layer['class_name'] === 'string' && isObject(layer['config']);
    if (!named) throw new DescentError(`${source} describes no network: ${shorten(layer)} stands where a layer should`);
    const { name } = layer['config'] as { name: unknown };
    if (typeof name === 'string' && name !== '') continue;
    throw new DescentError(`${tellLayer(name, layer['class_name'], source)} lacks its name`);
  }
  return {
    class_name: kind as string,
    config: isObject(config) ? config : {},
    layers: (layers as Layer[]).map((layer) =>
      isFunction(layer) ? { ...layer, class_name: `ops.${layer.class_name}` } : layer,
    ),
  };
}

/** Whether a layer of Keras 3 is none, but one of keras.ops, as Add may be: that states no kind of numbers. */
function isFunction(layer: Layer): boolean {
  const { config, inbound_nodes: calls } = layer;
  return Array.isArray(calls) && isObject(calls[0]) && !('dtype' in config) && !isModel(layer);
}

class Flattening {
  readonly nodes: NetworkNode[] = [];

  constructor(private readonly source: string) {}

  /**
   * @param path the names of the models that it lies in, and its own; of the outermost none
   * @param input the node that the model takes; the outermost makes its own
   * @returns the node that it gives
   */
  place(model: Model, path: readonly string[], input?: string): string {
    const start = (name: string): string =>
      input ??
      this.add(
        { class_name: 'InputLayer', config: { batch_input_shape: inputShape(model), dtype: 'float32', name } },
        [],
      );
    const put = (layer: Layer, inputs: string[]): string => {
      const own = [...path, layer.config.name];
      if (!isModel(layer)) {
        return this.add({ ...layer, config: { ...layer.config, name: own.join('/') } }, inputs);
      }
      if (inputs.length === 1) return this.place(modelOf(layer, this.source), own, inputs[0]);
      throw new DescentError(
        `${this.told(layer)} takes ${inputs.length} inputs, and only one can be imported: ${REMADE}`,
      );
    };
    if (model.class_name !== 'Sequential') return this.graph(model, start, put);
    const [first, ...others] = model.layers as [Layer, ...Layer[]];
    const given = first.class_name === 'InputLayer';
    const from = start(given ? first.config.name : `${first.config.name}_input`);
    return (given ? others : model.layers).reduce((before, layer) => put(layer, [before]), from);
  }

  /** Goes back from the output to the input, since layers may be listed in any order. */
  private graph(
    model: Model,
    start: (name: string) => string,
    put: (layer: Layer, inputs: string[]) => string,
  ): string {
    const [from, to] = (['input', 'output'] as const).map((side) => {
      const ends = references(model.config[`${side}_layers`]);
      if (ends.length === 1) return ends[0];
      throw new DescentError(
        `${this.source} holds a model of ${ends.length} ${side}s (${ends.join(', ') || 'none'}), and only one picture in and one ` +
          'answer out can be imported: save a keras.Model of one input and one output of it',
      );
    });
    /** The nodes that layers give; undefined while what they take is looked for. */
    const given = new Map<string, string | undefined>();
    const end = (name: string): string => {
      const known = given.get(name);
      if (known !== undefined) return known;
      const layer = model.layers.find(({ config }) => config.name === name);
      if (!layer || given.has(name)) {
        const what = layer ? `'${name}' takes what it gives itself` : `there is no layer '${name}' to take from`;
        throw new DescentError(`${this.source} describes no network: ${what}`);
      }
      given.set(name, undefined);
      const made = name === from ? start(name) : put(...this.call(layer, end));
      given.set(name, made);
      return made;
    };
    return end(to!);
  }

  /** A layer, if it is an operation with how it is called, and what it takes. */
  private call(layer: Layer, end: (name: string) => string): [Layer, string[]] {
    const calls = layer.inbound_nodes;
    const [call, ...more] = Array.isArray(calls) ? (calls as unknown[]) : [];
    if (call === undefined || more.length > 0) {
      throw new DescentError(
        `${this.told(layer)} stands in ${more.length + Number(call !== undefined)} places, and only a layer of one can be ` +
          `imported: ${REMADE}`,
      );
    }
    const inputs = references(call).map(end);
    return [isOperation(layer) ? { ...layer, config: { ...layer.config, inbound: call } } : layer, inputs];
  }

  private add(layer: LayerDescription, inputs: string[]): string {
    const name = layer.config['name'] as string;
    if (this.nodes.some(({ config }) => config['name'] === name)) {
      throw new DescentError(
        `${this.told(layer)} stands there twice: only layers that each have one place can be imported: ${REMADE}`,
      );
    }
    this.nodes.push({ ...layer, inputs });
    return name;
  }

  private told({ class_name: kind, config }: LayerDescription): string {
    return tellLayer(config['name'], kind, this.source);
  }
}

const REMADE = 'make the model in Keras without that, give it the weights by set_weights, and save it';

/** The shape that a model takes, with the number of pictures at its front, as far as it is stated. */
function inputShape(model: Model): unknown {
  const [from] = references(model.config['input_layers']);
  const first = from === undefined ? model.layers[0]! : model.layers.find(({ config }) => config.name === from);
  const { config, build_config: built } = first as Layer & { build_config?: unknown };
  const { batch_input_shape: kerasTwo, batch_shape: kerasThree }: Record<string, unknown> = config;
  return (
    kerasTwo ??
    kerasThree ??
    (isModel(first!) ? inputShape(modelOf(first, '')) : model.config['build_input_shape']) ??
    (isObject(built) ? built['input_shape'] : undefined)
  );
}

/**
 * The names of the layers whose outputs a call takes, or a model's ends are: of Keras 2 and tfjs `["name", 0, 0]`, which
 * may be one among others and have options that hold more of them; of Keras 3 a `__keras_tensor__`.
 */
function references(value: unknown): string[] {
  if (Array.isArray(value)) {
    const [name, node, tensor, ...options] = value as unknown[];
    if (name === '_CONSTANT_VALUE') return references(options);
    const isOne = typeof name === 'string' && Number.isInteger(node) && Number.isInteger(tensor);
    return isOne ? [name, ...references(options)] : value.flatMap(references);
  }
  if (!isObject(value)) return [];
  const history = isObject(value['config']) ? value['config']['keras_history'] : undefined;
  return history === undefined ? Object.values(value).flatMap(references) : references(history);
}
