import { readFileSync } from 'node:fs';
import { csvOf } from '../../data/write-csv';
import { DescentError } from '../../errors';

/** What one epoch of a training came to. Losses are mean cross-entropies in nats, accuracies parts of 1. */
export interface Epoch {
  /** From 1. */
  epoch: number;
  /** The mean over the epoch's batches, as they were trained on: with dropout, before their step. */
  loss: number;
  /** The share of photos that were named rightly while it learned, 0 to 1. */
  accuracy: number;
  /** After the epoch, on all test photos; missing where there are none. */
  testLoss?: number;
  /** The same share of the test photos, which it never learns from. */
  testAccuracy?: number;
}

const COLUMNS = {
  epoch: 'epoch',
  loss: 'loss',
  accuracy: 'accuracy',
  testLoss: 'test_loss',
  testAccuracy: 'test_accuracy',
} as const;
const keys = Object.keys(COLUMNS) as (keyof Epoch)[];

/** A training's history as CSV, a row an epoch. */
export function historyCsv(history: readonly Epoch[]): string {
  return csvOf(
    Object.values(COLUMNS),
    history.map((epoch) => keys.map((key) => epoch[key])),
  );
}

/**
 * Reads a history from a CSV file with the columns that `historyCsv` writes.
 *
 * @throws DescentError where the file cannot be read or lacks a column
 */
export function readHistory(path: string): Epoch[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new DescentError(`${path} cannot be read: ${(error as Error).message}`);
  }
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  if (header !== Object.values(COLUMNS).join(',')) {
    throw new DescentError(
      `${path} is no history of a training: its first line must be ${Object.values(COLUMNS).join(',')}`,
    );
  }
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(
      keys.flatMap((key, i) => (cells[i] ? [[key, Number(cells[i])]] : [])),
    ) as unknown as Epoch;
  });
}

/** The epoch with the least test loss, or training loss where there is no test. The first of equals. */
export function bestEpoch(history: readonly Epoch[]): Epoch | undefined {
  const judged = ({ loss, testLoss }: Epoch): number => testLoss ?? loss;
  return history.reduce<Epoch | undefined>(
    (best, epoch) => (best && judged(best) <= judged(epoch) ? best : epoch),
    undefined,
  );
}
