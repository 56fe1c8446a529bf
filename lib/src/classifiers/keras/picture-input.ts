import { DescentError } from '../../errors';
import type { NetworkNode } from '../flatten';
import { isCount } from '../layers';
import { pictureSize } from '../model-card';
import { product } from '../plan';

/**
 * Makes a network take pictures [height, width, colours], whatever shape it calls them: [28, 28] and [784] get a
 * Reshape in front. A flat length is a square, in grey or in three colours.
 *
 * @param nodes the input first
 * @param size the pictures' height and width, for a network that takes any, or a flat length of others
 * @returns the same network; the nodes that take the input take what stands behind it
 * @throws DescentError where its input is no picture, or of another size than is stated
 */
export function pictureInput(
  nodes: readonly NetworkNode[],
  source: string,
  size?: readonly [height: number, width: number],
): NetworkNode[] {
  const [input, ...others] = nodes as [NetworkNode, ...NetworkNode[]];
  const name = input.config['name'] as string;
  const stated = input.config['batch_input_shape'];
  if (!Array.isArray(stated) || !stated.every((side) => side === null || isCount(side))) {
    throw new DescentError(
      `${source} does not state the size of the network's pictures: make the model with an ` +
        'Input(shape) in front, give it the weights by set_weights, and save that',
    );
  }
  const shape = (stated as (number | null)[]).slice(1);
  const picture =
    shape.length === 3 ? shape.map((side, axis) => side ?? size?.[axis] ?? null) : flatPicture(shape, size);
  const { height, width, channels } = pictureSize([null, ...picture], source);
  if (size && (height !== size[0] || width !== size[1])) {
    throw new DescentError(
      `${source} takes pictures of ${height} x ${width} pixels (height x width), not ${size.join(' x ')}`,
    );
  }
  const front = { ...input, config: { ...input.config, batch_input_shape: [null, height, width, channels] } };
  if (shape.length === 3) return [front, ...others];
  const target = shape.map((side) => side ?? -1);
  const reshape = { class_name: 'Reshape', config: { name: `${name}_shape`, target_shape: target }, inputs: [name] };
  return [front, reshape, ...others.map((node) => behind(node, name, `${name}_shape`))];
}

/** The node, where it took the one, with the other in its place. */
export const behind = (node: NetworkNode, one: string, other: string): NetworkNode => ({
  ...node,
  inputs: node.inputs.map((input) => (input === one ? other : input)),
});

/** The sides of a picture whose pixels come in rows, [28, 28], or in one list, [784] or [784, 1]. */
function flatPicture(shape: readonly (number | null)[], size?: readonly [number, number]): (number | null)[] {
  if (shape.length > 2 || shape.includes(null)) return [...shape];
  const [rows, columns = 1] = shape as [number, number?];
  if (columns > 1) return [rows, columns, 1];
  if (size) return [...size, rows / product(size)];
  const channels = Number.isInteger(Math.sqrt(rows / 3)) ? 3 : 1;
  const side = Math.sqrt(rows / channels);
  return Number.isInteger(side) ? [side, side, channels] : [rows];
}
