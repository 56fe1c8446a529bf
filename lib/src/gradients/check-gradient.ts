import { DescentError } from '../errors';
import { tf } from '../tf';

/** How a gradient is checked. */
export interface CheckGradientOptions {
  /** The largest difference, relative to the larger of 1 and the gradient's largest element. Default: 0.001. */
  tolerance?: number;
  /** How many elements of a variable are looked at, at most; they are spread evenly. Default: 100. */
  most?: number;
}

/** What a check found of one variable: its worst element, from its gradient and from differences of the loss. */
export interface GradientCheck {
  /** Where in the variable. */
  index: number[];
  /** What the gradient says there. */
  gradient: number;
  /** What differences of the loss say. */
  difference: number;
  /** How far they are apart, beyond what differences in float32 can tell, relative as `tolerance` is. */
  deviation: number;
  /** Whether the deviation is within the tolerance. */
  agrees: boolean;
}

/** The longest step, relative to the larger of 1 and the value; each next one is half as long. */
const STEP = 2 ** -4;
const HALVINGS = 6;
/** What float32 loses of a loss. */
const ROUNDING = 2 ** -23;

/**
 * Compares the gradient of a loss of your own with differences of the loss: whether an operation's gradient, or one
 * written by hand with `tf.customGrad`, is right. Where the loss has an edge (abs at 0), differences tell nothing.
 *
 * @example
 * const { x } = gradients.checkGradient(({ x }) => x.square().sum(), { x: [1, 2] });
 * console.log(x.agrees, x.gradient); // => true 2
 *
 * @param loss a pure function from the variables to a scalar
 * @param variables where, by name: numbers, nested arrays or tensors of float32
 * @returns for each variable its worst element
 * @throws DescentError for a loss that is no finite scalar there
 */
export function checkGradient<S extends Record<string, tf.Tensor | tf.TensorLike>>(
  loss: (variables: { [K in keyof S]: tf.Tensor }) => tf.Tensor,
  variables: S,
  { tolerance = 0.001, most = 100 }: CheckGradientOptions = {},
): { [K in keyof S]: GradientCheck } {
  const names = Object.keys(variables) as (keyof S & string)[];
  const at = Object.fromEntries(
    names.map((name) => [name, tf.tidy(() => tf.cast(variables[name] as tf.Tensor, 'float32').clone())]),
  ) as Record<keyof S, tf.Tensor>;
  try {
    const checks = names.map((name) => {
      const alone = (x: tf.Tensor): tf.Tensor => {
        const value = loss({ ...at, [name]: x });
        if (value.size !== 1) throw new DescentError('the loss must be a scalar: end it with .sum() or .mean()');
        return value.asScalar().add(x.mul(0).sum()); // binds it to x, on which it need not depend
      };
      return [name, worstOf(alone, at[name], tolerance, most)] as const;
    });
    return Object.fromEntries(checks) as { [K in keyof S]: GradientCheck };
  } finally {
    tf.dispose(at);
  }
}

function worstOf(loss: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, tolerance: number, most: number): GradientCheck {
  const values = x.dataSync();
  const lossWith = (i: number, value: number): number => {
    const moved = Float32Array.from(values);
    moved[i] = value;
    const y = tf.tidy(() => loss(tf.tensor(moved, x.shape)));
    const [read] = y.dataSync();
    y.dispose();
    return read!;
  };
  if (!Number.isFinite(lossWith(0, values[0]!))) throw new DescentError('the loss is not finite there');
  const slopes = tf.tidy(() => tf.grad(loss)(x));
  const gradient = Array.from(slopes.dataSync());
  slopes.dispose();
  const scale = gradient.reduce((largest, slope) => Math.max(largest, Math.abs(slope)), 1);
  const every = Math.max(1, Math.ceil(x.size / most));
  const checks = gradient.flatMap((slope, i): GradientCheck[] => {
    if (i % every !== 0) return [];
    const { difference, error } = derivative((value) => lossWith(i, value), values[i]!);
    const deviation = Math.max(0, Math.abs(slope - difference) - error) / scale;
    const index = tf.util.indexToLoc(i, x.rank, tf.util.computeStrides(x.shape));
    return [{ index, gradient: slope, difference, deviation, agrees: deviation <= tolerance }];
  });
  // what is not a number is worst of all
  return checks.reduce((worst, one) => (one.deviation <= worst.deviation ? worst : one));
}

/** Ridders' method: central differences at ever shorter steps, extrapolated; of all, what is known best, and how well. */
function derivative(f: (x: number) => number, x: number): { difference: number; error: number } {
  const first = STEP * Math.max(1, Math.abs(x));
  let before: number[] = [];
  let best = { difference: NaN, error: Infinity };
  for (let k = 0; k <= HALVINGS; k++) {
    const step = first / 2 ** k;
    const [up, down] = [Math.fround(x + step), Math.fround(x - step)];
    const [above, below] = [f(up), f(down)];
    const row = [(above - below) / (up - down)];
    const rounding = (ROUNDING * Math.max(Math.abs(above), Math.abs(below))) / step;
    for (const [j, coarser] of before.entries()) {
      row.push(row[j]! + (row[j]! - coarser) / (4 ** (j + 1) - 1));
      const error = Math.max(Math.abs(row[j + 1]! - row[j]!), Math.abs(row[j + 1]! - coarser)) + rounding;
      if (error < best.error) best = { difference: row[j + 1]!, error };
    }
    before = row;
  }
  return best;
}
