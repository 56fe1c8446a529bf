// The project's own places, and the stamp that says a part is complete.
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonOf } from '../../lib/native/python.mjs';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
/** An absolute path inside the project. */
export const at = (...parts) => path.join(root, ...parts);

/** What the set-up keeps for itself, and the one place for unfinished work: emptied at each start. */
export const setupFolder = at('.setup');
export const scratch = at('.setup', 'tmp');

/** The project's own Python, and where its Jupyter kernels are. */
export const venv = at('.venv');
export const venvPython = pythonOf(venv);
export const kernelFolder = path.join(venv, 'share', 'jupyter', 'kernels', 'tslab');

/** One digest of any texts. */
export const digest = (...texts) => createHash('sha256').update(texts.join('\0')).digest('hex');
/** The text of a project file, '' where it is missing, with one kind of line end. */
export function textOf(...parts) {
  try {
    return readFileSync(at(...parts), 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return '';
  }
}

/** All files below a project folder, sorted. */
export function filesBelow(folder) {
  return readdirSync(at(folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
    .sort();
}

/** Megabytes that a folder or file takes, links not followed. */
export function megabytes(folder) {
  const bytes = (file) => {
    const stat = lstatSync(file, { throwIfNoEntry: false });
    if (!stat?.isDirectory()) return stat?.size ?? 0;
    return readdirSync(file).reduce((sum, name) => sum + bytes(path.join(file, name)), 0);
  };
  return Math.round(bytes(folder) / 1e6);
}

/** Writes a file whole or not at all. */
export function writeWhole(file, text) {
  mkdirSync(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.tmp`;
  writeFileSync(unfinished, text);
  renameSync(unfinished, file);
}

/**
 * A stamp lies inside the part that it vouches for, so that it goes when the part goes. It holds the key (a digest of
 * all that the part was made from), is removed before the part is touched and written when it is complete.
 */
export const isStamped = (step) => textOf(step.stamp) === step.key();
export const removeStamp = (step) => rmSync(at(step.stamp), { force: true });
export const writeStamp = (step) => writeWhole(at(step.stamp), step.key());
