// A folder that is whole or not there.
import { existsSync, renameSync, rmSync } from 'node:fs';

/** Where the earlier folder waits while the new one takes its place. */
const aside = (target: string): string => `${target}.earlier`;

/** Puts back what a run that was killed between the two renames has left aside. */
export function restoreFolder(target: string): void {
  if (!existsSync(target) && existsSync(aside(target))) renameSync(aside(target), target);
  rmSync(aside(target), { recursive: true, force: true });
}

/** Puts a finished folder in the place of another, which stays whole until then and where it fails. */
export function replaceFolder(finished: string, target: string): void {
  restoreFolder(target);
  if (existsSync(target)) renameSync(target, aside(target));
  try {
    renameSync(finished, target);
  } finally {
    restoreFolder(target);
  }
}
