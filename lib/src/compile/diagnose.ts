// Which operation of a recording is computed otherwise than its kernel computes it.
import { sizeOf } from '../shape';
import { compile } from './compile';
import { Machine, numbersFor } from './memory';
import type { Call, Recording } from './record';
import { type Precision, sharedStores, type Store } from './stores';
import { kindOf } from './kernels';

type Numbers = ArrayLike<number>;

/** More than rounding, as a part of the largest number that goes in or comes out. */
const MORE_THAN_ROUNDING = 1e-4;

/** Whether two lists of numbers agree, to a part of the scale; what is not finite agrees with its like. */
export function agree(a: Numbers, b: Numbers, part: number, scale = largest(b)): boolean {
  return Array.prototype.every.call(a, (value: number, i) => {
    const other = b[i]!;
    return Number.isFinite(value) && Number.isFinite(other)
      ? Math.abs(value - other) <= part * scale
      : Number.isFinite(value) === Number.isFinite(other);
  });
}

export const largest = (numbers: Numbers): number =>
  Array.prototype.reduce.call<Numbers, [(most: number, value: number) => number, number], number>(
    numbers,
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );

/** Runs each call by itself: first on what its kernel was given, to compare; then on what the calls before it made. */
export function diagnose(
  recording: Recording,
  given: ReadonlyMap<number, Numbers>,
  precision: Precision,
): { wrong?: Call; results: Map<number, Numbers> } {
  const { values, calls, numbers } = recording;
  const known = (value: number): Numbers =>
    given.get(value) ??
    recording.constants.get(value)?.numbers ??
    recording.states.find(({ before }) => before?.value === value)!.before!.numbers;
  const chain = new Map<number, Numbers>();
  /** What constants alone make is a constant too: it is written into the code. */
  const steady = new Map(recording.constants);
  let wrong: Call | undefined;
  for (const call of calls) {
    const all = [...new Set(Object.values(call.inputs).flat())];
    const constants = new Map([...steady].filter(([value]) => all.includes(value)));
    const inputs = all.filter((value) => !constants.has(value));
    const own: Recording = {
      ...recording,
      calls: [call],
      inputs,
      outputs: call.outputs,
      states: [],
      assigned: new Map(),
      constants,
    };
    const run = (of: (value: number) => Numbers): Numbers[] => runAlone(own, inputs.map(of), precision);
    const made = run((value) => numbers?.get(value) ?? known(value));
    call.outputs.forEach((value, i) => {
      const wanted = numbers!.get(value)!;
      const scale = Math.max(largest(wanted), ...all.map((input) => largest(numbers?.get(input) ?? known(input))));
      if (/float|complex/.test(values[value]!.dtype) && !agree(made[i]!, wanted, MORE_THAN_ROUNDING, scale))
        wrong ??= call;
    });
    run((value) => chain.get(value) ?? known(value)).forEach((result, i) => {
      chain.set(call.outputs[i]!, result);
      if (inputs.length === 0) steady.set(call.outputs[i]!, { numbers: result, data: result });
    });
  }
  return { ...(wrong && { wrong }), results: chain };
}

/** A recording's outputs for other inputs. */
function runAlone(recording: Recording, given: readonly Numbers[], precision: Precision): Numbers[] {
  const stores = sharedStores();
  const store = (value: number): Store => {
    const { shape, dtype } = recording.values[value]!;
    return stores.store(sizeOf(shape) * (dtype === 'complex64' ? 2 : 1), kindOf(dtype));
  };
  const inputs = recording.inputs.map(store);
  const outputs = recording.outputs.map(store);
  const shared = numbersFor(precision, stores.size);
  const compiled = compile(recording, { inputs, outputs, assigned: [] }, new Set(), precision);
  const machine = new Machine(compiled, shared, precision);
  compiled.constants.forEach((place, value) => machine.numbers(place).set(recording.constants.get(value)!.numbers));
  inputs.forEach((place, i) => machine.numbers(place).set(given[i]!));
  machine.before();
  machine.step();
  return outputs.map((place) => machine.numbers(place).slice());
}
