// Which way up a photo is: what its camera noted in the file, and turning it.
import type { Bytes } from '../pictures/resize';

/** A part of a file: its name, and where its content begins and ends. */
export interface Part {
  name: string;
  from: number;
  to: number;
}

const viewOf = (content: Uint8Array): DataView => new DataView(content.buffer, content.byteOffset, content.byteLength);

const textOf = (content: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...content.subarray(from, to));

/** The segments of a JPEG, named by their markers, up to where its pixels begin (`da`). */
export function* jpegParts(content: Uint8Array): Generator<Part> {
  for (let at = 2; at + 4 <= content.length && content[at] === 0xff;) {
    const marker = content[at + 1]!;
    const to = at + 2 + viewOf(content).getUint16(at + 2);
    yield { name: marker.toString(16), from: at + 4, to };
    if (marker === 0xda) return;
    at = marker === 0xff ? at + 1 : to; // a marker may stand behind several ff
  }
}

function* pngParts(content: Uint8Array): Generator<Part> {
  for (let at = 8, to; at + 8 <= content.length; at = to + 4) {
    to = at + 8 + viewOf(content).getUint32(at);
    yield { name: textOf(content, at + 4, at + 8), from: at + 8, to };
  }
}

function* webpParts(content: Uint8Array): Generator<Part> {
  for (let at = 12, to; at + 8 <= content.length; at = to + (to % 2)) {
    to = at + 8 + viewOf(content).getUint32(at + 4, true);
    yield { name: textOf(content, at, at + 4), from: at + 8, to };
  }
}

/** Where each kind of file has its camera's notes, by how it begins. */
const NOTES: Record<string, readonly [parts: (content: Uint8Array) => Iterable<Part>, name: string]> = {
  '\xff\xd8\xff': [jpegParts, 'e1'],
  '\x89PN': [pngParts, 'eXIf'],
  RIF: [webpParts, 'EXIF'],
};

/** What a camera noted in a JPEG, PNG or WebP, by Exif's numbers: 1 is upright, 2 to 8 are for `turned`. */
export function orientationOf(content: Uint8Array): number {
  const [parts, wanted] = NOTES[textOf(content, 0, 3)]!;
  for (const { name, from, to } of parts(content)) {
    const hasTitle = textOf(content, from, from + 6) === 'Exif\0\0'; // always in a JPEG, whose segment others take too
    if (name !== wanted || (name === 'e1' && !hasTitle)) continue;
    try {
      return orientationIn(viewOf(content.subarray(hasTitle ? from + 6 : from, to)));
    } catch {
      return 1; // notes that end early are none
    }
  }
  return 1;
}

const ORIENTATION = 0x112;

function orientationIn(exif: DataView): number {
  const isLittle = exif.getUint8(0) === 0x49;
  const list = exif.getUint32(4, isLittle);
  for (let i = 0; i < exif.getUint16(list, isLittle); i++) {
    const entry = list + 2 + 12 * i;
    if (exif.getUint16(entry, isLittle) === ORIENTATION) return exif.getUint16(entry + 8, isLittle);
  }
  return 1;
}

/** The picture that is stored in this way, upright. */
export function turned(picture: Bytes, orientation: number): Bytes {
  if (orientation < 2 || orientation > 8) return picture;
  const { width, height, channels } = picture;
  const row = width * channels;
  const [fromRight, fromBelow] = [[2, 3, 7, 8], [3, 4, 6, 7]].map((all) => all.includes(orientation)); // prettier-ignore
  const steps = [fromRight ? -channels : channels, fromBelow ? -row : row] as const;
  const start = (fromRight ? row - channels : 0) + (fromBelow ? (height - 1) * row : 0);
  const liesOnSide = orientation > 4;
  const [across, down] = liesOnSide ? [height, width] : [width, height];
  const [stepAcross, stepDown] = liesOnSide ? [steps[1], steps[0]] : steps;
  const data = new Uint8Array(picture.data.length);
  for (let y = 0, to = 0; y < down; y++) {
    for (let x = 0, from = start + y * stepDown; x < across; x++, from += stepAcross) {
      for (let channel = 0; channel < channels; channel++) data[to++] = picture.data[from + channel]!;
    }
  }
  return { data, width: across, height: down, channels };
}
