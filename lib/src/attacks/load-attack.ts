import { DescentError } from '../errors';
import { isOwnFile, loadOwnFile, type Wanted } from '../own-file';
import { attackNames, findAttack, type Attack } from './table';

const WANTED: Wanted<Attack> = {
  what: 'an attack',
  form: "export default { ...findAttack('fgsm'), name: 'mine' }",
  holds: (value): value is Attack => typeof value === 'object' && value !== null && 'normalise' in value,
};

/**
 * The attack of that name, or that of a file: a TypeScript or JavaScript module whose default export, or only exported
 * attack, is one (see `Attack`). Needs tsx to read TypeScript.
 *
 * @throws DescentError for an unknown name, a missing file, or a module without an attack; they name the file, and the
 * line if there is one
 */
export async function loadAttack(nameOrFile: string): Promise<Attack> {
  if (!isOwnFile(nameOrFile)) return findAttack(nameOrFile);
  const { value, told } = await loadOwnFile(nameOrFile, WANTED);
  try {
    const attack = findAttack(value);
    if ((attackNames as readonly string[]).includes(attack.name)) {
      throw new DescentError(`the attack needs a name of its own, since there is a '${attack.name}': name: 'mine'`);
    }
    return attack;
  } catch (error) {
    throw told(error);
  }
}
