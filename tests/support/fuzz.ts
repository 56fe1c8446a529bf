// Damaged inputs, made by chance from a whole one: a loader takes them or refuses them in a line, and never with a stack.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { DescentError, Random } from 'descent-lab';

/** What a text file's value or a binary file's bytes are often damaged to. */
const NASTY = [
  'null',
  '[]',
  '{}',
  '-1',
  '0',
  '1e308',
  '1e12',
  'NaN',
  '""',
  '"x"',
  '',
  'true',
  '\0',
  '../x',
  '__proto__',
  '\ufeff',
];

/** A copy of the bytes with one to three pieces of damage. */
export function damaged(random: Random, whole: Uint8Array): Uint8Array {
  let bytes = Buffer.from(whole);
  for (let times = random.integer(1, 3); times > 0; times--) bytes = Buffer.from(damagedOnce(random, bytes));
  return bytes;
}

function damagedOnce(random: Random, bytes: Buffer): Buffer {
  const at = random.integer(0, bytes.length),
    to = Math.min(bytes.length, at + random.integer(1, 40));
  const before = bytes.subarray(0, at),
    piece = bytes.subarray(at, to),
    after = bytes.subarray(to);
  const noise = (): Buffer => Buffer.from(Array.from({ length: random.integer(1, 8) }, () => random.integer(0, 255)));
  switch (random.integer(0, 6)) {
    case 0:
      return before; // cut off
    case 1:
      return Buffer.concat([before, after]); // a piece is gone
    case 2:
      return Buffer.concat([before, piece, piece, after]); // a piece stands twice
    case 3:
      return Buffer.concat([before, noise(), piece, after]);
    case 4:
      return Buffer.concat([before, noise(), after]);
    case 5: {
      // one bit
      const success = Buffer.from(bytes);
      if (at < success.length) success[at]! ^= 1 << random.integer(0, 7);
      return success;
    }
    default:
      return withNasty(random, bytes);
  }
}

/** Puts a nasty value in the place of a number, word or quoted text; in a binary file, somewhere. */
function withNasty(random: Random, bytes: Buffer): Buffer {
  const nasty = NASTY[random.integer(0, NASTY.length - 1)]!;
  const words = [
    ...bytes
      .subarray(0, 1 << 16)
      .toString('latin1')
      .matchAll(/"[^"]*"|[\w.+-]+|\[[^[\]]*\]|\{[^{}]*\}/g),
  ];
  const { index, 0: word } = words.length > 0 ? words[random.integer(0, words.length - 1)]! : { index: 0, 0: '' };
  return Buffer.concat([bytes.subarray(0, index), Buffer.from(nasty), bytes.subarray(index + word.length)]);
}

/** A loader under test. */
export interface Fuzzed {
  /** The file that the damage is written to. Its name must stand in what a refusal says. */
  path: string;
  /** What a whole file holds. */
  whole: Uint8Array;
  load: (path: string) => unknown;
  /** Whether a checksum stands in the file: then no damage at all may be taken. */
  checksum?: boolean;
  tries?: number;
  seed?: number;
}

/** Loads damaged files, and fails at the first one that ends in a stack, or that a checksum should have told. */
export async function fuzz({ path, whole, load, checksum = false, tries = 200, seed = 1 }: Fuzzed): Promise<void> {
  const random = new Random(seed);
  for (let i = 0; i < tries; i++) {
    const bytes = damaged(random, whole);
    if (Buffer.from(whole).equals(bytes)) continue;
    writeFileSync(path, bytes);
    const told = `damage ${i} of seed ${seed}`;
    try {
      await load(path);
      assert.ok(!checksum, `${told} was taken, although a checksum tells`);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      assert.ok(error instanceof DescentError, `${told} ended in a stack: ${(error as Error).stack}`);
      assert.ok(error.message.includes(path), `${told}: "${error.message}" does not name the file`);
    }
  }
}

/** The same JSON with one place of it, wherever it lies, replaced or taken out. */
export function* changed(value: unknown): Generator<unknown> {
  for (const other of [null, [], {}, 'x', -1, undefined]) yield other;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    for (const other of changed(inner)) {
      const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>;
      copy[key] = other;
      yield copy;
    }
  }
}
