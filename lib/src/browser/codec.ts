// In a page: what ../pictures/codec.ts is in Node. JPEG and PNG are decoded and encoded here, to the bytes that sharp gives,
// whatever the browser does with colours, corners or fingerprints; for other formats the browser itself has to do.
import decodeJpeg, { init } from '@jsquash/jpeg/decode.js';
import { convertIndexedToRgb, decode as decodePng, encode as encodePng, hasPngSignature } from 'fast-png';
import { DescentError } from '../errors';
import type { PictureFormat, PictureSize } from '../pictures/codec';
import type { Bytes } from '../pictures/resize';
import { binary } from './binaries';
import { encodeJpeg } from './jpeg';
import { pixelsOf } from './image-bitmap';
import { jpegParts, orientationOf, turned } from './upright';

/** As in Node. */
export const MOST_PIXELS = 100e6;
export const LONGEST_SIDE = 65535;

/** The format of pictures inside figures. */
export const FIGURE_FORMAT: 'png' | 'webp' = 'png';

/** Everything is there. */
export const loadCodec = (): void => undefined;

/** As in Node: upright, three colours of 8 bits. @throws DescentError, whose message goes on after the photo's name */
export async function decodeFile(content: Buffer): Promise<Bytes> {
  try {
    const rgba = await decodeAny(content);
    return withoutAlpha(rgba);
  } catch (error) {
    if (error instanceof DescentError) throw error;
    throw new DescentError(`is damaged or cut off: ${(error as Error).message}`);
  }
}

async function decodeAny(content: Uint8Array): Promise<Bytes> {
  if (hasPngSignature(content)) return turned(fromPng(content), orientationOf(content));
  if (content[0] !== 0xff || content[1] !== 0xd8) return pixelsOf(content);
  const { width, height, components, pixels } = jpegHeader(content);
  checkSize(width, height);
  if (components === 4) {
    // browsers mix inks in ways of their own
    throw new DescentError('is a JPEG in four inks (CMYK), which a page does not read exactly: export it in RGB');
  }
  if (!endsBehind(content, pixels)) throw new Error('its end is missing');
  const decoder = await loadJpeg().catch(() => undefined);
  if (!decoder) return pixelsOf(content); // no WebAssembly here
  const { data } = await decodeJpeg(Uint8Array.from(content).buffer);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return turned({ data: bytes, width, height, channels: 4 }, orientationOf(content));
}

let jpeg: Promise<true> | undefined;
const loadJpeg = (): Promise<true> => (jpeg ??= startJpeg());

async function startJpeg(): Promise<true> {
  const bytes = await binary('mozjpeg_dec.wasm');
  if (!bytes) throw new Error('the decoder could not be loaded');
  await WebAssembly.compile(bytes.slice()); // a server's policy may forbid it, which `init` does not tell
  // in a bundle the script that it would look beside has no address
  await init({ wasmBinary: bytes.slice().buffer, locateFile: (name: string) => name });
  return true;
}

/** Refuses what is too large. */
function checkSize(width: number, height: number): void {
  checkSides(width, height);
  if (width * height > MOST_PIXELS) throw new DescentError(`has more than ${MOST_PIXELS / 1e6} megapixels`);
}

/** Refuses what is too long. */
export function checkSides(width: number, height: number): void {
  if (Math.max(width, height) <= LONGEST_SIDE) return;
  throw new DescentError(`is ${width} x ${height} pixels: a side may have ${LONGEST_SIDE}`);
}

/** What the frame's header says, and where the pixels begin. */
function jpegHeader(content: Uint8Array): { width: number; height: number; components: number; pixels: number } {
  const parts = [...jpegParts(content)];
  const frame = parts.find(({ name }) => /^c[^48c]$/.test(name));
  const scan = parts.find(({ name }) => name === 'da');
  if (!frame || !scan) throw new Error('it has no picture');
  const header = new DataView(content.buffer, content.byteOffset + frame.from);
  return { height: header.getUint16(1), width: header.getUint16(3), components: header.getUint8(5), pixels: scan.to };
}

/** Whether the marker of the end comes; before the pixels there may be a small picture with one of its own. */
function endsBehind(content: Uint8Array, pixels: number): boolean {
  for (let at = content.indexOf(0xff, pixels); at >= 0; at = content.indexOf(0xff, at + 1)) {
    if (content[at + 1] === 0xd9) return true;
  }
  return false;
}

function fromPng(content: Uint8Array): Bytes {
  const header = new DataView(content.buffer, content.byteOffset);
  checkSize(header.getUint32(16), header.getUint32(20));
  if (header.getUint8(24) < 8 && header.getUint8(28) === 1) {
    throw new DescentError('is an interlaced PNG of few colours, which a page cannot read: export it as JPEG');
  }
  const png = decodePng(content, { checkCrc: true });
  const { width, height, depth, channels } = png;
  if (png.palette) {
    const colours = png.palette[0]!.length;
    return { data: new Uint8Array(convertIndexedToRgb(png)), width, height, channels: colours };
  }
  const values = png.data;
  // 16 bits keep their upper 8, fewer are spread over all
  const data =
    depth === 16 ? Uint8Array.from(values, (value) => value >> 8) : depth < 8 ? spread(png) : Uint8Array.from(values);
  return { data, width, height, channels };
}

/** Several pixels in a byte, each row from a new one. */
function spread({
  data,
  width,
  height,
  depth,
}: {
  data: ArrayLike<number>;
  width: number;
  height: number;
  depth: number;
}): Uint8Array {
  const most = 2 ** depth - 1;
  const row = Math.ceil((width * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const bit = (i % width) * depth;
    const byte = data[Math.floor(i / width) * row + (bit >> 3)]!;
    return Math.round((255 / most) * ((byte >> (8 - depth - (bit & 7))) & most));
  });
}

function withoutAlpha({ data, width, height, channels }: Bytes): Bytes {
  const colours = channels < 3 ? 1 : 3;
  const result = new Uint8Array(3 * width * height);
  for (let i = 0, from = 0, to = 0; i < width * height; i++, from += channels, to += 3) {
    result[to] = data[from]!;
    result[to + 1] = data[colours === 1 ? from : from + 1]!;
    result[to + 2] = data[colours === 1 ? from : from + 2]!;
  }
  return { data: result, width, height, channels: 3 };
}

/** The bytes of a file that `encodeFile` made. */
export async function decodeOwn(content: Buffer, { channels }: PictureSize): Promise<Uint8Array> {
  const { data } = await decodeFile(content);
  return channels === 3 ? data : data.filter((_, i) => i % 3 === 0);
}

/** Bytes as a file's content. */
export function encodeFile(bytes: Uint8Array, size: PictureSize, format: PictureFormat): Promise<Buffer> {
  if (format === 'webp') throw new DescentError("a page cannot write WebP: take 'png', which loses nothing either");
  const content = format === 'png' ? encodePng({ ...size, data: bytes }) : encodeJpeg(bytes, size, format.jpeg);
  return Promise.resolve(Buffer.from(content));
}
