/* eslint-disable no-control-regex -- these are bytes, not text */
import { DescentError } from '../errors';

const JPEG = /^\xff\xd8\xff/;

/** What the first bytes of the formats that are decoded look like, one character a byte. */
const DECODED = [
  JPEG,
  /^\x89PNG\r\n\x1a\n/,
  /^RIFF.{4}WEBP/s,
  /^GIF8[79]a/,
  /^.{4}ftyp(?:.{4}){0,15}?avi[fs]/s, // AVIF: its first brand, or one that it is compatible with
  /^(?:II[*+]\0(?!.{4}CR)|MM\0[*+])/s, // TIFF, but not a Canon's raw photo
];

const EXPORT = 'export it as JPEG';
const NO_PHOTO = 'it is no photo';

/** Others that people have: the first bytes, what that is, and what to do. The first that fits counts. */
const OTHERS: readonly (readonly [start: RegExp, what: string, remedy: string])[] = [
  [/^.{4}ftyp(?:.{4}){0,15}?(?:hei[cfmsx]|hev[cmsx]|mif1|msf1)/s, 'HEIC', EXPORT],
  [/^.{4}ftypcrx /s, "a camera's raw photo", EXPORT],
  [/^(?:FUJIFILMCCD-RAW|IIU\0|IIR[OS]|II\*\0.{4}CR)/s, "a camera's raw photo", EXPORT],
  [/^.{4}(?:ftyp|moov|mdat|wide)/s, 'an MP4 or MOV video', NO_PHOTO],
  [/^(?:\x1aE\xdf\xa3|RIFF.{4}AVI )/s, 'a video', NO_PHOTO],
  [/^BM.{4}\0{4}/s, 'BMP', EXPORT],
  [/^8BPS/, 'a Photoshop file', EXPORT],
  [/^P[1-7][\s#]/, 'PPM or PNM', EXPORT],
  [/^\0\0[\x01\x02]\0/, 'an icon (ICO)', EXPORT],
  [/^qoif/, 'QOI', EXPORT],
  [/^(?:\xff\x0a|\0\0\0\x0cJXL )/, 'JPEG XL', EXPORT],
  [/^(?:\xff\x4f\xff\x51|\0\0\0\x0cjP {2})/, 'JPEG 2000', EXPORT],
  [/^v\/1\x01/, 'OpenEXR', EXPORT],
  [/^#\?R/, 'Radiance HDR', EXPORT],
  [/^%(?:PDF|!PS)/, 'a PDF or PostScript document', NO_PHOTO],
  [/^\x1f\x8b/, 'packed with gzip', 'unpack it first'],
  [/^PK\x03\x04/, 'a zip file', 'unpack it first'],
  [/^(?:\xef\xbb\xbf)?\s*<[^]*?svg[\s>:]/i, 'a drawing (SVG)', NO_PHOTO],
  [/^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)/i, 'a web page', NO_PHOTO],
];

/** Whether it begins as a JPEG does. */
export const isJpeg = (content: Buffer): boolean => JPEG.test(content.toString('latin1', 0, 3));

/**
 * Lets only those formats through that the decoder is meant for. Others can hang it: a small drawing draws for hours.
 * @throws DescentError, whose message goes on after the photo's name
 */
export function refuseOtherFormats(content: Buffer): void {
  const start = content.subarray(0, 1024).toString('latin1');
  if (DECODED.some((format) => format.test(start))) return;
  const [, what, remedy] = OTHERS.find(([format]) => format.test(start)) ?? [];
  throw new DescentError(what === undefined ? 'is not an image' : `is ${what}, which cannot be read here: ${remedy}`);
}
