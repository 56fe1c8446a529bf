import { changes } from '../compile/record';
import { DescentError } from '../errors';
import { tf } from '../tf';
import { allFinite, callLoss, isZero, valueAndGradients } from './check';
import { whyZero } from './reasons';
import { readValues, type Start, type Values, type Variables } from './variables';

/** An update written by hand: the variable's next value from its value and its gradient, all of one shape. */
export type UpdateRule = (
  value: tf.Tensor,
  gradient: tf.Tensor,
  step: { name: string; iteration: number },
) => tf.Tensor;

/** What a run descends on, and how. */
export interface Descent<S extends Record<string, Start>> {
  loss: (variables: Variables<S>, iteration: number) => tf.Tensor;
  variables: Variables<S>;
  optimizer: tf.Optimizer | UpdateRule;
  constrain?: (value: tf.Tensor, name: keyof S & string) => tf.Tensor;
}

/** What one step after the other is made of, however it is computed. */
export interface Steps<S extends Record<string, Start>> {
  /** The loss of this state, and unless it is the last one its gradients. */
  evaluate(iteration: number, last: boolean): number;
  /** The first variable whose gradient is not finite. */
  infinite(): (keyof S & string) | undefined;
  /** The variables, live, and their gradients: what a caller's function sees of the state. */
  readonly variables: Variables<S>;
  readonly gradients: { [K in keyof S]: tf.Tensor } | undefined;
  /** The variables' values as plain numbers. */
  values(): Values<S>;
  /** Whether they run without tensors. */
  readonly isCompiled: boolean;
  /** Moves the variables by the gradients. */
  update(iteration: number): void;
}

/** What tensors make of a state. */
export type OnTape<S extends Record<string, Start>> = ReturnType<typeof valueAndGradients<keyof S & string>>;

export const listOf = <S extends Record<string, Start>>(variables: Variables<S>): tf.Variable[] =>
  Object.values<tf.Variable>(variables);

export const namesOf = <S extends Record<string, Start>>(variables: Variables<S>): (keyof S & string)[] =>
  Object.keys(variables);

/** The loss's and the gradients' tensors at a state. */
export const evaluateOnTape = <S extends Record<string, Start>>(
  { loss, variables }: Descent<S>,
  iteration: number,
): OnTape<S> =>
  valueAndGradients(
    () => callLoss(() => loss(variables, iteration), iteration),
    listOf(variables),
    namesOf(variables),
    iteration,
  );

/** Makes one update by the gradients. */
export function updateOnTape<S extends Record<string, Start>>(
  { variables, optimizer, constrain }: Descent<S>,
  iteration: number,
  { grads, gradients }: Pick<OnTape<S>, 'grads' | 'gradients'>,
): void {
  const names = namesOf(variables);
  const list = listOf(variables);
  if (optimizer instanceof tf.Optimizer) optimizer.applyGradients(grads);
  else names.forEach((name, i) => move(list[i]!, optimizer(list[i]!, gradients[name], stepOf(name, iteration))));
  if (constrain) names.forEach((name, i) => move(list[i]!, constrain(list[i]!, name)));
}

/** Gives a variable its next value, which may be the variable itself: TensorFlow.js would free that first. */
function move(variable: tf.Variable, next: tf.Tensor): void {
  if (next !== variable) variable.assign(next);
}

/** A step as an update by hand sees it. That it heeds the iteration is told to a recording, which has to ask it each time. */
const stepOf = (name: string, iteration: number): { name: string; iteration: number } => ({
  name,
  get iteration() {
    changes();
    return iteration;
  },
});

/** Steps of tensors, one operation after the other. */
export class TapeSteps<S extends Record<string, Start>> implements Steps<S> {
  readonly variables: Variables<S>;
  readonly isCompiled = false;
  /** What was made of this state. */
  made: OnTape<S> | undefined;

  constructor(private readonly descent: Descent<S>) {
    this.variables = descent.variables;
  }

  evaluate(iteration: number, last: boolean): number {
    const { loss } = this.descent;
    this.made = last ? undefined : evaluateOnTape(this.descent, iteration);
    const value = this.made?.value ?? callLoss(() => loss(this.variables, iteration), iteration);
    return value.dataSync()[0]!;
  }

  get gradients(): { [K in keyof S]: tf.Tensor } | undefined {
    return this.made?.gradients as { [K in keyof S]: tf.Tensor } | undefined;
  }

  infinite(): (keyof S & string) | undefined {
    return namesOf(this.variables).find((name) => this.made && !allFinite(this.made.gradients[name]));
  }

  values(): Values<S> {
    return readValues<S>(this.variables);
  }

  update(iteration: number): void {
    updateOnTape(this.descent, iteration, this.made!);
  }
}

/** Refuses to begin where all gradients are zero because of a staircase. */
export function checkSlope<S extends Record<string, Start>>(
  { loss, variables }: Descent<S>,
  gradients: { [K in keyof S]: tf.Tensor },
): void {
  if (!Object.values<tf.Tensor>(gradients).every(isZero)) return;
  const level = whyZero(() => callLoss(() => loss(variables, 0), 0), listOf(variables));
  if (level) throw new DescentError(`the gradient is zero at iteration 0: ${level}; a smooth form has one`);
}
