// What a kernel computes, as functions of indices.
import type { tf } from '../../tf';
import type { Index, Kind } from '../expressions';
import type { Elements, Plan } from '../plan';
import type { Value } from '../record';

/** The inputs of a kernel by name, what it is told, and the shapes and types of what it makes. */
export interface Given {
  plan: Plan;
  inputs: Record<string, Elements>;
  lists: Record<string, Elements[]>;
  attributes: Record<string, unknown>;
  outputs: readonly Value[];
}
export type Definition = (given: Given) => Elements[];
export type Definitions = Readonly<Record<string, Definition>>;

/** The kind of numbers that a type holds; undefined for complex numbers and text. */
export function kindOf(dtype: tf.DataType): Kind | undefined {
  return ({ float32: 'float', int32: 'int', bool: 'bool' } as Partial<Record<tf.DataType, Kind>>)[dtype];
}

/** The same value everywhere: none. */
export const zeros = (plan: Plan, shape: readonly number[], kind: Kind): Elements => {
  const zero = plan.expressions.constant(0, kind);
  return { shape, kind, at: () => zero };
};

/** The same elements in other places. */
export const viewed = (
  x: Elements,
  shape: readonly number[],
  from: (to: readonly Index[]) => readonly Index[],
): Elements => ({ shape, kind: x.kind, isSteady: x.isSteady, at: (to) => x.at(from(to)) });
