// How soon a chart follows a control: what a page runs to measure it, and what is told of it.

/** How often each control is moved. */
const MOVES = 20;

/** Milliseconds from each move to the chart's first new stroke, and to its last one. */
export interface Moves {
  first: number[];
  last: number[];
}

/**
 * A script for a page: moves a control again and again, and watches the chart.
 * @param chart the expression of the element that holds Plotly's drawing
 * @param move the statements that move the control, given the number of the move, `i`
 */
export const measureMoves = (chart: string, move: string): string => `(async () => {
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const taken = { first: [], last: [] };
  await wait(1500); // what the start's chart has yet to do
  for (let i = 0; i <= ${MOVES}; i++) {
    let first, last;
    const watcher = new MutationObserver((changes) => {
      if (!changes.some(({ target }) => target.closest?.('.main-svg'))) return;
      last = performance.now();
      first ??= last;
    });
    watcher.observe(${chart}, { attributes: true, childList: true, subtree: true });
    const start = performance.now();
    ${move}
    for (let turns = 0; turns < 200 && !(last && performance.now() - last > 150); turns++) await wait(50);
    watcher.disconnect();
    if (i === 0) continue; // Plotly's script comes with the first
    taken.first.push((first ?? Infinity) - start);
    taken.last.push((last ?? Infinity) - start);
  }
  return taken;
})()`;

/** The head of the table. */
export const head = `| where | notebook | chart | first stroke, ms | all drawn, ms | least | most |
|---|---|---|---|---|---|---|`;

/** A row of it: medians, and of all drawn the least and the most. */
export function row(where: string, notebook: string, figure: string, { first, last }: Moves): string {
  const sorted = (list: number[]): number[] => list.toSorted((a, b) => a - b);
  const median = (list: number[]): number => sorted(list)[list.length >> 1]!;
  const told = [median(first), median(last), sorted(last)[0]!, sorted(last).at(-1)!].map((ms) => ms.toFixed(0));
  return `| ${[where, notebook, figure, ...told].join(' | ')} |`;
}
