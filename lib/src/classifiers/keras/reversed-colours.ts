import { isObject } from '../layers';
import type { NetworkNode } from '../flatten';

/** One colour of a picture, x[..., colour]. */
interface Colour {
  from: string;
  colour: number;
}

/**
 * Keras 3's `preprocess_input` takes each of three colours out and stacks them, blue first: that is one layer.
 *
 * @param nodes in topological order
 */
export function withReversedColours(nodes: NetworkNode[]): NetworkNode[] {
  const colours = new Map(nodes.flatMap((node) => colourOf(node) ?? []));
  const merged = nodes.map((node): NetworkNode => {
    const [blue, ...others] = node.inputs.map((input) => colours.get(input));
    const { name, axis } = node.config;
    const reversed =
      node.class_name === 'ops.Stack' &&
      axis === -1 &&
      blue?.colour === 2 &&
      others.map((each) => each?.from === blue.from && each.colour).join() === '1,0';
    return reversed ? { class_name: 'ReverseChannels', config: { name }, inputs: [blue.from] } : node;
  });
  const taken = new Set(merged.flatMap(({ inputs }) => inputs));
  return merged.filter(({ config }) => !colours.has(config['name'] as string) || taken.has(config['name'] as string));
}

/** A node that takes one of three colours out, by its name. */
function colourOf({ class_name: kind, config, inputs }: NetworkNode): [string, Colour][] | undefined {
  const { inbound } = config;
  if (kind !== 'ops.GetItem' || !isObject(inbound) || !Array.isArray(inbound['args'])) return undefined;
  const [tensor, places] = inbound['args'] as [{ config?: { shape?: unknown[] } } | null, unknown];
  const [rest, colour, ...more] = Array.isArray(places) ? (places as unknown[]) : [];
  const one =
    isObject(rest) && rest['class_name'] === '__ellipsis__' && typeof colour === 'number' && more.length === 0;
  if (!one || tensor?.config?.shape?.at(-1) !== 3) return undefined;
  return [[config['name'] as string, { from: inputs[0]!, colour }]];
}
