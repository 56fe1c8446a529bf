export { Cells, type CellsOptions } from './cells';
export { printed } from './printed';
export type { ReadyCells } from './ready';
