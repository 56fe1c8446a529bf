import { createHash } from 'node:crypto';
import { DescentError } from '../errors';
import { attackNamed } from '../attacks/table';
import { Random } from '../random';
import { refuseTwice } from './attack-spec';
import type { EvaluateOptions } from './evaluate';

/** @throws DescentError for settings that make no sense, or that would count a photo twice */
export function checkSettings({ attacks, epsilons, seed, batch }: EvaluateOptions): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new DescentError(`the batch must be a whole number of 1 or more, not ${batch}`);
  }
  Random.checkSeed(seed);
  for (const epsilon of epsilons) {
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new DescentError(`a size must be above 0 and at most 1, since pixels are from 0 to 1, not ${epsilon}`);
    }
  }
  refuseTwice(epsilons.map((epsilon) => `size ${epsilon} (${Number((255 * epsilon).toFixed(4))}/255)`));
  refuseTwice(attacks.map(({ text }) => `attack '${text}'`));
  const taken = attacks.find(({ attack }) => (attackNamed(attack.name) ?? attack) !== attack);
  if (taken) throw new DescentError(`an attack of your own needs a name of its own, and not '${taken.attack.name}'`);
}

/** A short name for everything that the numbers depend on. */
export function settingsName({ photos, attacks, epsilons, seed, batch, fingerprint }: EvaluateOptions): string {
  const hash = createHash('sha256').update('[['); // in pieces: the names of 25 million photos are no single string
  photos.forEach(({ photo }, i) => hash.update((i > 0 ? ',' : '') + JSON.stringify(photo)));
  const settings = JSON.stringify([attacks.map(({ text }) => text), epsilons, seed, batch, fingerprint]);
  return hash.update('],').update(settings.slice(1)).digest('hex').slice(0, 16);
}
