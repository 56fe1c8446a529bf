import type { JsonObject } from '../figures';

/** A Jupyter display message: the same content in several types, of which a front end shows the richest it knows. */
export interface Bundle {
  /** The contents by media type. */
  data: Record<string, JsonObject | string>;
  /** What a front end may want to know of each. */
  metadata: Record<string, JsonObject>;
  /** Lets a later message replace this output. */
  transient: { display_id?: string };
}

/** Sends a bundle to the cell that runs; as an update it replaces the output with the same display_id. */
export type Send = (bundle: Bundle, update: boolean) => void;

/**
 * The kernel's own module, if this process is a tslab kernel. It is looked up among those that are loaded: the kernel that
 * runs need not be the tslab that is installed beside this file.
 */
export function kernelModule(): object | undefined {
  const file = Object.keys(require.cache).find((name) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(name));
  return file === undefined ? undefined : (require.cache[file]?.exports as object | undefined);
}

/** How to reach the notebook from here; undefined where this process is no tslab kernel. */
export const kernel = (): Send | undefined =>
  (kernelModule() as { lastWriteDisplayData?: Send | null } | undefined)?.lastWriteDisplayData ?? undefined;

let displays = 0;

/** A display_id that no other output of this kernel has. */
export const newDisplayId = (): string => `descent-lab-${process.pid}-${++displays}`;
