import { DescentError } from '../errors';
import { shapeOf } from '../shape';
import { tf } from '../tf';
import type { Transform } from './transform';

/** A tensor with its name: a gradient by its variable's, a saved one by its variable's and its slot's. */
export interface NamedTensor {
  name: string;
  tensor: tf.Tensor;
}

/** What one link remembers of one variable. */
type LinkSlots = Record<string, tf.Variable>;

/** What a chain remembers of each variable, by the links' places; it belongs to the variables as they first came. */
export class Slots {
  private readonly kept = new Map<string, LinkSlots[]>();
  /** A state that was set before the first variable came, in the order in which they will. */
  private waiting: LinkSlots[][] = [];
  /** All slots in the order in which they are saved: of one name the second has its link's place behind it. */
  private readonly places: { link: number; slot: string; name: string }[] = [];

  constructor(private readonly chain: readonly Transform[]) {
    this.chain.forEach((_, link) => {
      for (const slot of Object.keys(this.initial(link))) {
        const taken = this.places.some(({ name }) => name === slot);
        this.places.push({ link, slot, name: taken ? `${slot}-${link}` : slot });
      }
    });
  }

  private initial(link: number): Record<string, number> {
    const transform = this.chain[link]!;
    return 'slots' in transform ? transform.slots : {};
  }

  /** The variable's slots, link by link; filled at its first call. @throws DescentError when a saved state does not fit */
  of(variable: tf.Variable): LinkSlots[] {
    const known = this.kept.get(variable.name);
    if (known) return known;
    const fresh = (fill: number): tf.Variable => tf.variable(tf.fill(variable.shape, fill), false);
    const slots = this.waiting.shift() ?? this.chain.map((_, link) => mapValues(this.initial(link), fresh));
    const wrong = slots.flatMap(Object.values<tf.Variable>).find(({ shape }) => shape.join() !== variable.shape.join());
    if (wrong) {
      throw new DescentError(
        `the optimizer's saved state does not fit: '${variable.name}' has shape ` +
          `${shapeOf(variable)}, its state ${shapeOf(wrong)}`,
      );
    }
    this.kept.set(variable.name, slots);
    return slots;
  }

  /** The live state, slot by slot and in each by variable, in the order in which the variables first came. */
  get state(): NamedTensor[] {
    const all = [...this.kept, ...this.waiting.map((slots, i) => [`variable${i}`, slots] as const)];
    return this.places.flatMap(({ link, slot, name }) =>
      all.map(([variable, slots]) => ({ name: `${variable}/${name}`, tensor: slots[link]![slot]! })),
    );
  }

  /** Takes over a saved state; the tensors stay the caller's. @throws DescentError when it is another chain's */
  set(state: readonly NamedTensor[]): void {
    const { places } = this;
    const variables = places.length === 0 ? 0 : state.length / places.length;
    if (!Number.isInteger(variables) || (places.length === 0 && state.length > 0)) {
      throw new DescentError(
        `this optimizer keeps ${places.length} tensors for each variable (${places.map(({ name }) => name).join(', ')}); ` +
          `${state.length} saved tensors do not fit`,
      );
    }
    this.dispose();
    this.waiting = Array.from({ length: variables }, (_, variable) => {
      const slots: LinkSlots[] = this.chain.map(() => ({}));
      places.forEach(({ link, slot }, i) => {
        slots[link]![slot] = tf.variable(state[i * variables + variable]!.tensor, false);
      });
      return slots;
    });
  }

  /** Frees all; the next variable begins afresh. */
  dispose(): void {
    tf.dispose([...this.waiting, ...this.kept.values()]);
    this.kept.clear();
    this.waiting = [];
  }
}

function mapValues<A, B>(object: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
