import { atLeast, between, optional, orNone, whole, type Kinds } from '../data/kinds';
import { cellError, readRows } from '../data/read-rows';
import { csvOf } from '../data/write-csv';

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

const loss = atLeast(0),
  rate = between(0, 1);

/** What an epoch holds. */
export const EPOCH: Kinds<Epoch> = {
  epoch: whole(1),
  loss,
  accuracy: rate,
  testLoss: optional(loss),
  testAccuracy: optional(rate),
};

const TABLE = { epoch: whole(1), loss, accuracy: rate, test_loss: orNone(loss), test_accuracy: orNone(rate) };
const REMEDY = 'mend the row, or leave the history out';

/**
 * Reads a history from a CSV file with the columns that `historyCsv` writes.
 *
 * @throws DescentError where the file cannot be read or lacks a column, or a row is wrong
 */
export function readHistory(path: string): Epoch[] {
  const rows = readRows(path, { what: 'history of a training', columns: TABLE, remedy: REMEDY });
  rows.forEach(({ epoch }, i) => {
    const before = rows[i - 1]?.epoch ?? 0;
    if (epoch <= before) throw cellError(path, i, REMEDY)('epoch', `is ${epoch}, after ${before}`);
  });
  return rows.map(
    (row) =>
      Object.fromEntries(
        keys.flatMap((key) => (row[COLUMNS[key]] === null ? [] : [[key, row[COLUMNS[key]]]])),
      ) as unknown as Epoch,
  );
}

/** The epoch with the least test loss, or training loss where there is no test. The first of equals. */
export function bestEpoch(history: readonly Epoch[]): Epoch | undefined {
  const judged = ({ loss, testLoss }: Epoch): number => testLoss ?? loss;
  return history.reduce<Epoch | undefined>(
    (best, epoch) => (best && judged(best) <= judged(epoch) ? best : epoch),
    undefined,
  );
}
