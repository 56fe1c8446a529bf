import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { unzipSync } from 'fflate';

const FOLDER = join(__dirname, '..', 'reference');

/** A case as tests/reference/models.py writes it, whose head says what its numbers are. */
interface Case {
  name: string;
  files: string[];
  /** Its weights lie in fewer bits than those that gave the answers. */
  rounded?: true;
  /** No importer has to take it. */
  refused?: true;
  /** The shape of the picture; a refused model of several inputs or outputs has no answers. */
  input?: number[];
  /** What its numbers are multiplied by; 1 where that is not said. */
  times?: number;
  output?: number[];
  /** By the input; of a long one there are only its norm and first values. */
  gradient?: number[];
  norm?: number;
  first?: number[];
  /** The answers of the same model in doubles. */
  double?: { output: number[]; gradient: number[] };
}

/** A model in one file or folder, with Keras' answers. */
export interface ReferenceModel extends Omit<Case, 'files'> {
  /** What wrote it, such as keras2. */
  written: string;
  path: string;
  /** The input, row by row. */
  picture: Float32Array;
}

/** The picture that every reference model sees, in its shape: rows, columns and channels, as far as there are such. */
function picture(shape: number[], times = 1): Float32Array {
  const [rows = 1, columns = 1, channels = 1] = shape;
  const numbers = new Float32Array(rows * columns * channels);
  return numbers.map((_, at) => {
    const c = at % channels;
    const j = Math.floor(at / channels) % columns;
    const i = Math.floor(at / channels / columns);
    return times * Math.fround(0.5 + 0.5 * Math.sin(0.1 * i + 0.17 * j + c));
  });
}

/** One for each file of answers that tests/reference/models.py or architectures.py wrote; its models lie in `folder`. */
export function modelsBeside(answers: string, folder: string, written: string): ReferenceModel[] {
  const { cases } = JSON.parse(readFileSync(answers, 'utf8')) as { cases: Case[] };
  return cases.flatMap(({ files, ...each }) =>
    files.map((file) => ({
      ...each,
      written,
      path: join(folder, file),
      picture: picture(each.input ?? [], each.times),
    })),
  );
}

/** The models of tests/reference/models.py and tfjs_models.py, unpacked into a temporary folder. */
export function referenceModels(): ReferenceModel[] {
  const made = mkdtempSync(join(tmpdir(), 'reference-models-'));
  return (['keras2', 'keras3', 'tfjs'] as const).flatMap((written) => {
    const name = join(FOLDER, `models-${written}`);
    const folder = join(made, written);
    for (const [file, bytes] of Object.entries(unzipSync(brotliDecompressSync(readFileSync(`${name}.zip.br`))))) {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    return modelsBeside(`${name}.json`, folder, written);
  });
}
