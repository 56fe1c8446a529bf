import { inflateSync } from 'fflate';
import { DescentError } from '../errors';
import { checkMemory } from '../memory';

/** A zip archive that was opened. */
export interface Zip {
  /** The files in it, by their paths there. */
  names: string[];
  /**
   * What is in one of them.
   * @throws DescentError naming it where it is damaged, does not fit into this machine's memory, or needs a password
   */
  read: (name: string) => Uint8Array;
}

/** A file as the archive's directory lists it. */
interface Entry {
  at: number;
  method: number;
  locked: boolean;
  packed: number;
  size: number;
  crc: number;
}

const [END, LISTED, LOCAL] = [0x06054b50, 0x02014b50, 0x04034b50];
const STORED = 0,
  DEFLATED = 8;
/** Deflated bytes unpack to at most so many times as many. */
const MOST = 1032;

/**
 * Opens a zip archive.
 *
 * @param path what errors call it
 * @throws DescentError naming it where it is cut off or damaged
 */
export function openZip(bytes: Uint8Array, path: string): Zip {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = whole(path, () => directoryOf(bytes, view, path));
  return {
    names: [...entries.keys()],
    read: (name) => whole(`${path}/${name}`, () => unpack(bytes, view, entries.get(name)!, `${path}/${name}`)),
  };
}

/** What `work` comes to: it throws where numbers in the archive point beyond its end. */
function whole<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DescentError) throw error;
    throw damaged(path);
  }
}

const damaged = (path: string): DescentError =>
  new DescentError(`${path} is damaged: it cannot be unpacked. Get it again`);

function directoryOf(bytes: Uint8Array, view: DataView, path: string): Map<string, Entry> {
  // It stands at the end, before a comment of at most 65535 bytes.
  let end = bytes.length - 22;
  while (end >= 0 && end >= bytes.length - 65557 && view.getUint32(end, true) !== END) end--;
  if (end < 0 || end < bytes.length - 65557) {
    throw new DescentError(`${path} is cut off: the list of what is in it, at its end, is missing. Get it again`);
  }
  const entries = new Map<string, Entry>();
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count--) {
    if (view.getUint32(at, true) !== LISTED) throw damaged(path);
    const length = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + length));
    entries.set(name, {
      at: view.getUint32(at + 42, true),
      method: view.getUint16(at + 10, true),
      locked: (view.getUint16(at + 8, true) & 1) === 1,
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      crc: view.getUint32(at + 16, true),
    });
    at += 46 + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function unpack(bytes: Uint8Array, view: DataView, entry: Entry, path: string): Uint8Array {
  const { at, method, locked, packed, size, crc } = entry;
  if (locked) throw new DescentError(`${path} is locked by a password: unpack the archive, and give what was in it`);
  if (method !== STORED && method !== DEFLATED) {
    throw new DescentError(`${path} is packed in another way than zip's usual one: unpack it, and give what was in it`);
  }
  if (view.getUint32(at, true) !== LOCAL) throw damaged(path);
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const content = bytes.subarray(start, start + packed);
  // Of a size that cannot be no byte is taken.
  if (content.length !== packed || size > (method === STORED ? packed : MOST * packed)) throw damaged(path);
  checkMemory(size, path, 'import it on a larger machine');
  const unpacked = method === STORED ? content : inflateSync(content, { out: new Uint8Array(size) });
  if (unpacked.length !== size || crc32(unpacked) !== crc) throw damaged(path);
  return unpacked;
}

const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The checksum of zip. */
function crc32(bytes: Uint8Array): number {
  let rest = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) rest = REMAINDERS[(rest ^ bytes[i]!) & 255]! ^ (rest >>> 8);
  return (rest ^ 0xffffffff) >>> 0;
}
