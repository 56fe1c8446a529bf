/**
 * A seed of 32 bits for one purpose out of a run's seed: the same parts give the same, others give unrelated ones. So
 * every step of a training can be drawn again without the steps before it (MurmurHash3's mixing of 32-bit words).
 */
export function deriveSeed(seed: number, ...parts: number[]): number {
  let hash = seed | 0;
  for (const part of parts) {
    let word = Math.imul(part, 0xcc9e2d51);
    word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
    hash ^= word;
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
