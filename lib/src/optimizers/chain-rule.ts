import { DescentError } from '../errors';
import { tf } from '../tf';
import type { NamedTensor, Rule } from './rule';
import type { Step, Transform } from './transform';

/** The tensors kept for one variable, by slot. */
interface Kept {
  name: string;
  slots: Record<string, tf.Variable>;
}

/** Moves variables by a chain of transforms: value - last(... second(first(gradient))). */
export class ChainRule implements Rule {
  private readonly kept = new Map<string, Kept>();
  /** A state that was set before it is known to which variables it belongs. */
  private waiting: Record<string, tf.Variable>[] = [];
  private readonly initial: Record<string, number>;

  /** @param chain transforms whose slots have different names */
  constructor(private readonly chain: readonly Transform[]) {
    this.initial = Object.fromEntries(chain.flatMap((link) => ('slots' in link ? Object.entries(link.slots) : [])));
  }

  apply(gradients: NamedTensor[], rate: number, iteration: number): void {
    for (const { name, tensor } of gradients) {
      const value = tf.engine().registeredVariables[name];
      if (!value) throw new DescentError(`there is no variable '${name}' to update`);
      value.assign(value.sub(this.update(tensor, this.slotsOf(value), { iteration, rate, value })));
    }
  }

  private update(gradient: tf.Tensor, slots: Kept['slots'], step: Step): tf.Tensor {
    let update = gradient;
    let factor = 1; // multiplied in only where it is needed: each pass over 13 million values counts
    const scaled = (): tf.Tensor => (factor === 1 ? update : update.mul(factor));
    for (const link of this.chain) {
      if ('factor' in link) {
        factor *= link.factor(step);
      } else {
        update = link.update(scaled(), slots, step);
        factor = 1;
      }
    }
    return scaled();
  }

  private slotsOf(variable: tf.Variable): Kept['slots'] {
    const known = this.kept.get(variable.name);
    if (known) return known.slots;
    const slots =
      this.waiting.shift() ?? mapValues(this.initial, (fill) => tf.variable(tf.fill(variable.shape, fill), false));
    const wrong = Object.values(slots).find(({ shape }) => shape.join() !== variable.shape.join());
    if (wrong) {
      throw new DescentError(
        `the optimizer's saved state does not fit: '${variable.name}' has shape ` +
          `[${variable.shape.join(', ')}], its state [${wrong.shape.join(', ')}]`,
      );
    }
    this.kept.set(variable.name, { name: variable.name, slots });
    return slots;
  }

  async getState(): Promise<NamedTensor[]> {
    const all = [...this.kept.values(), ...this.waiting.map((slots, i) => ({ name: `variable${i}`, slots }))];
    const named = Object.keys(this.initial).flatMap((slot) =>
      all.map(({ name, slots }) => ({ name: `${name}/${slot}`, tensor: slots[slot]! })),
    );
    return Promise.resolve(named);
  }

  async setState(state: NamedTensor[]): Promise<void> {
    const names = Object.keys(this.initial);
    const variables = names.length === 0 ? 0 : state.length / names.length;
    if (!Number.isInteger(variables) || (names.length === 0 && state.length > 0)) {
      throw new DescentError(
        `this optimizer keeps ${names.length} tensors for each variable (${names.join(', ')}); ` +
          `${state.length} saved tensors do not fit`,
      );
    }
    this.dispose();
    this.waiting = Array.from({ length: variables }, (_, variable) =>
      Object.fromEntries(
        names.map((name, slot) => [name, tf.variable(state[slot * variables + variable]!.tensor, false)]),
      ),
    );
    return Promise.resolve();
  }

  dispose(): void {
    for (const slots of [...this.waiting, ...[...this.kept.values()].map((kept) => kept.slots)]) tf.dispose(slots);
    this.kept.clear();
    this.waiting = [];
  }
}

function mapValues<A, B>(object: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
