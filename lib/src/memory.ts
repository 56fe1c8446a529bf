import { totalmem } from 'node:os';
import { DescentError } from './errors';

/** The bytes that this process may take at all: the machine's memory, or the limit that a container sets. */
export function memoryLimit(): number {
  const total = totalmem(),
    limit = process.constrainedMemory?.() ?? 0; // 0 or more than there is: no limit
  return limit > 0 && limit < total ? limit : total;
}

/**
 * Refuses work that would not fit into this machine's memory, before any of it is taken: a process that is killed, or
 * a machine that swaps, tells nobody why.
 *
 * @param bytes an estimate of what the work takes at its peak; too small rather than too large
 * @param what what takes it, as the sentence's subject: `100000 vectors in 1000 dimensions`
 * @param remedy what to change: `take fewer vectors`
 * @throws DescentError naming what, how much it needs, how much there is, and the remedy
 */
export function checkMemory(bytes: number, what: string, remedy: string, limit = memoryLimit()): void {
  if (bytes <= limit) return;
  throw new DescentError(
    `${what} would need ${gigabytes(bytes)} of memory, and this machine has ` + `${gigabytes(limit)}: ${remedy}`,
  );
}

const gigabytes = (bytes: number): string =>
  bytes < 1e18
    ? `about ${bytes < 1e10 ? (bytes / 1e9).toPrecision(2) : Math.round(bytes / 1e9)} GB`
    : 'over a billion GB';
