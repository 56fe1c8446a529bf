import { pruned, type Pruned } from '../compile/prune';
import { record, type Most } from '../compile/record';
import type { tf } from '../tf';
import { tidily } from '../tidily';
import { evaluateOnTape, listOf, namesOf, updateOnTape, type Descent, type OnTape } from './steps';
import type { Start, Variables } from './variables';

interface Options {
  /** Whether to keep what each kernel makes. */
  keep?: boolean;
  /** Whether numbers in it count as doubles. */
  doubles?: boolean;
  /** Larger tensors end the recording with NotCompiled. */
  most?: Most;
}

/** Evaluates a state with tensors, and records that: the loss and its gradients, in the variables' order. */
export function recordEvaluation<S extends Record<string, Start>>(
  descent: Descent<S>,
  iteration: number,
  options: Options = {},
): { evaluate: Pruned; made: OnTape<S> } {
  let made: OnTape<S> | undefined;
  const evaluate = record(
    listOf(descent.variables),
    (mark) => {
      const loss = (variables: Variables<S>, k: number): tf.Tensor => {
        const value = descent.loss(variables, k);
        mark();
        return value;
      };
      made = evaluateOnTape({ ...descent, loss }, iteration);
      return [made.value, ...gradientsOf(descent, made)];
    },
    options,
  );
  return { evaluate: pruned(evaluate), made: made! };
}

/** Makes the update by the gradients with tensors, and records that: the variables move. */
export function recordUpdate<S extends Record<string, Start>>(
  descent: Descent<S>,
  iteration: number,
  made: OnTape<S>,
  options: Options = {},
): Pruned {
  const update = record(
    [...listOf(descent.variables), ...gradientsOf(descent, made)],
    (mark) => {
      updateOnTape(descent, iteration, made);
      mark();
      return [];
    },
    options,
  );
  return pruned(update);
}

const gradientsOf = <S extends Record<string, Start>>(
  { variables }: Descent<S>,
  { gradients }: OnTape<S>,
): tf.Tensor[] => namesOf(variables).map((name) => gradients[name]);

/** One step of tensors as it was recorded, and the numbers that it came to. */
export interface RecordedStep {
  evaluate: Pruned;
  update: Pruned;
  results: { evaluate: ArrayLike<number>[]; update: ArrayLike<number>[] };
}

/** Makes one whole step with tensors and records it. */
export function recordStep<S extends Record<string, Start>>(
  descent: Descent<S>,
  iteration: number,
  options: Options = {},
): RecordedStep {
  return tidily(() => {
    const { evaluate, made } = recordEvaluation(descent, iteration, options);
    const evaluated = [made.value, ...gradientsOf(descent, made)].map((tensor) => tensor.dataSync());
    const update = recordUpdate(descent, iteration, made, options);
    const updated = listOf(descent.variables).map((variable) => variable.dataSync().slice());
    return { evaluate, update, results: { evaluate: evaluated, update: updated } };
  });
}
