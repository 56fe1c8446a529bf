import { DescentError } from '../errors';
import {
  anywhereInBall,
  anywhereInBox,
  coinToss,
  insideBall,
  insideBox,
  sign,
  toTheBoundary,
  unitLength,
  type Normalise,
  type Project,
  type RandomStart,
} from './steps';

/** How far an attack goes. Sizes are on the scale of pixels from 0 to 1, in the attack's own norm. */
export interface Budget {
  /** The radius of the ball that the change must stay in; Infinity for none but the step count's. */
  epsilon: number;
  /** How many steps at most. */
  steps: number;
  /** The size of one step. */
  stepSize: number;
}

/**
 * An attack as data: gradient, normalise, step, project, clip. What sets the attacks apart is here; the loop that
 * runs them all is `attack`.
 */
export interface Attack {
  /** Its name, as `attackNames` lists it. */
  readonly name: string;
  /** One line for a list of the attacks. */
  readonly summary: string;
  /** The norm in which epsilon and the step size are meant. */
  readonly norm: 'linf' | 'l2';
  /** What becomes of the gradient, [n, height, width, channels], before the step. */
  readonly normalise: Normalise;
  /** Where the change is put back to when it has left the ball of radius epsilon. */
  readonly project: Project;
  /** How much of the gradients of earlier steps is carried on; none without it. */
  readonly momentum?: number;
  /** Where the descent begins. Default: at the photo itself. */
  readonly start?: RandomStart;
  /** Whether it draws random numbers. */
  readonly draws?: boolean;
  /** Whether a photo is left alone once it is turned, whatever the caller says. */
  readonly stopEarly?: boolean;
  /** Fills in what the caller left open. */
  readonly budget: (asked: Partial<Budget>) => Budget;
}

const DEFAULT_EPSILON = 4 / 255;
const linf = { norm: 'linf', normalise: sign, project: insideBox } as const;
const l2 = { norm: 'l2', normalise: unitLength, project: insideBall } as const;

/** One full step to the ball's surface. */
const oneStep = ({ epsilon = DEFAULT_EPSILON }: Partial<Budget>): Budget => ({ epsilon, steps: 1, stepSize: epsilon });

/** Ten steps that add up to 2.5 times the ball's radius (Madry and others, 2018): enough to reach any point of it. */
const walk =
  (radius: number) =>
  ({ epsilon = radius, steps = 10, stepSize = (2.5 * epsilon) / steps }: Partial<Budget>): Budget => ({
    epsilon,
    steps,
    stepSize,
  });

const table: readonly Attack[] = [
  {
    ...linf,
    name: 'article',
    summary: "sign steps; by default the article's: 4 of 1/255",
    budget: ({ epsilon = Infinity, steps = 4, stepSize = epsilon === Infinity ? 1 / 255 : epsilon / steps }) => ({
      epsilon,
      steps,
      stepSize,
    }),
  },
  {
    ...linf,
    name: 'fgsm',
    summary: 'fast gradient sign method: one sign step of epsilon (Goodfellow and others, 2015)',
    budget: oneStep,
  },
  {
    ...linf,
    name: 'pgd',
    summary: 'projected gradient descent: sign steps from a random start (Madry and others, 2018)',
    start: anywhereInBox,
    draws: true,
    budget: walk(DEFAULT_EPSILON),
  },
  {
    ...l2,
    name: 'pgd-l2',
    summary: 'the same under L2: steps along the gradient, epsilon the length of the whole change',
    start: anywhereInBall,
    draws: true,
    budget: walk(1),
  },
  {
    ...linf,
    name: 'mi-fgsm',
    summary: 'momentum iterated FGSM: the sign of the accumulated gradient (Dong and others, 2018)',
    momentum: 1,
    budget: ({ epsilon = DEFAULT_EPSILON, steps = 10, stepSize = epsilon / steps }) => ({ epsilon, steps, stepSize }),
  },
  {
    ...l2,
    name: 'deepfool',
    summary: 'the least change that turns a photo, in L2 (Moosavi-Dezfooli and others, 2016)',
    normalise: toTheBoundary,
    stopEarly: true,
    // The step is in units of what a linear network would need; the 2 % carry it across the boundary.
    budget: ({ epsilon = Infinity, steps = 50, stepSize = 1.02 }) => ({ epsilon, steps, stepSize }),
  },
  {
    ...linf,
    name: 'noise',
    summary: 'the control, no attack: every value moves by epsilon, up or down by coin toss',
    normalise: coinToss,
    draws: true,
    budget: oneStep,
  },
];

/**
 * The names of all attacks, the article's first; `noise` is the control. Each brings the class's lead $L(x)$ down, with
 * its gradient $g$, steps of $\alpha$, and $P$, which brings the photo back into the ball and to pixels from 0 to 1:
 *
 * - `article`, and `pgd` from a random start: $x \leftarrow P(x - \alpha \, \mathrm{sign}(g))$
 * - `fgsm`: one such step of $\alpha = \epsilon$
 * - `pgd-l2`: $x \leftarrow P(x - \alpha \, g / |g|)$
 * - `mi-fgsm`: $m \leftarrow m + g / \mathrm{mean}(|g|)$, then $x \leftarrow P(x - \alpha \, \mathrm{sign}(m))$
 * - `deepfool`: $x \leftarrow P(x - \alpha \, (L / |g| + 10^{-4}) \, g / |g|)$ with $\alpha = 1.02$, until it turns
 */
export const attackNames: readonly string[] = table.map(({ name }) => name);

/** The attack of this name. @throws DescentError that lists the known names. */
export function findAttack(name: string): Attack {
  const found = table.find((attack) => attack.name === name);
  if (!found) throw new DescentError(`no attack is called '${name}'; known are ${attackNames.join(', ')}`);
  return found;
}

/**
 * The attack's budget with what the caller left open filled in. @throws DescentError for a value that makes no sense.
 */
export function settle(attack: Attack, asked: Partial<Budget>): Budget {
  const budget = attack.budget(asked);
  const { epsilon, steps, stepSize } = budget;
  for (const [key, value] of Object.entries(asked) as [keyof Budget, number | undefined][]) {
    if (value === undefined || !(key in budget)) continue;
    if (!(value > 0 && Number.isFinite(value))) throw new DescentError(`${key} must be a number above 0, not ${value}`);
    if (budget[key] !== value) {
      throw new DescentError(
        `${attack.name} makes ${steps} step of epsilon (${epsilon.toPrecision(3)}): ` + `leave ${key} away`,
      );
    }
  }
  if (!Number.isInteger(steps)) throw new DescentError(`steps must be a whole number, not ${steps}`);
  return { epsilon, steps, stepSize };
}
