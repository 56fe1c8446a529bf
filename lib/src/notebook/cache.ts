import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A folder for what can be made again, `name` in it: where the system keeps a user's such files. Made if missing. */
export function cacheFolder(name: string): string {
  const base = process.platform === 'win32'
    ? process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
    : process.env.XDG_CACHE_HOME ?? join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  const folder = join(base, 'descent-lab', name);
  mkdirSync(folder, { recursive: true });
  return folder;
}
