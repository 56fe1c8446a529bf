import { average, memory, type Transform } from '../transform';

/** Keras' default. */
const EPSILON = 1e-7;

/** Divides by the root of the sum of all squares so far (Adagrad): u / sqrt(n + epsilon), n = n + u^2. */
export const scaleByRootSumSquares = ({ initialAccumulatorValue = 0.1, epsilon = EPSILON } = {}): Transform =>
  memory({
    slots: { accumulator: initialAccumulatorValue },
    update: (update, slots) => {
      const sum = slots.accumulator.add(update.square());
      slots.accumulator.assign(sum);
      return update.div(sum.add(epsilon).sqrt());
    },
  });

/** Divides by the root of a moving mean of squares (RMSprop): u / sqrt(v + epsilon), v = rho * v + (1 - rho) * u^2. */
export const scaleByRootMeanSquare = ({ rho = 0.9, epsilon = EPSILON } = {}): Transform =>
  memory({
    slots: { velocity: 0 },
    update: (update, slots) => update.div(average(slots.velocity, update.square(), rho).add(epsilon).sqrt()),
  });

/**
 * Divides by the moving standard deviation (centred RMSprop): the mean's square is taken off the mean square. Epsilon
 * is added after that, so that a gradient that is always zero gives 0 / sqrt(epsilon).
 */
export const scaleByDeviation = ({ rho = 0.9, epsilon = EPSILON } = {}): Transform =>
  memory({
    slots: { velocity: 0, averageGradient: 0 },
    update: (update, slots) => {
      const velocity = average(slots.velocity, update.square(), rho);
      const mean = average(slots.averageGradient, update, rho);
      return update.div(velocity.sub(mean.square()).add(epsilon).sqrt());
    },
  });

/**
 * Adadelta: divides by the root mean square of the gradients, this one included, and multiplies by that of its own
 * earlier updates, so that the update has the variable's unit.
 */
export const scaleByUpdateRatio = ({ rho = 0.95, epsilon = EPSILON } = {}): Transform =>
  memory({
    slots: { accumulatedGradient: 0, accumulatedUpdate: 0 },
    update: (update, slots) => {
      const gradients = average(slots.accumulatedGradient, update.square(), rho);
      const next = slots.accumulatedUpdate.add(epsilon).sqrt().div(gradients.add(epsilon).sqrt()).mul(update);
      average(slots.accumulatedUpdate, next.square(), rho);
      return next;
    },
  });
