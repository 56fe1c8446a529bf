import {
  atLeast,
  between,
  checkFields,
  flag,
  list,
  none,
  oneOf,
  optional,
  orNone,
  text,
  whole,
  type Kinds,
  type Telling,
} from '../data/kinds';
import { DescentError } from '../errors';
import { UNTOUCHED, type EvaluationBatch, type FinishedBatch, type Known, type Trial } from './trial';

/** What is known of trials; where no class is, any may stand in them. */
type KnownOf = Pick<Known, 'plan'> & Partial<Known>;

/** The fields of a photo's trial untouched, and of one under an attack. */
function trialKinds({ plan, classes }: KnownOf): Record<'untouched' | 'attacked', Kinds<Trial>> {
  const photo = {
    index: whole(0),
    photo: text,
    truth: classes ? oneOf(classes) : text,
    label: orNone(classes ? oneOf(classes) : text),
    attack: oneOf([UNTOUCHED, ...new Set(plan.map(({ attack }) => attack))]),
  };
  return {
    untouched: { ...photo, epsilon: oneOf([0]), success: none, linf: none, l2: none, psnr: none, transfer: none },
    attacked: {
      ...photo,
      epsilon: oneOf([...new Set(plan.map(({ epsilon }) => epsilon))]),
      success: flag,
      linf: between(0, 1),
      l2: atLeast(0),
      psnr: orNone(atLeast(0)),
      transfer: orNone(flag),
    },
  };
}

/**
 * Trials of which every field is known, and of which none is missing or there twice: a photo untouched, and then, if it
 * is classified right, under every attack at every size.
 * @throws what `telling` makes of the first that is wrong, by its place
 */
export function checkTrials(trials: readonly unknown[], known: KnownOf, telling: (i: number) => Telling): Trial[] {
  const kinds = trialKinds(known);
  const photos = new Map<number, Trial>(),
    seen = new Set<string>();
  let wanted = 0;
  trials.forEach((item, i) => {
    const isAttack = (item as Trial | null)?.attack !== UNTOUCHED;
    const trial = checkFields(item, isAttack ? kinds.attacked : kinds.untouched, telling(i));
    const more = Object.keys(trial).find((field) => !(field in kinds.untouched));
    if (more !== undefined) throw telling(i)(more, 'does not belong there');
    const { index, attack, epsilon, truth, label } = trial;
    const key = `${index} ${attack} ${epsilon}`;
    if (seen.has(key)) throw telling(i)('attack', `has been tried on the photo ${index} before`);
    seen.add(key);
    if (!isAttack) {
      photos.set(index, trial);
      wanted += 1 + (label === truth ? known.plan.length : 0);
      return;
    }
    const other = (['photo', 'truth', 'label'] as const).find((field) => trial[field] !== photos.get(index)?.[field]);
    if (other) throw telling(i)(other, `is not that of the untouched photo ${index}`);
    if (label !== truth) throw telling(i)('label', 'is wrong, and only a photo that is classified right is attacked');
  });
  if (seen.size < wanted)
    throw telling(trials.length)('attack', `is missing: ${seen.size} of ${wanted} trials are there`);
  return trials as Trial[];
}

/**
 * The same of a batch, whose trials must be those of its photos, in their order.
 * @throws what `telling` makes of the first that is wrong; its place is `trial 3: `, or empty for all of them
 */
export function checkBatch(
  trials: readonly unknown[],
  photos: EvaluationBatch['photos'],
  known: KnownOf,
  telling: (place: string) => Telling,
): void {
  const checked = checkTrials(trials, known, (i) => telling(`trial ${i + 1}: `));
  const nameOf = ({ index, photo, truth }: Pick<Trial, 'index' | 'photo' | 'truth'>) => `${index} ${truth} ${photo}`;
  const own = checked.filter(({ attack }) => attack === UNTOUCHED).map(nameOf);
  if (own.join('\n') !== photos.map(nameOf).join('\n')) throw telling('')('trials', 'are not those of its photos');
}

/**
 * A batch as another thread or machine hands it in, before it is counted.
 * @param given the photos of a batch that was given out and has not come back yet
 * @throws DescentError when it is none of those, or not whole
 */
export function checkFinished(
  finished: unknown,
  given: (batch: number) => EvaluationBatch['photos'] | undefined,
  known: Known,
): FinishedBatch {
  const telling =
    (place: string): Telling =>
    (field, problem) =>
      new DescentError(
        `what came back ${place}'${field}' ${problem}. See that all workers run this version, then call again in the same ` +
          'way to go on',
      );
  const { batch, trials, aside } = checkFields<{
    batch: number;
    trials: readonly unknown[];
    aside?: readonly unknown[];
  }>(finished, { batch: whole(0), trials: list, aside: optional(list) }, telling('is no batch: '));
  const inBatch = (place: string): Telling => telling(`for batch ${batch} is no result: ${place}`);
  const photos = given(batch);
  if (!photos) throw inBatch('')('batch', 'was not given out');
  checkBatch(trials, photos, known, inBatch);
  const stranger = aside?.find((name) => !photos.some(({ photo }) => photo === name));
  if (stranger !== undefined) throw inBatch('')('aside', 'names a photo that is not of the batch');
  return finished as FinishedBatch;
}
