// What stands in for node:zlib: unpacking gzip.
import { Gunzip } from 'fflate';

/** Unpacks gzip. @throws with the code ERR_BUFFER_TOO_LARGE for what unpacks to more than `maxOutputLength` */
export function gunzipSync(packed: Uint8Array, { maxOutputLength = Infinity } = {}): Buffer {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const unpacking = new Gunzip((piece) => {
    length += piece.length;
    if (length > maxOutputLength) {
      throw Object.assign(new Error('it unpacks to too much'), { code: 'ERR_BUFFER_TOO_LARGE' });
    }
    pieces.push(piece);
  });
  // bit by bit, so that what is too much is noticed before all of it is there
  const STEP = 65536;
  for (let at = 0; at < packed.length; at += STEP)
    unpacking.push(packed.subarray(at, at + STEP), at + STEP >= packed.length);
  // the last bytes tell how long it was: of a file that is cut off they are others
  const end = Buffer.from(packed.slice(-4));
  if (end.length < 4 || end.readUInt32LE() !== length % 2 ** 32) throw new Error('unexpected end of file');
  return Buffer.concat(pieces);
}
export default { gunzipSync };
