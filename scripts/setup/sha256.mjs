// Files that are pinned by a hash.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { SetupError } from '../../lib/native/errors.mjs';

/** The sha256 of a file, in hexadecimal. */
export async function sha256File(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Throws where a file is not the pinned one. */
export async function checkSha256(file, expected) {
  const found = await sha256File(file);
  if (found === expected) return;
  throw new SetupError(
    `${path.basename(file)} (${statSync(file).size} bytes) is not the file that this project pins: ` +
      `its sha256 is ${found}, not ${expected}. Delete it and run the same command again.`,
  );
}
