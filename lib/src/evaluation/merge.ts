import { DescentError } from '../errors';
import type { Evaluation } from './evaluate';
import { readPart, type Part } from './parts';

/**
 * A whole evaluation from the files of its parts, in any order; the trials in the order of the photos.
 * @throws DescentError when a part is missing, there twice, cut off, or of another evaluation
 */
export function mergeParts(paths: readonly string[]): Pick<Evaluation, 'trials' | 'plan'> {
  const parts = new Map<number, Part & { path: string }>();
  for (const path of paths) {
    const part = { ...readPart(path), path };
    const first = parts.values().next().value ?? part;
    if (part.run !== first.run)
      throw new DescentError(`${path} and ${first.path} are parts of evaluations with different settings`);
    if (part.shards !== first.shards)
      throw new DescentError(
        `${path} is part ${nameOf(part)} and ${first.path} part ${nameOf(first)}: they are not cut alike`,
      );
    const same = parts.get(part.shard);
    if (same)
      throw new DescentError(
        same.path === path ? `${path} is listed twice` : `${path} and ${same.path} are both part ${nameOf(part)}`,
      );
    parts.set(part.shard, part);
  }
  refuseMissing(parts);
  const trials = [...parts.values()].flatMap((part) => part.trials).sort((a, b) => a.index - b.index);
  return { trials, plan: parts.values().next().value?.plan ?? [] };
}

const nameOf = ({ shard, shards }: Pick<Part, 'shard' | 'shards'>): string => `${shard}/${shards}`;

/** Names the first few: there may be as many as the number of parts says. */
function refuseMissing(parts: ReadonlyMap<number, Part>): void {
  const shards = parts.values().next().value?.shards ?? 0;
  const missing: string[] = [];
  for (let shard = 1; shard <= shards && missing.length < 10; shard++) {
    if (!parts.has(shard)) missing.push(nameOf({ shard, shards }));
  }
  if (missing.length === 0) return;
  const more = shards - parts.size - missing.length;
  throw new DescentError(
    `of ${shards} parts these are missing: ${missing.join(', ')}` + (more > 0 ? ` and ${more} more` : ''),
  );
}
