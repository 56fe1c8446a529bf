// What stands in for node:os. A page is told how many processors there are, and not how much memory.
/** Bytes: as much as a page gets where nothing is known. */
export const totalmem = (): number => 1e9 * ((globalThis.navigator as { deviceMemory?: number }).deviceMemory ?? 4);
/** A page's worker is one thread. */
export const availableParallelism = (): number => 1;
export const homedir = (): string => '/';
export const tmpdir = (): string => '/';
export default { totalmem, availableParallelism, homedir, tmpdir };
