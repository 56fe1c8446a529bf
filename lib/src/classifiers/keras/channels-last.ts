import type { NetworkNode } from '../flatten';

/** Layers that compute each value by itself, wherever it lies. */
const ANYWHERE =
  /^(ReLU|LeakyReLU|ELU|ThresholdedReLU|Activation|(Alpha|Gaussian)?Dropout|GaussianNoise|ActivityRegularization|Identity)$/;
/** Layers of which an option says along which axis they compute. */
const ALONG_AXES = /^(Batch|Group|Layer|Unit)?Normalization$|^(BatchNormalizationV[12]|Softmax|Concatenate)$/;
/** Of those, the ones whose weights have a shape that the order of several axes decides. */
const SHAPED = /^(Layer)?Normalization$/;
const MERGING = /^(Add|Subtract|Multiply|Average|Maximum|Minimum|Concatenate)$/;
/** Activations that compute along the last axis. */
const ALONG_LAST = /softmax|sparsemax|^glu$/;

/**
 * A network that has its channels before rows and columns, as one that has them behind: the same weights in the same
 * shapes, for pictures with the channels last. Where a layer needs Keras' order, such as one that flattens, a Permute
 * stands before it. Any other network stays as it is.
 *
 * @param nodes in topological order, in Keras' words
 * @returns the same, the last of which gives the network's answer
 */
export function toChannelsLast(nodes: NetworkNode[]): NetworkNode[] {
  if (!nodes.some(isFirst)) return nodes;
  const pass = new Pass(nodes.find((node) => isFirst(node) || /^(Permute|Reshape)$/.test(node.class_name))!);
  for (const node of nodes) pass.add(node);
  return pass.end();
}

const isFirst = ({ config }: NetworkNode): boolean => config['data_format'] === 'channels_first';
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Goes through the nodes, and knows of each tensor whether its channels have been brought behind. */
class Pass {
  private readonly nodes: NetworkNode[] = [];
  /** How many sides each node's output has, the pictures' number among them. */
  private readonly ranks = new Map<string, number>();
  /** The nodes in whose output the channels were brought behind. */
  private readonly behind = new Set<string>();
  /** The nodes that give what others gave before. */
  private readonly givers = new Map<string, string>();

  /** @param first the first node that says where its channels are: it decides where those of the pictures are */
  constructor(private readonly first: NetworkNode) {}

  add(node: NetworkNode): void {
    const { class_name: kind, config } = node;
    const inputs = node.inputs.map((name) => this.givers.get(name) ?? name);
    const rank = Math.max(...inputs.map((name) => this.ranks.get(name)!));
    const fitting = inputs.every((name) => this.behind.has(name) && this.ranks.get(name) === rank);
    const axes = [config['axis'] ?? -1].flat();
    if (kind === 'InputLayer') this.input(node);
    else if (isFirst(node)) this.channelsFirst(node, inputs);
    else if (isColumn(node)) this.column(node, inputs);
    else if (fitting && isAnywhere(node)) this.push(node, inputs, rank, true);
    else if (fitting && ALONG_AXES.test(kind) && !(SHAPED.test(kind) && axes.length > 1)) {
      const moved = axes.map((axis) => movedAxis(Number(axis), rank));
      const axis = Array.isArray(config['axis']) ? moved : moved[0];
      this.push({ ...node, config: { ...config, axis } }, inputs, rank, true);
    } else if (fitting && MERGING.test(kind)) this.push(node, inputs, rank, true);
    else this.asInKeras(node, inputs, rank);
  }

  end(): NetworkNode[] {
    this.inOrder(this.nodes.at(-1)!.config['name'] as string);
    return this.nodes;
  }

  private push(node: NetworkNode, inputs: string[], rank: number, behind: boolean): void {
    const name = node.config['name'] as string;
    this.nodes.push({ ...node, inputs });
    this.ranks.set(name, rank);
    if (behind) this.behind.add(name);
  }

  private asInKeras(node: NetworkNode, inputs: string[], rank: number): void {
    const ordered = inputs.map((name) => this.inOrder(name));
    this.push(node, ordered, rankOf(node, rank), false);
  }

  private input(node: NetworkNode): void {
    const key = ['batch_input_shape', 'batch_shape'].find((each) => Array.isArray(node.config[each]))!;
    const [batch, channels, ...sides] = node.config[key] as unknown[];
    const rank = sides.length + 2;
    if (!isFirst(this.first) || rank === 2) return this.push(node, [], rank, false);
    this.push({ ...node, config: { ...node.config, [key]: [batch, ...sides, channels] } }, [], rank, true);
  }

  private channelsFirst(node: NetworkNode, inputs: string[]): void {
    const { config } = node;
    const name = config['name'] as string;
    const last = { ...node, config: { ...config, data_format: 'channels_last' } };
    const from = inputs.map((each) => this.atEnd(each));
    const rank = this.ranks.get(from[0]!)!;
    const given = rankOf(node, rank);
    if (!isAlongLast(config)) return this.push(last, from, given, given > 2);
    this.push({ ...last, config: { ...last.config, activation: 'linear' } }, from, rank, true);
    const activation = { name: `${name}/activation`, activation: config['activation'] };
    this.add({ class_name: 'Activation', config: activation, inputs: [name] });
    this.givers.set(name, activation.name);
  }

  private column(node: NetworkNode, inputs: string[]): void {
    const [channels, ...sides] = node.config['target_shape'] as number[];
    const target_shape = [...sides, channels];
    const ordered = inputs.map((name) => this.inOrder(name));
    this.push({ ...node, config: { ...node.config, target_shape } }, ordered, target_shape.length + 1, true);
  }

  /** What a node gives, as it is in Keras. */
  private inOrder(name: string): string {
    const rank = this.ranks.get(name)!;
    return this.behind.has(name) ? this.turn(`${name}/channels-first`, name, [rank - 1, ...upTo(rank - 2)]) : name;
  }

  /** What a node gives, with its channels behind. */
  private atEnd(name: string): string {
    const rank = this.ranks.get(name)!;
    if (this.behind.has(name) || rank < 3) return name;
    const turned = this.turn(`${name}/channels-last`, name, [...upTo(rank - 1).slice(1), 1]);
    this.behind.add(turned);
    return turned;
  }

  private turn(name: string, from: string, dims: number[]): string {
    if (!this.ranks.has(name)) {
      this.push({ class_name: 'Permute', config: { name, dims }, inputs: [] }, [from], dims.length + 1, false);
    }
    return name;
  }
}

/** How many sides a layer's output has, whose inputs have that many at most. */
function rankOf({ class_name: kind, config }: NetworkNode, rank: number): number {
  if (kind === 'Flatten' || (kind.startsWith('Global') && config['keepdims'] !== true)) return 2;
  if (kind === 'Reshape') return (config['target_shape'] as number[]).length + 1;
  return kind === 'RepeatVector' ? 3 : rank;
}

const isAnywhere = ({ class_name: kind, config }: NetworkNode): boolean =>
  (ANYWHERE.test(kind) && !isAlongLast(config)) ||
  (kind === 'Rescaling' && [config['scale'], config['offset'] ?? 0].every((each) => typeof each === 'number'));

const isAlongLast = ({ activation }: Record<string, unknown>): boolean =>
  ALONG_LAST.test(JSON.stringify(activation ?? ''));

/** Whether it makes channels of one row and one column: their order is the same, wherever the channels lie. */
function isColumn({ class_name: kind, config }: NetworkNode): boolean {
  const target = config['target_shape'];
  return (
    kind === 'Reshape' && Array.isArray(target) && target.length > 2 && target.slice(1).every((side) => side === 1)
  );
}

/** Where an axis comes to lie when the first, that of the channels, goes behind the others. */
function movedAxis(axis: number, rank: number): number {
  const from = axis < 0 ? axis + rank : axis;
  return from === 1 ? rank - 1 : from > 1 ? from - 1 : from;
}
