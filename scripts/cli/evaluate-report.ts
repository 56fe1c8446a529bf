// What `npm run evaluate` writes and tells at its end.
import { type attacks, evaluation } from 'descent-lab';
import { Tally, type PlannedRow } from 'descent-lab/internal';
import { percent } from './numbers';

export const setAside = (photos: readonly string[]): string =>
  `set aside, counted as unreadable, since they failed three times: ${photos.join(', ')}`;

/** What is to be written and told. */
export interface ReportOptions {
  out: string;
  perPhoto?: string;
  json?: boolean;
  /** The attacks of the reader's own. */
  own?: readonly attacks.Attack[];
}

/**
 * Writes the tables and tells the summary; where no photo could be read there is none, and the command fails.
 * @param batches the trials of each batch, in the order of the photos; they may be gone through several times
 * @param plan the table's rows
 */
export function report(
  batches: () => Iterable<evaluation.Trial[]>,
  plan: readonly PlannedRow[],
  { out, perPhoto: perPhotoFile, json, own }: ReportOptions,
  aside: readonly string[] = [],
): void {
  const tally = new Tally(plan);
  for (const trials of batches()) tally.add(trials);
  const summary = tally.summary();
  const { photos, unreadable, right, accuracy } = summary;
  if (unreadable === photos) {
    if (aside.length > 0) console.error(setAside(aside));
    console.error(`none of the ${photos} photos could be read: there is nothing to measure, and no table`);
    process.exitCode = 1;
    return;
  }
  evaluation.writeTable(
    out,
    summary.rows.map((row) => ({ ...row })),
  );
  if (perPhotoFile !== undefined) {
    const attacks = [...new Set(summary.rows.map(({ attack }) => attack))];
    const rows: evaluation.PhotoRow[] = [];
    for (const trials of batches()) rows.push(...evaluation.perPhoto(trials, attacks, own));
    evaluation.writeTable(perPhotoFile, rows);
  }
  if (json) {
    console.log(JSON.stringify({ ...summary, ...(aside.length > 0 && { aside }) }));
    return;
  }
  console.log(`${photos} photos, ${unreadable} unreadable; classified right: ${right}, ${percent(accuracy)}`);
  if (aside.length > 0) console.log(setAside(aside));
  console.table(
    summary.rows.map(({ attack, epsilon, n, success, low, high, l2, psnr, transfer, tried }) => ({
      attack,
      'epsilon/255': Number((255 * epsilon).toFixed(4)),
      n,
      success: success === null ? '-' : percent(success),
      '95 %': `${percent(low)} to ${percent(high)}`,
      l2: l2?.toFixed(3) ?? '-',
      psnr: psnr?.toFixed(1) ?? '-',
      transfer: transfer === null ? '-' : `${percent(transfer)} of ${tried}`,
    })),
  );
}
