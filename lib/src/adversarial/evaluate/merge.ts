import { DescentError } from '../../errors';
import { readPart } from './tables';
import type { Trial } from './trial';

/**
 * The trials of a whole evaluation from the files of its parts, in any order.
 * @throws DescentError when a part is missing, there twice, or of another evaluation
 */
export function mergeParts(paths: readonly string[]): Trial[] {
  const seen = new Map<number, string>();
  let first: { run: string; shards: number; path: string } | undefined;
  const trials = paths.flatMap((path) => readPart(path).map(({ run, shard, shards, ...trial }) => {
    first ??= { run, shards, path };
    if (run !== first.run) throw new DescentError(
      `${path} and ${first.path} are parts of evaluations with different settings`);
    if ((seen.get(shard) ?? path) !== path) throw new DescentError(
      `${path} and ${seen.get(shard)} are both part ${shard}/${shards}`);
    seen.set(shard, path);
    return trial;
  }));
  const missing = Array.from({ length: first?.shards ?? 0 }, (_, i) => i + 1).filter((shard) => !seen.has(shard));
  if (missing.length > 0) {
    const { shards } = first!;
    throw new DescentError(`of ${shards} parts these are missing: ` +
      missing.map((shard) => `${shard}/${shards}`).join(', '));
  }
  return trials;
}
