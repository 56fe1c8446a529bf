import { readFileSync } from 'node:fs';
import { writeFileAtomically } from '../../data/files';
import { DescentError } from '../../errors';

/** Named arrays of 32-bit floats with their shapes, and a text beside them. */
export interface TensorFile {
  tensors: { name: string; shape: number[]; values: Float32Array }[];
  text: string;
}

/**
 * Writes a file of tensors, whole or not at all, in Hugging Face's safetensors format: the length of the header in 8
 * bytes, the header as JSON, the values. Any safetensors reader opens it.
 */
export function writeTensors(path: string, { tensors, text }: TensorFile): void {
  let end = 0;
  const entries = tensors.map(
    ({ name, shape, values }) =>
      [name, { dtype: 'F32', shape, data_offsets: [end, (end += values.byteLength)] }] as const,
  );
  const json = JSON.stringify({ __metadata__: { text }, ...Object.fromEntries(entries) });
  const padding = (8 - (Buffer.byteLength(json) % 8)) % 8; // so that the values begin at a multiple of 8
  const header = Buffer.from(json + ' '.repeat(padding));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  writeFileAtomically(
    path,
    Buffer.concat([
      length,
      header,
      ...tensors.map(({ values }) => Buffer.from(values.buffer, values.byteOffset, values.byteLength)),
    ]),
  );
}

/**
 * Reads what `writeTensors` wrote.
 *
 * @throws DescentError for a file that is not there, cut off, or another kind of file
 */
export function readTensors(path: string): TensorFile {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    throw new DescentError(`${path} cannot be read: ${(error as Error).message}`);
  }
  try {
    const begin = 8 + Number(content.readBigUInt64LE(0));
    const {
      __metadata__: { text },
      ...entries
    } = JSON.parse(content.toString('utf8', 8, begin)) as { __metadata__: { text: string } } & Record<
      string,
      { shape: number[]; data_offsets: [number, number] }
    >;
    const tensors = Object.entries(entries).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        const bytes = new Uint8Array(to - from); // a copy, since floats must begin at a multiple of 4
        if (content.copy(bytes, 0, begin + from, begin + to) !== to - from) throw new RangeError('cut off');
        return { name, shape, values: new Float32Array(bytes.buffer) };
      },
    );
    return { tensors, text };
  } catch {
    throw new DescentError(`${path} is damaged: remove it and begin anew`);
  }
}
