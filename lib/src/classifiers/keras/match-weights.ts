import { DescentError } from '../../errors';
import type { ListedLayer } from '../flatten';
import type { PlannedLayer } from '../plan';
import type { FileWeight, FileWeights } from './model-file';

/** A weight of the network, whose values the file gives on demand. */
export interface MatchedWeight {
  name: string;
  shape: number[];
  read: () => Promise<Float32Array>;
}

/** What to call the network and the file in errors. */
interface Sides {
  model: string;
  file: string;
}

/**
 * The weights of a network out of a file: of each layer by its full path, as far as the file says it. They have to fit
 * in the names of the weights and in every shape. Values are read when asked for.
 *
 * @param listed the layers as the model lists them, models inside it whole
 * @param planned those that the network consists of
 * @throws DescentError naming both sides of the first thing that does not fit
 */
export function matchWeights(
  listed: readonly ListedLayer[],
  planned: readonly PlannedLayer[],
  file: FileWeights,
  sides: Sides,
): MatchedWeight[] {
  const weighty = planned.filter(({ weights }) => weights.length > 0);
  const within = ({ path, layers }: ListedLayer): PlannedLayer[] =>
    layers ? layers.flatMap(within) : weighty.filter(({ name }) => name === path);
  const matching = new Matching(sides);
  if (file.layout === 'names') return matching.group(weighty, file.weights, sides.file);
  if (file.layout === 'places') return matching.places(listed, within, file.weights);
  const layers = listed.filter((layer) => within(layer).length > 0);
  return matching
    .groups(layers, listed, file.groups)
    .flatMap(([layer, { name, weights }]) => matching.group(within(layer), weights, `'${name}'`));
}

type Group = Extract<FileWeights, { layout: 'groups' }>['groups'][number];

/** A layer's name without the number that Keras counts on with in one Python session: conv2d_12 is a conv2d. */
const kindOf = (name: string): string => name.replace(/_\d+$/, '');
const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const depth = (path: string): number => path.split('/').length;
const texts = (names: readonly string[]): string => names.join(', ') || 'none';

class Matching {
  constructor(private readonly sides: Sides) {}

  /**
   * Each layer of the outermost model and its group: by name where all have one of theirs, as in the file of a whole
   * model; else in their order, as Keras does with weights alone, whose layers another session has counted.
   */
  groups(
    layers: readonly ListedLayer[],
    listed: readonly ListedLayer[],
    groups: readonly Group[],
  ): [ListedLayer, Group][] {
    const byName = new Map(groups.map((group) => [group.name, group]));
    const names = listed.map(({ path }) => path);
    if (layers.every(({ path }) => byName.has(path)) && groups.every(({ name }) => names.includes(name))) {
      return layers.map((layer) => [layer, byName.get(layer.path)!]);
    }
    const stored = groups.filter(({ weights }) => weights.length > 0);
    return Array.from({ length: Math.max(layers.length, stored.length) }, (_, i) => {
      const [layer, group] = [layers[i], stored[i]];
      if (layer && group && kindOf(layer.path) === kindOf(group.name)) return [layer, group];
      const call = (name: string | undefined): string => (name === undefined ? 'missing' : `'${name}'`);
      throw new DescentError(
        `layer ${i + 1} of those with weights is ${call(layer?.path)} in ${this.sides.model} but ` +
          `${call(group?.name)} in ${this.sides.file}`,
      );
    });
  }

  /**
   * Layers out of one list of weights, whose paths may begin with the names of some of the models that a layer lies in:
   * of several layers of one name the one counts that has the most in common, and least besides.
   */
  group(layers: readonly PlannedLayer[], weights: readonly FileWeight[], where: string): MatchedWeight[] {
    if (layers.length === 1) return this.layer(layers[0]!, weights, where);
    const owners = [...new Set(weights.map(({ path }) => parent(path)))];
    return layers.flatMap((layer) => {
      const shared = owners.map((owner) => inCommon(owner, layer.name));
      const most = Math.max(0, ...shared);
      const closest = owners.filter((_, i) => most > 0 && shared[i] === most);
      // A DenseNet has a layer conv1/bn, and another bn.
      const shortest = Math.min(...closest.map(depth));
      const [owner, twin] = closest.filter((each) => depth(each) === shortest);
      if (owner === undefined || twin !== undefined) {
        const found = owner === undefined ? 'not' : `twice (${owner}, ${twin})`;
        throw new DescentError(
          `the layer '${layer.name}' has weights in ${this.sides.model} but is ${found} among those of ${where} in ` +
            this.sides.file,
        );
      }
      return this.layer(
        layer,
        weights.filter(({ path }) => parent(path) === owner),
        `'${owner}'`,
      );
    });
  }

  /** Layers by their place: of one kind, in one model, in their order. */
  places(
    listed: readonly ListedLayer[],
    within: (layer: ListedLayer) => PlannedLayer[],
    weights: readonly FileWeight[],
    at = 'layers/',
  ): MatchedWeight[] {
    const layers = listed.filter((layer) => within(layer).length > 0);
    const stored = [
      ...new Set(weights.flatMap(({ path }) => (path.startsWith(at) ? path.slice(at.length).split('/', 1) : []))),
    ];
    return [...new Set(layers.map(({ kind }) => snakeCase(kind)))].flatMap((kind) => {
      const own = layers.filter((layer) => snakeCase(layer.kind) === kind);
      const places = stored.filter((name) => kindOf(name) === kind).sort((a, b) => count(a) - count(b));
      if (own.length !== places.length) {
        throw new DescentError(
          `${this.sides.model} has ${own.length} layers of the kind ${kind} with weights ` +
            `(${texts(own.map(({ path }) => path))}) but ${this.sides.file} ${places.length} (${texts(places)})`,
        );
      }
      return own.flatMap((layer, i) => {
        const place = `${at}${places[i]!}/`;
        if (layer.layers) return this.places(layer.layers, within, weights, `${place}layers/`);
        const [planned] = within(layer) as [PlannedLayer];
        const vars = weights.filter(({ path }) => parent(path) === `${place}vars`);
        const named = vars.map((weight) => ({
          ...weight,
          path: planned.weights[Number(last(weight.path))]?.name ?? weight.path,
        }));
        return this.layer(planned, named, `'${place.slice(0, -1)}'`);
      });
    });
  }

  private layer(layer: PlannedLayer, stored: readonly FileWeight[], where: string): MatchedWeight[] {
    const wanted = layer.weights.map(({ name }) => name);
    // Keras 3 calls the depthwise_kernel of a DepthwiseConv2D its kernel.
    const names = stored
      .map(({ path }) => last(path))
      .map((name) => (wanted.includes(`depthwise_${name}`) ? `depthwise_${name}` : name));
    // As lists, so that a name that stands twice fits nothing: which of the two is meant nobody can tell.
    if ([...wanted].sort().join() !== [...names].sort().join()) {
      throw new DescentError(
        `the layer '${layer.name}' has the weights ${texts(wanted)} in ${this.sides.model} but ` +
          `${texts(names)} in ${this.sides.file}`,
      );
    }
    return layer.weights.map(({ name, shape }) => {
      const weight = stored[names.indexOf(name)]!;
      if (shape.join() !== weight.shape.join()) {
        throw new DescentError(
          `the ${name} of the layer '${layer.name}' has the shape [${shape.join(', ')}] ` +
            `in ${this.sides.model} but [${weight.shape.join(', ')}] in ${this.sides.file}`,
        );
      }
      const read = async (): Promise<Float32Array> => {
        const values = await weight.read();
        if (values.every(Number.isFinite)) return values;
        throw new DescentError(
          `the ${name} of the layer ${where} in ${this.sides.file} holds numbers that are not finite: ` +
            'the training went wrong, or the file is damaged',
        );
      };
      return { name: `${layer.name}/${name}`, shape, read };
    });
  }
}

/** How many names two paths have in common at their ends; 0 where the last is another. */
function inCommon(one: string, other: string): number {
  const [a, b] = [one, other].map((path) => path.split('/').reverse()) as [string[], string[]];
  const apart = a.findIndex((name, i) => name !== b[i]);
  return apart < 0 ? a.length : apart;
}

/** A class name as Keras calls a place in a file: BatchNormalization is batch_normalization, Conv2D conv2d. */
const snakeCase = (kind: string): string =>
  kind
    .replace(/(.)([A-Z][a-z]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();

/** The number behind a place's name; the first of a kind has none. */
const count = (name: string): number => Number(/_(\d+)$/.exec(name)?.[1] ?? 0);
