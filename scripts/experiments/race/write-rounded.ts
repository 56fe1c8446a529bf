import type { Cell } from 'descent-lab';
import { csvOf, writeFileAtomically } from 'descent-lab/internal';

/** Writes rows as CSV, numbers to six digits. */
export function writeRounded<C extends string>(path: string, columns: readonly C[], rows: Record<C, Cell>[]): void {
  const short = (cell: Cell): Cell => (typeof cell === 'number' ? Number(cell.toPrecision(6)) : cell);
  writeFileAtomically(
    path,
    csvOf(
      columns,
      rows.map((row) => columns.map((column) => short(row[column]))),
    ),
  );
}
