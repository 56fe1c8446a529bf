import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder for what can be made again, `name` in it: `.setup/` of the project that this library is a workspace of, so
 * that all of it goes when the project goes; else where the system keeps a user's such files. Made if missing.
 */
export function cacheFolder(name: string): string {
  const project = join(__dirname, '..', '..', '..', '.setup');
  const folder = join(existsSync(project) ? project : usersFolder(), name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function usersFolder(): string {
  const base =
    process.platform === 'win32'
      ? (process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'))
      : (process.env.XDG_CACHE_HOME ?? join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache'));
  return join(base, 'descent-lab');
}
