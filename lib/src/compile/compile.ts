// From a recording to a program: which of its calls matter, what each value is, and what is left at the end.
import { sizeOf } from '../shape';
import { writtenNumber } from './constants';
import { fixed } from './expressions';
import { definitionOf, eachPart, fromMemory, inMemory, kindOf, VIEWS } from './kernels';
import { Plan, type Elements } from './plan';
import { costOf, statementsOf, type Program } from './program';
import { NotCompiled, type Recording } from './record';
import type { Precision, Store } from './stores';
import { arrayKernel } from './wholes';

/** Where a recording's inputs lie, and where its outputs and what it assigns belong. */
export interface Places {
  inputs: readonly Store[];
  outputs: readonly Store[];
  /** Of the variables that were given. */
  assigned: readonly { value: number; target: Store }[];
}

/** A recording as loops over memory. */
export interface Compiled {
  before: Program;
  step: Program;
  memory: { own: number; whole: number };
  /** Where a constant's numbers belong; those that are not there are written into the code. */
  constants: ReadonlyMap<number, Store>;
  /** Where a state's numbers belong, in the order of the recording's states. */
  states: readonly (Store | undefined)[];
  /** Of a step, in additions, about. */
  cost: number;
  /** What became of each value. */
  fates: ReadonlyMap<number, Fate>;
  /** Whether a step of it has come to what the operations came to. */
  isVerified?: boolean;
}

/**
 * What becomes of an operation: it is `fused` into the loops that use it, `kept` in memory, or `moved`, where it only says
 * where an element comes from; done `once`, before the first step; or run as a `whole`, by its kernel.
 */
export type Fate = 'fused' | 'kept' | 'moved' | 'once' | 'whole';

/** Kernels whose results or their shapes depend on more than what they are given the shapes of. */
const UNSTEADY = new Set(['Multinomial', 'Unique', 'NonMaxSuppressionV3', 'NonMaxSuppressionV4', 'NonMaxSuppressionV5', 'Draw', 'FromPixels', 'RaggedRange', 'RaggedGather']); // prettier-ignore

/** How often each value's elements are read, views not counted. */
function usesIn(recording: Recording): number[] {
  const uses = recording.values.map(() => 0);
  [...recording.outputs, ...recording.assigned.values()].forEach((value) => uses[value]!++);
  const size = (value: number): number => sizeOf(recording.values[value]!.shape);
  for (const { kernel, inputs, outputs } of [...recording.calls].reverse()) {
    const made = outputs.reduce((sum, value) => sum + size(value), 0);
    for (const value of Object.values(inputs).flat()) {
      if (VIEWS.has(kernel)) uses[value]! += outputs.reduce((sum, output) => sum + uses[output]!, 0);
      else if (kernel === 'BatchMatMul') uses[value]! += 2;
      else uses[value]! += Math.max(1, Math.min(2, Math.floor(made / Math.max(1, size(value)))));
    }
  }
  return uses;
}

/**
 * Compiles a recording that is pruned.
 * @param live the constants that change from step to step
 * @throws NotCompiled with the reason
 */
export function compile(
  recording: Recording,
  places: Places,
  live: ReadonlySet<number>,
  precision: Precision,
): Compiled {
  if (recording.refusal !== undefined) throw new NotCompiled(recording.refusal);
  const plan = new Plan(precision);
  const uses = usesIn(recording);
  const known: (Elements | undefined)[] = [];
  const wholes = new Set<number>();
  const constants = new Map<number, Store>();
  const kindIn = (value: number): ReturnType<typeof kindOf> => kindOf(recording.values[value]!.dtype);
  const shapeIn = (value: number): readonly number[] => recording.values[value]!.shape;
  const isComplex = (value: number): boolean => recording.values[value]!.dtype === 'complex64';
  const storedIn = (store: Store, value: number): Elements =>
    isComplex(value) ? fromMemory(plan.stored(store, [...shapeIn(value), 2])) : plan.stored(store, shapeIn(value));
  recording.inputs.forEach((value, i) => (known[value] = storedIn(places.inputs[i]!, value)));
  const states = recording.states.map(({ variable, before }) => {
    const value = before?.value ?? recording.assigned.get(variable)!;
    const store = plan.store(kindIn(value)!, variable.size);
    if (before) known[before.value] = plan.stored(store, variable.shape);
    return store;
  });
  const elementsOf = (value: number): Elements => {
    const found = known[value];
    if (found) return found;
    const { numbers, source } = recording.constants.get(value)!;
    const [shape, kind] = [shapeIn(value), isComplex(value) ? 'float' : kindIn(value)];
    if (!kind) throw new NotCompiled(`it computes with ${recording.values[value]!.dtype}`);
    const isLive = live.has(value) || source !== undefined;
    const written = isLive || isComplex(value) ? undefined : writtenNumber(numbers);
    if (written !== undefined) {
      const constant = plan.expressions.constant(written, kind);
      return (known[value] = { shape, kind, isSteady: true, at: () => constant });
    }
    const store = plan.store(kind, numbers.length);
    constants.set(value, store);
    return (known[value] = { ...storedIn(store, value), isSteady: !isLive });
  };

  for (const call of recording.calls) {
    const inputs: Record<string, Elements> = {};
    const lists: Record<string, Elements[]> = {};
    let index = 0;
    for (const [name, given] of Object.entries(call.inputs)) {
      if (typeof given === 'number') inputs[name] = elementsOf(given);
      else lists[name] = given.map(elementsOf);
      // lists come with the names 0, 1, 2 ... of their tensors
      if (typeof given === 'number' && /^\d+$/.test(name)) (lists['inputs'] ??= [])[index++] = inputs[name]!;
    }
    const outputs = call.outputs.map((value) => recording.values[value]!);
    const all = Object.values(call.inputs).flat();
    const dtypes = [...all, ...call.outputs].map((value) => recording.values[value]!.dtype);
    const define = definitionOf(call.kernel, dtypes);
    const strange = define ? undefined : dtypes.find((dtype) => !kindOf(dtype));
    if (strange) throw new NotCompiled(`the operation ${call.kernel} computes with ${strange}`);
    const isSteady = all.every((value) => known[value]!.isSteady);
    const make = (): Elements[] => {
      if (define) return define({ plan, inputs, lists, attributes: call.attributes, outputs });
      if (UNSTEADY.has(call.kernel)) throw new NotCompiled(`the operation ${call.kernel} is not the same each time`);
      if (precision === 'float64' && dtypes.includes('float32') && !arrayKernel(call.kernel))
        throw new NotCompiled(`the operation ${call.kernel} is not there in doubles`);
      const shapes = outputs.map(({ shape, dtype }) => ({ shape, kind: kindOf(dtype)! }));
      return plan.whole(call.kernel, call.attributes, { ...inputs, ...lists }, shapes);
    };
    const made = isSteady ? plan.inAdvance(make) : make();
    made.forEach((whole, i) => {
      const output = call.outputs[i]!;
      if (!define) wholes.add(output);
      // a fold's loops are made where its first element is asked for: before the first step, as those that read it
      const settled = eachPart(whole, (value) => {
        if (VIEWS.has(call.kernel)) return value;
        if (isSteady && define && !plan.inAdvance(() => isConstant(value))) return plan.keep(value, { before: true });
        return plan.shared(plan.remembered(value), uses[output]!);
      });
      known[output] = { ...settled, isSteady };
    });
  }
  recording.outputs.forEach((value, i) => plan.keep(inMemory(elementsOf(value)), { target: places.outputs[i]! }));
  places.assigned.forEach(({ value, target }) => plan.result(elementsOf(value), target));
  recording.states.forEach(({ variable }, i) => {
    const value = recording.assigned.get(variable);
    if (value !== undefined) plan.result(elementsOf(value), states[i]!);
  });
  const step = statementsOf(plan, plan.groups, [
    ...places.outputs,
    ...places.assigned.map(({ target }) => target),
    ...states,
  ]);
  const before = statementsOf(plan, plan.before, [
    ...plan.before.flatMap(({ work }) => work.map(({ target }) => target)),
  ]);
  const fates = new Map(
    recording.calls.flatMap(({ kernel, outputs }) =>
      outputs.map((value): [number, Fate] => {
        if (known[value]!.isSteady) return [value, 'once'];
        if (wholes.has(value)) return [value, 'whole'];
        if (VIEWS.has(kernel)) return [value, 'moved'];
        return [value, known[value]!.isKept?.() ? 'kept' : 'fused'];
      }),
    ),
  );
  return { before, step, memory: plan.memory, constants, states, cost: costOf(step.statements), fates };
}

const isConstant = (value: Elements): boolean =>
  sizeOf(value.shape) <= 8 && 'constant' in value.at(value.shape.map(() => fixed(0))).what;
