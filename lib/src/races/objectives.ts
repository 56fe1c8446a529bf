import { DescentError } from '../errors';
import { tf } from '../tf';

/** A point of the plane: x and y. */
export type Point = [x: number, y: number];

/** Ground to race on: a function of the plane that is to be brought down. */
export interface Objective {
  /** Its name, as `objectiveNames` lists it. */
  name: string;
  /** The height at a point of shape [2], as a scalar; differentiable by TensorFlow. */
  loss: (point: tf.Tensor1D) => tf.Tensor;
  /** Where a race starts unless told otherwise. */
  start: Point;
  /** The lowest points; an empty list where they are not known. */
  optima: Point[];
  /** The part of the plane that figures show, if they are not to find it themselves: [low, high] in x and in y. */
  region?: { x: Point; y: Point };
  /** The formula, for help. */
  formula?: string;
  /** What is told of an error on ground that a reader wrote: where it lies. */
  explain?: (error: DescentError) => DescentError;
}

const coordinates = (point: tf.Tensor1D): [tf.Tensor, tf.Tensor] => tf.unstack(point) as [tf.Tensor, tf.Tensor];

/** The grounds by name. All are 0 at their lowest points and above 0 elsewhere. */
export const objectives = {
  beale: {
    name: 'beale',
    formula: '(1.5 - x + xy)^2 + (2.25 - x + xy^2)^2 + (2.625 - x + xy^3)^2',
    loss: (point) => {
      const [x, y] = coordinates(point);
      return x
        .mul(y.pow(tf.tensor1d([1, 2, 3])).sub(1))
        .add(tf.tensor1d([1.5, 2.25, 2.625]))
        .square()
        .sum();
    },
    start: [1, 1.5],
    optima: [[3, 0.5]],
    region: { x: [-0.5, 5.2], y: [-1.8, 1.8] },
  },
  rosenbrock: {
    name: 'rosenbrock',
    formula: '(1 - x)^2 + 100 (y - x^2)^2',
    loss: (point) => {
      const [x, y] = coordinates(point);
      return x.sub(1).square().add(y.sub(x.square()).square().mul(100));
    },
    start: [-1.2, 1],
    optima: [[1, 1]],
    region: { x: [-1.8, 1.8], y: [-0.6, 2.2] },
  },
  saddle: {
    name: 'saddle',
    formula: 'x^2 + (y^2 / 2 - 1)^2',
    loss: (point) => {
      const [x, y] = coordinates(point);
      return x.square().add(y.square().div(2).sub(1).square());
    },
    // Almost on the ridge: straight down leads onto the saddle at (0, 0), where the gradient vanishes.
    start: [1.5, 0.001],
    optima: [
      [0, Math.SQRT2],
      [0, -Math.SQRT2],
    ],
    region: { x: [-1.2, 1.8], y: [-1.9, 1.9] },
  },
  ravine: {
    name: 'ravine',
    formula: '(x^2 + 50 y^2) / 2',
    loss: (point) => {
      const [x, y] = coordinates(point);
      return x.square().add(y.square().mul(50)).div(2);
    },
    start: [-4, 1],
    optima: [[0, 0]],
    region: { x: [-4.6, 1.6], y: [-1.4, 1.4] },
  },
} satisfies Record<string, Objective>;

/** The names of the grounds that come with the library. */
export const objectiveNames = Object.keys(objectives);

/** The ground of that name. @throws DescentError that lists the names */
export function findObjective(name: string): Objective {
  const found = Object.hasOwn(objectives, name) && objectives[name as keyof typeof objectives];
  if (found) return found;
  throw new DescentError(`unknown objective '${name}'; known: ${objectiveNames.join(', ')}, or a TypeScript file`);
}
