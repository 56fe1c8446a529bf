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

/** Makes one float32 variable for each start value; the caller disposes them. */
export function makeVariables<S extends Record<string, Start>>(start: S): Variables<S> {
  const entries = Object.entries(start).map(([name, value]) => {
    const initial = value instanceof tf.Tensor ? value.clone() : tf.tensor(value, undefined, 'float32');
    const variable = tf.variable(initial); // named by tfjs: the reader's names need only be unique within a run
    initial.dispose();
    return [name, variable] as const;
  });
  return Object.fromEntries(entries) as Variables<S>;
}

/** Reads the variables' values as plain numbers. */
export function readValues<S extends Record<string, Start>>(variables: Variables<S>): Values<S> {
  const entries = Object.entries<tf.Variable>(variables).map(([name, variable]) => [name, variable.arraySync()]);
  return Object.fromEntries(entries) as Values<S>;
}
