import { DescentError } from '../../errors';
import { attackNames, findAttack } from '../attacks';

/**
 * An attack of an evaluation: its name, and the JPEG quality that its victims are saved at, if they are:
 * `article+jpeg75`.
 */
export interface AttackSpec { text: string; name: string; jpeg?: number }

/** Every attack that there is, and the control: what an evaluation runs by default. */
export const ALL_ATTACKS = attackNames.join(',');

/** Reads a list such as `article,pgd,article+jpeg75,noise`. @throws DescentError naming the part that is wrong. */
export function parseAttacks(list: string): AttackSpec[] {
  const specs = list.split(',').map((part) => part.trim()).map((text) => {
    const [name = '', suffix, ...rest] = text.split('+');
    findAttack(name);
    if (suffix === undefined) return { text, name };
    const jpeg = Number(/^jpeg(\d+)$/.exec(suffix)?.[1]);
    if (rest.length > 0 || !(jpeg >= 1 && jpeg <= 100)) {
      throw new DescentError(`'${text}': after an attack's name only +jpeg1 to +jpeg100 can stand, the quality that ` +
        'its victims are saved at');
    }
    return { text, name, jpeg };
  });
  const twice = specs.find(({ text }, i) => specs.some((other, k) => k < i && other.text === text));
  if (twice) throw new DescentError(`the attack '${twice.text}' is listed twice`);
  return specs;
}
