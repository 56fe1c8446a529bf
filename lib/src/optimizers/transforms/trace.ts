import { average, memory, type Transform } from '../transform';

/**
 * Momentum: m = momentum * m + u, as a ball that rolls on. Nesterov's form looks one step ahead: momentum * m + u.
 * It stands after the learning rate, so that a schedule changes what is added and not what already rolls.
 */
export const trace = (momentum: number, { nesterov = false } = {}): Transform =>
  memory({
    slots: { momentum: 0 },
    update: (update, slots) => {
      const next = slots.momentum.mul(momentum).add(update);
      slots.momentum.assign(next);
      return nesterov ? next.mul(momentum).add(update) : next;
    },
  });

/** Lion's mixture: beta1 * m + (1 - beta1) * u is given on, and only then m remembers u, with beta2. */
export const interpolate = ({ beta1 = 0.9, beta2 = 0.99 } = {}): Transform =>
  memory({
    slots: { m: 0 },
    update: (update, slots) => {
      const mixture = slots.m.mul(beta1).add(update.mul(1 - beta1));
      average(slots.m, update, beta2);
      return mixture;
    },
  });
