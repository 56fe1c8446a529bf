import { DescentError } from '../../errors';
import type { NetworkNode } from '../flatten';
import { pictureSize } from '../model-card';
import { product, statedShape } from '../plan';

/**
 * The pictures that a network takes, whatever shape it calls them: [28, 28] is grey; a flat length, [784] or [784, 1], a
 * square, in grey or in three colours.
 *
 * @param shape without the number of pictures; null is any size
 * @param size the height and width, for a network that takes any, or a flat length of others
 * @throws DescentError where they are no pictures, or of another size than is stated
 */
export function pictureShape(
  shape: readonly (number | null)[],
  source: string,
  size?: readonly [height: number, width: number],
): [height: number, width: number, channels: number] {
  const sides = shape.length === 3 ? shape.map((side, axis) => side ?? size?.[axis] ?? null) : flatPicture(shape, size);
  if (shape.length === 3 && sides.slice(0, 2).includes(null)) {
    throw new DescentError(
      `${source} takes pictures of any size, and one is needed: state it by --size, as --size 224,224`,
    );
  }
  const { height, width, channels } = pictureSize([null, ...sides], source);
  if (!size || (height === size[0] && width === size[1])) return [height, width, channels];
  throw new DescentError(
    `${source} takes pictures of ${height} x ${width} pixels (height x width), not ${size.join(' x ')}`,
  );
}

/** The sides of a picture whose pixels come in rows, [28, 28], or in one list. */
function flatPicture(shape: readonly (number | null)[], size?: readonly [number, number]): (number | null)[] {
  if (shape.length > 2 || shape.includes(null)) return [...shape];
  const [rows, columns = 1] = shape as [number, number?];
  if (columns > 1) return [rows, columns, 1];
  if (size) return [...size, rows / product(size)];
  const channels = Number.isInteger(Math.sqrt(rows / 3)) ? 3 : 1;
  const side = Math.sqrt(rows / channels);
  return Number.isInteger(side) ? [side, side, channels] : [rows];
}

/**
 * Makes a network take pictures [height, width, colours], whatever shape it calls them: others get a Reshape in front.
 *
 * @param nodes the input first
 * @returns the same network; the nodes that take the input take what stands behind it
 * @throws DescentError as `pictureShape` does
 */
export function pictureInput(
  nodes: readonly NetworkNode[],
  source: string,
  size?: readonly [height: number, width: number],
): NetworkNode[] {
  const [input, ...others] = nodes as [NetworkNode, ...NetworkNode[]];
  const name = input.config['name'] as string;
  const shape = statedShape(input, source).slice(1);
  const picture = pictureShape(shape, source, size);
  const front = { ...input, config: { ...input.config, batch_input_shape: [null, ...picture] } };
  if (shape.length === 3) return [front, ...others];
  const reshape = { class_name: 'Reshape', config: { name: `${name}_shape`, target_shape: shape }, inputs: [name] };
  return [front, reshape, ...others.map((node) => behind(node, name, `${name}_shape`))];
}

/** The node, where it took the one, with the other in its place. */
export const behind = (node: NetworkNode, one: string, other: string): NetworkNode => ({
  ...node,
  inputs: node.inputs.map((input) => (input === one ? other : input)),
});
