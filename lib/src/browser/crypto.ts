// What stands in for node:crypto. The page's own crypto answers later, and nowhere without https.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { DescentError } from '../errors';

/** As much of a Node hash as the library uses: sha256. */
export function createHash(algorithm: string) {
  if (algorithm !== 'sha256') throw new DescentError(`a page has no hash ${algorithm}, only sha256`);
  const hash = sha256.create();
  return {
    update(data: string | Uint8Array) {
      hash.update(typeof data === 'string' ? new TextEncoder().encode(data) : data);
      return this;
    },
    digest(encoding?: 'hex' | 'base64'): string | Buffer {
      const digest = hash.digest();
      if (encoding === 'hex') return bytesToHex(digest);
      return encoding ? Buffer.from(digest).toString(encoding) : Buffer.from(digest);
    },
  };
}

/** A random UUID, version 4. */
export function randomUUID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytesToHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
export default { createHash, randomUUID };
