export { writeFailure, writeFileAtomically } from './files';
export { readColumns, type Column, type ColumnRequest, type Table } from './read-columns';
export type { TableOptions } from './csv';
export { linesOf, type LinePlace, type TextLine } from './lines';
export { readTable, type Cell } from './read-table';
