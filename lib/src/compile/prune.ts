// A recording reduced to what its results come from, in one order: two of them can be compared.
import { writtenNumber } from './constants';
import type { Call, Constant, Recording, State, Value } from './record';

/** A recording, whole and reduced. */
export interface Pruned {
  readonly whole: Recording;
  readonly recording: Recording;
  /** The number that a value of the whole one has in the reduced one; -1 where nothing comes of it. */
  readonly numbers: Int32Array;
}

/** Leaves out the calls that nothing comes of, and numbers the values in the order in which they are met. */
export function pruned(whole: Recording): Pruned {
  const { calls, inputs, outputs, assigned } = whole;
  const needed = new Uint8Array(whole.values.length);
  for (const value of outputs) needed[value] = 1;
  for (const value of assigned.values()) needed[value] = 1;
  const alive: number[] = [];
  for (let i = calls.length - 1; i >= 0; i--) {
    if (!calls[i]!.outputs.some((value) => needed[value])) continue;
    forEachInput(calls[i]!, (value) => (needed[value] = 1));
    alive.push(i);
  }
  alive.reverse();

  const values: Value[] = [];
  const numbers = new Int32Array(whole.values.length).fill(-1);
  const renumber = (value: number): number => {
    if (numbers[value]! < 0) numbers[value] = values.push(whole.values[value]!) - 1;
    return numbers[value]!;
  };
  const newInputs = inputs.map(renumber);
  const newCalls = alive.map((i): Call => {
    const call = calls[i]!;
    const given: Record<string, number | number[]> = {};
    for (const name in call.inputs) {
      const input = call.inputs[name]!;
      given[name] = typeof input === 'number' ? renumber(input) : input.map(renumber);
    }
    return { ...call, inputs: given, outputs: call.outputs.map(renumber) };
  });
  const newOutputs = outputs.map(renumber);
  const newAssigned = new Map([...assigned].map(([variable, value]) => [variable, renumber(value)]));
  const constants = new Map<number, Constant>();
  whole.constants.forEach((constant, value) => numbers[value]! >= 0 && constants.set(numbers[value]!, constant));
  const states = whole.states.flatMap(({ variable, before }): State[] => {
    const value = before ? numbers[before.value]! : -1;
    if (before && value >= 0) return [{ variable, before: { value, numbers: before.numbers } }];
    return assigned.has(variable) ? [{ variable }] : [];
  });
  const recording: Recording = {
    ...whole,
    values,
    calls: newCalls,
    marked: alive.filter((i) => i < whole.marked).length,
    inputs: newInputs,
    outputs: newOutputs,
    assigned: newAssigned,
    constants,
    states,
    ...(whole.numbers && { numbers: new Map([...whole.numbers].flatMap(([value, list]) => (numbers[value]! < 0 ? [] : [[numbers[value]!, list]]))) }),
  }; // prettier-ignore
  return { whole, recording, numbers };
}

function forEachInput({ inputs }: Call, each: (value: number) => void): void {
  for (const name in inputs) {
    const input = inputs[name]!;
    if (typeof input === 'number') each(input);
    else input.forEach(each);
  }
}

/** What a recording does, but for its constants' numbers, as text. */
export function textOfRecording({ values, calls, inputs, outputs, assigned, constants, states }: Recording): string {
  const variables = [...assigned.keys()];
  const kind = (value: number): string => `${values[value]!.dtype}[${values[value]!.shape.join()}]`;
  return [
    inputs.map(kind).join(),
    ...calls.map(
      ({ kernel, inputs: given, attributes, outputs: made }) =>
        `${kernel} ${JSON.stringify(given)} ${attributesText(attributes)} ${made.map((value) => value + kind(value)).join()}`,
    ),
    [...constants.keys()].map((value) => value + kind(value)).join(),
    states
      .map(({ variable, before }) => `${before?.value ?? ''}[${variable.shape.join()}]${variables.indexOf(variable)}`)
      .join(';'),
    outputs.join(),
    [...assigned.values()].join(),
  ].join('\n');
}

/** JSON knows no infinity. */
const attributesText = (attributes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(attributes, (_, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );

/** Whether two recordings do the same, but for their constants' numbers. */
export function doTheSame(a: Recording, b: Recording): boolean {
  return (
    a.calls.length === b.calls.length &&
    a.values.length === b.values.length &&
    a.constants.size === b.constants.size &&
    sameNumbers(a.outputs, b.outputs) &&
    sameNumbers([...a.assigned.values()], [...b.assigned.values()]) &&
    a.values.every(({ shape, dtype }, i) => dtype === b.values[i]!.dtype && sameNumbers(shape, b.values[i]!.shape)) &&
    a.calls.every((call, i) => isSameCall(call, b.calls[i]!))
  );
}

function isSameCall(a: Call, b: Call): boolean {
  if (a.kernel !== b.kernel || !sameNumbers(a.outputs, b.outputs)) return false;
  for (const name in a.inputs) {
    const [input, other] = [a.inputs[name]!, b.inputs[name]];
    if (typeof input === 'number' ? input !== other : typeof other !== 'object' || !sameNumbers(input, other))
      return false;
  }
  return hasNone(a.attributes) && hasNone(b.attributes)
    ? true
    : attributesText(a.attributes) === attributesText(b.attributes);
}

function hasNone(attributes: object): boolean {
  for (const _ in attributes) return false;
  return true;
}

/** What of its constants is written into the code of a recording. */
export const writtenConstants = ({ constants }: Recording, live: ReadonlySet<number>): string =>
  [...constants]
    .map(([value, { numbers, source }]) => (source || live.has(value) ? '~' : (writtenNumber(numbers) ?? 'data')))
    .join();

/** The constants whose numbers differ between two recordings that do the same. */
export function changedConstants(a: Recording, b: Recording): number[] {
  return [...a.constants].flatMap(([value, { numbers, data, source }]) => {
    const other = b.constants.get(value)!;
    return source || data === other.data || sameNumbers(numbers, other.numbers) ? [] : [value];
  });
}

export function sameNumbers(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
