import { DescentError } from '../errors';
import type { PictureSize } from '../pictures';
import { tf } from '../tf';

/** What a network's weights do not tell: what its answers mean, and what pictures it wants. */
export interface ModelCard {
  /** The network's name. */
  name: string;
  /** The classes in the order of the outputs; of a single sigmoid output first the class at 0, then the one at 1. */
  classes: readonly string[];
  /** What it takes: pixels, and colours a pixel. */
  input: PictureSize & {
    /** The values that black and white have at the network's input: [0, 1], [0, 255], [-1, 1]. */
    range: readonly [number, number];
  };
}

/** What can be stated of a model, beside what can be read off it. */
export type ModelStatement = Pick<ModelCard, 'name' | 'classes'> & Pick<ModelCard['input'], 'range'>;

const text = (sizes: readonly (number | null)[]): string => `[${sizes.map((size) => size ?? 'any').join(', ')}]`;

/**
 * The size of the pictures that a network takes.
 *
 * @param shape its input's, the number of pictures first
 * @param name what to call the network in errors
 * @throws DescentError where it takes no pictures of one size
 */
export function pictureSize(shape: readonly (number | null)[], name: string): PictureSize {
  const [, height, width, channels] = shape;
  if (shape.length !== 4 || !height || !width || (channels !== 1 && channels !== 3)) {
    const remedy =
      shape.length === 4 && height && height <= 3
        ? "data_format='channels_last' in all layers"
        : 'an Input of that shape, and a Reshape or Flatten, in front of the others';
    throw new DescentError(
      `${name} takes inputs of the shape ${text(shape)}; needed are pictures of one size, [any, ` +
        `height, width, 1 or 3]: make the model with ${remedy}`,
    );
  }
  return { height, width, channels };
}

/**
 * The card of a model.
 *
 * @throws DescentError where the model takes no pictures of one size, or the classes are not as many as its outputs
 */
export const describeModel = (model: tf.LayersModel, statement: ModelStatement): ModelCard =>
  describeNetwork(model.inputs[0]!.shape, model.outputs[0]!.shape, statement);

/** The same of a network with an input and an output of these shapes, the number of pictures first. */
export function describeNetwork(
  input: readonly (number | null)[],
  outputs: readonly (number | null)[],
  { name, classes, range }: ModelStatement,
): ModelCard {
  const size = pictureSize(input, name);
  const answers = outputs[1] === 1 ? 2 : outputs[1]; // one sigmoid output tells two classes apart
  if (outputs.length !== 2) {
    throw new DescentError(
      `${name} has outputs of the shape ${text(outputs)}; needed is a number for each class, ` +
        '[any, classes]: make the model with a Flatten, or a Dense layer, at its end',
    );
  }
  if (classes.length !== answers) {
    throw new DescentError(
      `${name} has outputs of the shape ${text(outputs)}, which tell ${answers} classes apart, ` +
        `but ${classes.length} are named: ${classes.join(', ')}`,
    );
  }
  if (new Set(classes).size < classes.length || classes.some((label) => !label)) {
    throw new DescentError(`${name} needs a name of its own for each class, not: ${classes.join(', ')}`);
  }
  if (!(range[0] < range[1])) {
    throw new DescentError(`${name} needs a range from low to high, not ${range.join(' to ')}`);
  }
  return { name, classes, input: { ...size, range } };
}
