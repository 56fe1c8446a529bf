import { DescentError } from '../errors';

/**
 * Refuses the note that Git leaves where a large file has not been fetched: three short lines in place of the file.
 * @throws DescentError that says how to fetch the file
 */
export function refuseLfsPointer(path: string, head: Uint8Array): void {
  if (!Buffer.from(head.subarray(0, 64)).toString('latin1').startsWith('version https://git-lfs.github.com/spec/'))
    return;
  throw new DescentError(
    `${path} is not the file itself but a Git LFS pointer to it: run git lfs pull in its repository`,
  );
}
