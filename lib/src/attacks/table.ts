import { DescentError } from '../errors';
import type { ChangeSize } from './measure';
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
  /** Its name: in tables, figures and errors. */
  readonly name: string;
  /** What it does in two or three words: figures say it beside the name of the library's own. */
  readonly label?: string;
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
  /**
   * Whether it looks for a photo inside the ball of radius epsilon, once for each size, or for the least change that
   * has success, once for all: then a photo is left alone as soon as it has.
   */
  readonly seeks: 'ball' | 'least change';
  /** Whether it is no attack but what attacks are compared with: figures draw it dotted and grey. */
  readonly control?: boolean;
  /** Whether figures draw it on top and in large markers, since others run close beneath it. */
  readonly highlight?: boolean;
  /** Fills in what the caller left open. */
  readonly budget: (asked: Partial<Budget>) => Budget;
}

const DEFAULT_EPSILON = 4 / 255;
const linf = { norm: 'linf', seeks: 'ball', normalise: sign, project: insideBox } as const;
const l2 = { norm: 'l2', seeks: 'ball', normalise: unitLength, project: insideBall } as const;

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

const table = [
  {
    ...linf,
    name: 'article',
    label: 'small sign steps',
    highlight: true,
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
    label: 'one sign step',
    summary: 'fast gradient sign method: one sign step of epsilon (Goodfellow and others, 2015)',
    budget: oneStep,
  },
  {
    ...linf,
    name: 'pgd',
    label: 'from a random start',
    summary: 'projected gradient descent: sign steps from a random start (Madry and others, 2018)',
    start: anywhereInBox,
    budget: walk(DEFAULT_EPSILON),
  },
  {
    ...l2,
    name: 'pgd-l2',
    label: 'along the gradient',
    summary: 'the same under L2: steps along the gradient, epsilon the length of the whole change',
    start: anywhereInBall,
    budget: walk(1),
  },
  {
    ...linf,
    name: 'mi-fgsm',
    label: 'with momentum',
    summary: 'momentum iterated FGSM: the sign of the accumulated gradient (Dong and others, 2018)',
    momentum: 1,
    budget: ({ epsilon = DEFAULT_EPSILON, steps = 10, stepSize = epsilon / steps }) => ({ epsilon, steps, stepSize }),
  },
  {
    ...l2,
    name: 'deepfool',
    label: 'the least change',
    summary: 'the least change that has success, in L2 (Moosavi-Dezfooli and others, 2016)',
    normalise: toTheBoundary,
    seeks: 'least change',
    // The step is in units of what a linear network would need; the 2 % carry it across the boundary.
    budget: ({ epsilon = Infinity, steps = 50, stepSize = 1.02 }) => ({ epsilon, steps, stepSize }),
  },
  {
    ...linf,
    name: 'noise',
    label: 'random noise',
    summary: 'the control, no attack: every value moves by epsilon, up or down by coin toss',
    normalise: coinToss,
    control: true,
    budget: oneStep,
  },
] as const satisfies readonly Attack[];

/** The name of one of the library's attacks. */
export type AttackName = (typeof table)[number]['name'];

/**
 * The names of all attacks, the article's first; `noise` is the control. Each brings the class's lead $L(x)$ down, with
 * its gradient $g$, steps of $\alpha$, and $P$, which brings the photo back into the ball and to pixels from 0 to 1:
 *
 * - `article`, and `pgd` from a random start: $x \leftarrow P(x - \alpha \, \mathrm{sign}(g))$
 * - `fgsm`: one such step of $\alpha = \epsilon$
 * - `pgd-l2`: $x \leftarrow P(x - \alpha \, g / |g|)$
 * - `mi-fgsm`: $m \leftarrow m + g / \mathrm{mean}(|g|)$, then $x \leftarrow P(x - \alpha \, \mathrm{sign}(m))$
 * - `deepfool`: $x \leftarrow P(x - \alpha \, (L / |g| + 10^{-4}) \, g / |g|)$ with $\alpha = 1.02$, until it has success
 */
export const attackNames: readonly AttackName[] = table.map(({ name }) => name);

/** What is known of an attack that a table names; undefined for one that is neither the library's nor one of `own`. */
export const attackNamed = (name: string, own: readonly Attack[] = []): Attack | undefined =>
  [...table, ...own].find((attack) => attack.name === name);

/**
 * The attack of this name, or one of your own, checked: most easily one of the library's with something else in its
 * place.
 * @example
 * const mine = { ...attacks.findAttack('pgd'), name: 'mine', normalise: (gradient) => gradient.sign().mul(gradient.abs().greater(0.001)) };
 * console.log(attacks.findAttack(mine).norm); // => linf
 * @throws DescentError for an unknown name: it lists the known ones; and for an object that is no attack
 */
export function findAttack(attack: string | Attack): Attack {
  if (typeof attack === 'string') {
    const found = attackNamed(attack);
    if (!found)
      throw new DescentError(`unknown attack '${attack}'; known: ${attackNames.join(', ')}, or a TypeScript file`);
    return found;
  }
  const wrong = Object.entries(FIELDS).find(([field, holds]) => !holds(attack[field as keyof Attack]));
  if (!wrong) return attack;
  throw new DescentError(
    `an attack of your own must have ${Object.keys(FIELDS).join(', ')}, and its ${wrong[0]} is ` +
      `${String(attack[wrong[0] as keyof Attack])}: take one of the library's, as in { ...attacks.findAttack('fgsm'), name: 'mine' }`,
  );
}

const isFunction = (value: unknown): boolean => typeof value === 'function';

/** What an attack cannot do without. */
const FIELDS: Partial<Record<keyof Attack, (value: unknown) => boolean>> = {
  // In tables a plus sign stands between it and the JPEG quality, and a comma before the next.
  name: (value) => typeof value === 'string' && /^[\w.-]+$/.test(value),
  norm: (value) => value === 'linf' || value === 'l2',
  seeks: (value) => value === 'ball' || value === 'least change',
  normalise: isFunction,
  project: isFunction,
  budget: isFunction,
};

/** Whether a change is no larger than epsilon in the attack's norm. */
export const isWithin = ({ norm }: Pick<Attack, 'norm'>, change: ChangeSize, epsilon: number): boolean =>
  change[norm] <= epsilon;

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
