// Files that are whole or not there, and untouched when nothing changes.
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomically } from 'descent-lab/internal';

/** The file's bytes, undefined where it is missing. */
export function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Writes a file whole or not at all, unless it has these bytes already. Says whether it wrote. */
export function writeIfChanged(file: string, content: string | Buffer): boolean {
  const bytes = Buffer.from(content);
  if (readIfThere(file)?.equals(bytes)) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileAtomically(file, bytes);
  return true;
}
