import { DescentError } from '../../errors';
import { tf } from '../../tf';
import { memory, type Transform } from '../transform';

const norm = (gradient: tf.Tensor): tf.Tensor => gradient.square().sum().sqrt();

function checkLimit(limit: number): void {
  if (!(limit > 0)) throw new DescentError(`the limit of clipping must be a number above 0, not ${limit}`);
}

/** Keeps every element between -limit and limit. @throws DescentError for a limit that is not above 0 */
export function clipByValue(limit: number): Transform {
  checkLimit(limit);
  return memory({ slots: {}, update: (update) => update.clipByValue(-limit, limit) });
}

/**
 * Scales the update $g$ of each variable down to the Euclidean norm `limit` $c$ if its norm is larger:
 * $g \, c / \max(|g|, c)$.
 * @throws DescentError for a limit that is not above 0
 */
export function clipByNorm(limit: number): Transform {
  checkLimit(limit);
  return memory({ slots: {}, update: (update) => update.mul(tf.div(limit, norm(update).maximum(limit))) });
}

/**
 * Scales the updates of all variables down by one factor, so that their common norm is at most `limit`: the direction
 * stays.
 * @throws DescentError for a limit that is not above 0
 */
export function clipByGlobalNorm(limit: number): Transform {
  checkLimit(limit);
  return {
    together: (updates) => {
      if (updates.length === 0) return [];
      const squares = updates.map((update) => update.square().sum()).reduce((sum, square) => sum.add(square));
      const factor = tf.div(limit, squares.sqrt().maximum(limit));
      return updates.map((update) => update.mul(factor));
    },
  };
}
