export { writeFileAtomically } from './files';
export { readColumns, type Column, type ColumnRequest, type Table } from './read-columns';
export type { TableOptions } from './csv';
export { readTable, type Cell } from './read-table';
