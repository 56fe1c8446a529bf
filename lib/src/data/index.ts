export { readColumns, type Column, type Table } from './read-columns';
export type { TableOptions } from './csv';
export { readTable, type Cell } from './read-table';
