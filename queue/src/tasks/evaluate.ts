import { DescentError, evaluation } from 'descent-lab';
import { sha256, convertPicture, decodePhoto, evaluateBatch } from 'descent-lab/internal';
import { photosOf, type EvaluateJob } from '../jobs';
import type { Machine } from '../machine';
import { ServerError, sumLine, type PhotoRoot } from '../photo-root';
import { Refusal, Unable } from '../refusal';
import type { EvaluateResult } from '../results';

export async function evaluateTask(job: EvaluateJob, machine: Machine): Promise<EvaluateResult> {
  const { attacks, epsilons, seed } = job;
  const classifier = await machine.network('model', job.model);
  const second = job.transferTo === undefined ? undefined : await machine.network('transferTo', job.transferTo);
  const contents = await readAll(job, machine.photos);
  const skipped: string[] = [];
  const trials = await evaluateBatch(photosOf(job), {
    classifier,
    attacks: evaluation.parseAttacks(attacks.join()),
    epsilons,
    seed,
    second: second && {
      classifier: second,
      convert: (pixels) => convertPicture(pixels, classifier.input, second.input),
    },
    read: async (path) => {
      const content = contents.get(path)!;
      if (content instanceof DescentError) throw content;
      return decodePhoto(content, classifier.input, path);
    },
    onUnreadable: (message) => skipped.push(message),
  });
  return { trials, skipped };
}

/** The photos' contents, or why one cannot be read. @throws Refusal when they are not the run's, Unable without any */
async function readAll(
  { photos, sums, without }: EvaluateJob,
  root: PhotoRoot,
): Promise<Map<string, Buffer | DescentError>> {
  const contents = new Map<string, Buffer | DescentError>();
  const lines = await Promise.all(
    photos.map(async (photo) => {
      if (without.includes(photo)) {
        contents.set(photo, new DescentError(`${photo} has been set aside`));
        return sumLine('aside', photo);
      }
      const content = await root.read(photo).catch((error: unknown) => {
        if (error instanceof Unable || error instanceof ServerError) throw error; // its address names the photo
        if (error instanceof DescentError) return error;
        throw new Error(`${photo}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      });
      contents.set(photo, content);
      return sumLine(content instanceof DescentError ? 'unreadable' : sha256(content), photo);
    }),
  );
  if (sums === undefined || sha256(lines.join('')) === sums) return contents;
  const problem = await root.problem();
  if (problem !== undefined) throw new Unable(`--root: ${problem}`);
  throw new Refusal(
    `the photos ${photos[0]} to ${photos.at(-1)} below this worker's --root are not those of the run: ` +
      'their list has another sha256. Give this worker the same photos',
  );
}
