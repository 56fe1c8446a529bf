// Imports models with Keras' answers beside them, and tells how far this project's answers are from those.
//
//     node --import ./scripts/tsx.mjs tests/reference/table.ts FOLDER...
//
// FOLDER is what architectures.py wrote, or one of the folders of models.py or tfjs_models.py, whose answers lie beside it.
// Predictions are compared number by number; gradients as a part of the largest number, and where only the norm and the
// first numbers are told, by those. A deep network of random weights multiplies rounding: Keras' own answers in floats are
// then far from the same network's in doubles. So there are three columns: ours from Keras', ours from Keras' in doubles,
// and Keras' own from these.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { DescentError } from 'descent-lab';
import { answersOf, apart, largest, norm } from '../support/reference-answers';
import { modelsBeside, type ReferenceModel } from '../support/reference-models';

interface Answers {
  output: ArrayLike<number>;
  gradient: ArrayLike<number>;
}

/** How far answers are from others: the prediction, and the gradient as a part of its largest number. */
type Deviation = [prediction: number, gradient: number];

const part = (found: ArrayLike<number>, expected: readonly number[]): number =>
  apart(found, expected) / (largest(expected) || 1);

const from = (found: Answers, { output, gradient }: { output: number[]; gradient: number[] }): Deviation => [
  apart(found.output, output),
  part(found.gradient, gradient),
];

/** Of a model's answers: ours from Keras', ours from Keras' in doubles, Keras' from these. */
function deviations(found: Awaited<ReturnType<typeof answersOf>>, model: ReferenceModel): Deviation[] {
  const { output, gradient, first, norm: length, double } = model;
  const ours = from(found, { output: output!, gradient: gradient ?? first! });
  if (length !== undefined) ours[1] = Math.max(ours[1], Math.abs(norm(found.gradient) / length - 1));
  if (!double) return [ours];
  return [ours, from(found, double), from({ output: output!, gradient: gradient! }, double)];
}

const COLUMNS = ["from Keras'", 'from doubles', "Keras' from doubles"];
const cell = (deviation?: Deviation): string =>
  (deviation?.map((value) => value.toExponential(1)).join(' ') ?? '').padEnd(20);
const row = (name: string, said: string, cells: string): void =>
  console.log(`${name.padEnd(52)} ${said.padEnd(8)} ${cells}`.trimEnd());

async function main(folders: string[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'table-'));
  const worst: Deviation[] = COLUMNS.map(() => [0, 0]);
  const counts = { imported: 0, refused: 0, wrong: 0 };
  row('prediction and gradient:', '', COLUMNS.map((column) => column.padEnd(20)).join(' '));
  for (const each of folders) {
    const folder = resolve(each);
    const within = join(folder, 'answers.json');
    for (const model of modelsBeside(existsSync(within) ? within : `${folder}.json`, folder, basename(folder))) {
      const name = `${model.written}/${basename(model.path)}`;
      const imported = join(scratch, 'model');
      try {
        const told = deviations(await answersOf(model, imported), model);
        told.forEach((deviation, i) => (worst[i] = deviation.map((value, j) => Math.max(value, worst[i]![j]!)) as Deviation));
        counts.imported++;
        row(name, 'imported', `${told.map(cell).join(' ')}${model.refused ? ' and need not be' : ''}`);
      } catch (error) {
        if (!(error instanceof DescentError)) throw error;
        counts.refused++;
        if (!model.refused) counts.wrong++;
        row(name, 'refused', `${model.refused ? '' : 'WRONGLY: '}${error.message.replaceAll(folder, '')}`);
      }
      rmSync(imported, { recursive: true, force: true });
    }
  }
  row('worst:', '', worst.map(cell).join(' '));
  console.log(`${counts.imported} imported, ${counts.refused} refused, ${counts.wrong} of them wrongly`);
  rmSync(scratch, { recursive: true });
}

void main(process.argv.slice(2));
