import type { Precision } from '../compile/stores';
import type { Fate } from '../compile/compile';
import { timesOf } from '../compile/cost';
import { CompiledFunction } from '../compile/function';
import { numbersFor } from '../compile/memory';
import { onPlainBackend } from '../compile/plain-backend';
import { NotCompiled } from '../compile/record';
import { tf } from '../tf';
import { tidily } from '../tidily';
import { layOut } from './layout';
import { recordEvaluation } from './record-step';
import { listOf, namesOf } from './steps';
import { makeVariables, type Start, type Variables } from './variables';

/** One operation of a loss, or of the way back from it. */
export interface ExplainedOperation {
  /** TensorFlow.js' name of its kernel. */
  kernel: string;
  /** Where its inputs come from: the numbers of other operations here, the names of variables, or 'constant'. */
  inputs: (number | string)[];
  /** The shape of what it makes. */
  shape: readonly number[];
  /** Whether it belongs to the gradient, and not to the loss itself. */
  backward: boolean;
  /** What becomes of it in the code; undefined where there is none. */
  fate?: Fate;
}

/** What a loss is made of, and what is made of it. */
export interface Explanation {
  /** The operations of the loss and of its gradient, in the order in which they run. */
  operations: ExplainedOperation[];
  /** How often each fate befell. */
  fused: Partial<Record<Fate, number>>;
  /** The function that computes the loss and its gradient, as JavaScript: S holds the variables, F and I what is its own. */
  code?: string;
  /** Nanoseconds of one evaluation by operations and by the code, as they are estimated when 'auto' decides. */
  cost: { operations: number; code: number };
  /** Why it cannot be compiled, if it cannot. */
  notCompiled?: string;
}

/**
 * What `descend` makes of a loss when it compiles it: the recorded operations, what was fused, the code and its cost; or
 * what keeps it from being compiled.
 *
 * @example
 * const { operations, fused, code } = explain(({ x }) => x.sub(3).square().sum(), { x: [1, 2, 3] });
 * console.log(operations.map(({ kernel }) => kernel).join(' ')); // => Sub Square Sum Reshape Multiply Cast Multiply Multiply Reshape
 * console.log(fused); // => { fused: 5, once: 2, moved: 2 }
 * console.log(code.includes('S[0] - 3')); // => true
 *
 * @param loss a pure function from the variables to a scalar tensor
 * @param variables a start value of each variable, by name
 */
export function explain<S extends Record<string, Start>>(
  loss: (variables: Variables<S>, iteration: number) => tf.Tensor,
  variables: S,
  { precision = 'float32' }: { precision?: Precision } = {},
): Explanation {
  const made = makeVariables(variables);
  const list = listOf(made);
  const names = namesOf(made);
  const descent = { loss, variables: made, optimizer: (value: tf.Tensor) => value };
  const record = () =>
    onPlainBackend(() => tidily(() => recordEvaluation(descent, 0, { doubles: precision === 'float64' }).evaluate));
  try {
    const first = record();
    const { recording } = first;
    const madeBy = new Map<number, number | string>(recording.inputs.map((value, i) => [value, names[i]!]));
    const operations = recording.calls.map(({ kernel, inputs, outputs }, i): ExplainedOperation => {
      const given = Object.values(inputs).flat().map((value) => madeBy.get(value) ?? 'constant'); // prettier-ignore
      outputs.forEach((value) => madeBy.set(value, i));
      return { kernel, inputs: given, shape: recording.values[outputs[0]!]!.shape, backward: i >= recording.marked };
    });
    const { tape, compiled } = timesOf([recording]);
    const explanation: Explanation = { operations, fused: {}, cost: { operations: tape, code: compiled } };
    try {
      const { places, size } = layOut(list);
      const { fates, text } = new CompiledFunction(
        [first, record()],
        { inputs: places.variables, outputs: [places.loss, ...places.gradients], assigned: [] },
        numbersFor(precision, size),
        precision,
        { name: 'loss', given: list, run: () => undefined },
      );
      recording.calls.forEach(({ outputs }, i) => {
        const fate = fates.get(outputs[0]!)!;
        operations[i]!.fate = fate;
        explanation.fused[fate] = (explanation.fused[fate] ?? 0) + 1;
      });
      return { ...explanation, code: text };
    } catch (error) {
      if (!(error instanceof NotCompiled)) throw error;
      return { ...explanation, notCompiled: error.message };
    }
  } finally {
    tf.dispose(list);
  }
}
