import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import { tf } from '../tf';

/** A start value: a number, nested arrays of one shape, or a tensor (which stays the caller's to dispose). */
export type Start = number | number[] | number[][] | number[][][] | number[][][][] | tf.Tensor;

type RankOf<S> = S extends number
  ? tf.Rank.R0
  : S extends tf.Tensor<infer R>
    ? R
    : S extends number[]
      ? tf.Rank.R1
      : S extends number[][]
        ? tf.Rank.R2
        : S extends number[][][]
          ? tf.Rank.R3
          : tf.Rank;

/** The live variables, by name: what the loss is a function of. */
export type Variables<S> = { [K in keyof S]: tf.Variable<RankOf<S[K]>> };

/** The variables' values, by name, as plain numbers nested like the start values. */
export type Values<S> = { [K in keyof S]: ReturnType<tf.Tensor<RankOf<S[K]>>['arraySync']> };

/** Makes one float32 variable for each start value; the caller disposes them. `free` is called where that fails. */
export function makeVariables<S extends Record<string, Start>>(start: S, free?: () => void): Variables<S> {
  const made: [string, tf.Variable][] = [];
  try {
    for (const [name, value] of Object.entries(start)) {
      const initial = startOf(name, value);
      made.push([name, tf.variable(initial)]); // named by tfjs: the reader's names need only be unique within a run
      initial.dispose();
    }
  } catch (error) {
    made.forEach(([, variable]) => variable.dispose());
    free?.();
    throw error;
  }
  return Object.fromEntries(made) as Variables<S>;
}

function startOf(name: string, value: Start): tf.Tensor {
  if (!(value instanceof tf.Tensor)) return tf.tensor(value, shapeOfStart(name, value), 'float32');
  if (value.dtype !== 'float32') {
    throw new DescentError(
      `the start of '${name}' is a tensor of ${value.dtype}, and only float32 has gradients: give ${name}.toFloat()`,
    );
  }
  return value.clone();
}

/** The shape of nested arrays of numbers; tfjs finds out too late that they are ragged, or hold something else. */
function shapeOfStart(name: string, value: unknown, place = ''): number[] {
  if (typeof value === 'number') return [];
  const list: unknown[] | undefined =
    Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as unknown as number[]) : undefined;
  if (!list) throw new DescentError(`the start of '${name}'${place} is no number: ${JSON.stringify(value)}`);
  const shapes = list.map((one, i) => shapeOfStart(name, one, `${place}[${i}]`));
  const other = shapes.findIndex((shape) => shape.join() !== shapes[0]!.join());
  if (other > 0) {
    const told = (shape: number[]): string => (shape.length === 0 ? 'a number' : `of shape ${shapeOf({ shape })}`);
    throw new DescentError(
      `the start of '${name}' is ragged: ${place}[0] is ${told(shapes[0]!)}, ${place}[${other}] ${told(shapes[other]!)}`,
    );
  }
  return [list.length, ...(shapes[0] ?? [])];
}

/** Numbers as lists of lists of a shape. */
export function nested(numbers: Float32Array | Float64Array, shape: readonly number[]): unknown {
  if (shape.length === 0) return numbers[0];
  if (shape.length === 1) return Array.from(numbers);
  const [count = 0, ...rest] = shape;
  const size = count === 0 ? 0 : numbers.length / count;
  return Array.from({ length: count }, (_, i) => nested(numbers.subarray(i * size, (i + 1) * size), rest));
}

/** Reads the variables' values as plain numbers. */
export function readValues<S extends Record<string, Start>>(variables: Variables<S>): Values<S> {
  const entries = Object.entries<tf.Variable>(variables).map(([name, variable]) => [name, variable.arraySync()]);
  return Object.fromEntries(entries) as Values<S>;
}
