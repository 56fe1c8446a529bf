// Which files were saved.
import { readdirSync, watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** An editor saves in several steps, and several files at once: what comes within so many milliseconds is one change. */
const TOGETHER = 40;

/**
 * Tells which files in these folders, and in the folders in them, were saved, by their whole paths. Each folder has a
 * watcher of its own: one that watches a whole tree loses a file that its editor replaces.
 *
 * @returns what ends it
 */
export function watchFolders(roots: string[], onChange: (files: string[]) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    roots.forEach(add); // a folder may be new
    onChange([...changed]);
    changed.clear();
  };
  function add(folder: string): void {
    if (!watchers.has(folder)) {
      const watcher = watch(folder, (_, name) => {
        if (name === null) return;
        changed.add(join(folder, name));
        clearTimeout(timer);
        timer = setTimeout(tell, TOGETHER);
      });
      watchers.set(
        folder,
        watcher.on('error', () => watcher.close()),
      );
    }
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) add(join(folder, entry.name));
    }
  }
  roots.forEach(add);
  return () => {
    clearTimeout(timer);
    watchers.forEach((watcher) => watcher.close());
  };
}
