import { createHash } from 'node:crypto';

/** The sha256 of pieces, one behind the other, in hexadecimal. */
export function sha256(...pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/** The characters of a seal. */
export const SEAL = 64;

/**
 * Writes the sha256 of all other bytes of a file into the 64 that are left free for it at `at`: so a file says of itself
 * whether it is whole.
 */
export function seal(bytes: Buffer, at: number): void {
  bytes.write(sumAround(bytes, at), at, 'latin1');
}

/** Whether the seal at `at` is that of the bytes around it. */
export const isSealed = (bytes: Buffer, at: number): boolean =>
  at >= 0 && bytes.toString('latin1', at, at + SEAL) === sumAround(bytes, at);

const sumAround = (bytes: Buffer, at: number): string => sha256(bytes.subarray(0, at), bytes.subarray(at + SEAL));
