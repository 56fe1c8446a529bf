import { text as textKind, type Kind } from '../data/kinds';
import { DescentError } from '../errors';
import { attackNames, findAttack, type Attack } from '../attacks';
import { groupBy } from './group-by';

/** An attack of an evaluation, and the JPEG quality that its adversarial examples are saved at, if they are. */
export interface AttackSpec {
  /** What it is called in the table: the attack's name, or `article+jpeg75`. */
  text: string;
  /** One of the library's, or one of your own under a name of its own. */
  attack: Attack;
  /** From 1 to 100. */
  jpeg?: number;
}

/** Every attack that there is, and the control: what an evaluation runs by default. */
export const ALL_ATTACKS = attackNames.join(',');

/**
 * Reads a list such as `article,pgd,article+jpeg75,noise`.
 * @param own attacks of your own, by what the list calls them
 * @throws DescentError naming the part that is wrong
 */
export function parseAttacks(list: string, own: Readonly<Record<string, Attack>> = {}): AttackSpec[] {
  const specs = list
    .split(',')
    .map((part) => part.trim())
    .map((text) => {
      const [name = '', suffix, ...rest] = text.split('+');
      const attack = findAttack(Object.hasOwn(own, name) ? own[name]! : name);
      if (suffix === undefined) return { text: attack.name, attack };
      const jpeg = Number(/^jpeg(\d+)$/.exec(suffix)?.[1]);
      if (rest.length > 0 || !(jpeg >= 1 && jpeg <= 100)) {
        throw new DescentError(
          `'${text}': after an attack's name only +jpeg1 to +jpeg100 can stand, the quality that ` +
            'its adversarial examples are saved at',
        );
      }
      return { text: `${attack.name}+jpeg${jpeg}`, attack, jpeg }; // jpeg075 is jpeg75
    });
  refuseTwice(specs.map(({ text }) => `attack '${text}'`));
  return specs;
}

const SPEC = /^[\w.-]+(\+jpeg([1-9]\d?|100))?$/;

/** An attack as its spec writes it, in a table. */
export const attackKind: Kind<string> = {
  what: 'an attack',
  holds: (value) => typeof value === 'string' && SPEC.test(value),
  fromText: textKind.fromText,
};

/** What has one name is to be counted once. @throws DescentError naming the first that is there twice */
export function refuseTwice(names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw new DescentError(`the ${twice} is listed twice`);
}

/** A row of the table to come: an attack, as its spec writes it, at a size. */
export interface PlannedRow {
  attack: string;
  epsilon: number;
}

/** The table's rows in their order: an attack's adversarial examples are saved as JPEG right after they are made. */
export const plannedRows = (attacks: readonly AttackSpec[], epsilons: readonly number[]): PlannedRow[] =>
  [...byAttack(attacks).values()].flatMap((specs) =>
    epsilons.flatMap((epsilon) => specs.map(({ text }) => ({ attack: text, epsilon }))),
  );

/** The specs that share an attack, which then has to be made once. */
export const byAttack = (attacks: readonly AttackSpec[]): Map<Attack, AttackSpec[]> =>
  groupBy(attacks, ({ attack }) => attack);
