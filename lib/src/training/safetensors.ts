import { readBytes, writeFileAtomically } from '../data/files';
import { isSealed, SEAL, seal } from '../data/seal';
import { DescentError } from '../errors';

/** Named arrays of 32-bit floats with their shapes, and a text beside them. */
export interface TensorFile {
  tensors: { name: string; shape: number[]; values: Float32Array }[];
  text: string;
}

/** What to do about a file that cannot be gone on with. */
export const REMEDY = 'delete the checkpoint to begin anew, or choose another --out';

type Header = { __metadata__: { sha256: string; text: string } } & Record<
  string,
  { dtype: 'F32'; shape: number[]; data_offsets: [from: number, to: number] }
>;

/** The seal is the header's first value, so that its place is always the same: behind the length of the header. */
const SEAL_AT = 8 + '{"__metadata__":{"sha256":"'.length;

/**
 * Writes a file of tensors, whole or not at all, in Hugging Face's safetensors format: the length of the header in 8
 * bytes, the header as JSON, the values. Any safetensors reader opens it. The sha256 of all else stands in the header.
 */
export function writeTensors(path: string, { tensors, text }: TensorFile): void {
  let end = 0;
  const entries = tensors.map(
    ({ name, shape, values }) =>
      [name, { dtype: 'F32', shape, data_offsets: [end, (end += values.byteLength)] }] as const,
  );
  const json = JSON.stringify({ __metadata__: { sha256: ' '.repeat(SEAL), text }, ...Object.fromEntries(entries) });
  const padding = (8 - (Buffer.byteLength(json) % 8)) % 8; // so that the values begin at a multiple of 8
  const header = Buffer.from(json + ' '.repeat(padding));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = Buffer.concat([
    length,
    header,
    ...tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
  ]);
  seal(file, SEAL_AT);
  writeFileAtomically(path, file);
}

/**
 * Reads what `writeTensors` wrote.
 *
 * @throws DescentError for a file that is not there, damaged, or another kind of file
 */
export function readTensors(path: string): TensorFile {
  const content = readBytes(path);
  if (!isSealed(content, SEAL_AT)) throw new DescentError(`${path} is damaged, or of an earlier version: ${REMEDY}`);
  const begin = 8 + Number(content.readBigUInt64LE(0));
  const { __metadata__: metadata, ...entries } = JSON.parse(content.toString('utf8', 8, begin)) as Header;
  const tensors = Object.entries(entries).map(
    ([
      name,
      {
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const values = new Float32Array((to - from) / 4); // a copy, since floats must begin at a multiple of 4
      content.copy(new Uint8Array(values.buffer), 0, begin + from, begin + to);
      return { name, shape, values };
    },
  );
  return { tensors, text: metadata.text };
}
