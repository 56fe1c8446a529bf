// figures/manifest.json: which data each committed image was made from.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readIfThere, writeIfChanged } from './files';
import type { Project } from './project';

/** One chart's entry. */
export interface Entry {
  notebook: string;
  /** The library's hash of what the chart draws. */
  data: string;
  /** Hashes of the images' bytes. */
  png: string;
  gif?: string;
}

/** Charts by name. */
export type Manifest = Record<string, Entry>;

const file = (project: Project): string => join(project.figures, 'manifest.json');

/** The manifest as it stands; empty where there is none, or none that can be read: then all is made anew. */
export function readManifest(project: Project): Manifest {
  try {
    return JSON.parse(readIfThere(file(project))?.toString() ?? '{}') as Manifest;
  } catch {
    return {};
  }
}

/** Whether the notebook of an entry is there: one that was renamed or removed leaves its entries behind. */
export const hasNotebook = (project: Project, { notebook }: Entry): boolean =>
  existsSync(join(project.notebooks, `${notebook}.ipynb`));

/** Puts one notebook's entries in place of those that it had, and drops those whose notebook is gone. */
export function updateManifest(project: Project, notebook: string, entries: Manifest): void {
  const others = Object.entries(readManifest(project)).filter(
    ([, entry]) => entry.notebook !== notebook && hasNotebook(project, entry),
  );
  const all = [...others, ...Object.entries(entries)].sort(([a], [b]) => (a < b ? -1 : 1));
  writeIfChanged(file(project), `${JSON.stringify(Object.fromEntries(all), null, 1)}\n`);
}
