// The versions of Node that the project runs on, as package.json's "engines" says.
import { SetupError } from '../../lib/native/errors.mjs';

/** Throws where this Node is not one that the project supports. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 13) || major >= 24) return;
  throw new SetupError(`Node ${version} is not supported. Install 24, or the newest 22 or 20 (https://nodejs.org).`);
}
