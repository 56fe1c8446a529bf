import type { FlatNetwork, NetworkNode } from '../flatten';
import { computing, type LayerDescription } from '../layers';
import { NetworkPlan, tensorName } from '../plan';
import { toChannelsLast } from './channels-last';
import { ofTraining } from './of-training';
import { isOperation, operationWords } from './operation-words';
import { behind, pictureInput } from './picture-input';
import { withReversedColours } from './reversed-colours';
import { inTfjsWords } from './words';

/** A network as tfjs reads it, for pictures. */
export interface ImportedNetwork {
  /** What goes into model.json. */
  topology: object;
  /** The shapes of its layers and weights. */
  plan: NetworkPlan;
}

/** A network of Keras for pictures [height, width, colours], still in its words. */
export function forPictures(nodes: NetworkNode[], source: string, size?: readonly [number, number]): NetworkNode[] {
  const layers = toChannelsLast(withReversedColours(nodes)).map((node) => {
    if (!isOperation(node)) return node;
    const [layer = IDENTITY] = operationWords(
      node,
      node.inputs.map(() => []),
      source,
    );
    return { ...layer, config: { ...layer.config, name: node.config['name'] }, inputs: node.inputs };
  });
  return pictureInput(layers, source, size);
}

/**
 * Puts a network of Keras into the words of tfjs, so that it computes the same; what does nothing in a prediction goes.
 *
 * @param nodes for pictures
 * @param front layers to put between them and the input
 * @param source what it comes from, for errors
 * @throws DescentError naming a layer that cannot be taken, or an option of one
 */
export function importedNetwork(
  { name, keras }: Pick<FlatNetwork, 'name' | 'keras'>,
  nodes: readonly NetworkNode[],
  front: readonly LayerDescription[],
  source: string,
): ImportedNetwork {
  const plan = new NetworkPlan(source);
  const made: NetworkNode[] = [];
  /** The nodes of the result that stand for those of the file. */
  const stand = new Map<string, string>();
  for (const { inputs, ...layer } of withFront(nodes, front)) {
    let taken = inputs.map((input) => stand.get(input)!);
    const shapes = taken.map((input) => plan.shapeOf(input));
    for (const part of inputs.length === 0 ? [layer] : inTfjsWords(layer, shapes, source, keras)) {
      const { class_name, config } = part;
      plan.add({ ...part, inputs: taken });
      const name = config['name'] as string;
      const kept = inputs.length === 0 ? config : { ...computing(part), ...ofTraining(part) };
      made.push({ class_name, config: { ...kept, name: tensorName(name) }, inputs: taken.map(tensorName) });
      taken = [name];
    }
    const own = layer.config['name'] as string;
    stand.set(own, taken[0] ?? own);
  }
  return { topology: topologyOf(name, made), plan };
}

const IDENTITY: LayerDescription = { class_name: 'Identity', config: {} };

/** A network with a chain of layers between its input and what takes it. */
function withFront([input, ...others]: readonly NetworkNode[], front: readonly LayerDescription[]): NetworkNode[] {
  const start = input!.config['name'] as string;
  const chain = front.map((layer, i) => ({
    ...layer,
    inputs: [i === 0 ? start : (front[i - 1]!.config['name'] as string)],
  }));
  const end = (front.at(-1)?.config['name'] as string | undefined) ?? start;
  return [input!, ...chain, ...others.map((node) => behind(node, start, end))];
}

/** The nodes as model.json holds them: Sequential where each takes what the one before gives. */
function topologyOf(name: string, nodes: readonly NetworkNode[]): object {
  const names = nodes.map(({ config }) => config['name'] as string);
  const isChain = nodes.every(({ inputs }, i) => inputs.length === Number(i > 0) && inputs[0] === names[i - 1]);
  if (isChain) {
    const layers = nodes.map(({ class_name, config }) => ({ class_name, config }));
    return { class_name: 'Sequential', config: { name, layers } };
  }
  const layers = nodes.map(({ class_name, config, inputs }) => ({
    class_name,
    name: config['name'],
    config,
    inbound_nodes: inputs.length > 0 ? [inputs.map((input) => [input, 0, 0, {}])] : [],
  }));
  const [input_layers, output_layers] = [names[0], names.at(-1)].map((end) => [[end, 0, 0]]);
  return { class_name: 'Model', config: { name, layers, input_layers, output_layers } };
}
