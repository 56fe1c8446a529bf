export { writeFailure, writeFileAtomically } from './files';
export { ARTICLE_MOMENTS, heightWeightCsv, momentsOf, pointsWithMoments, type Moments } from './height-weight';
export { readColumns, type Column, type ColumnRequest, type Table } from './read-columns';
export type { TableOptions } from './csv';
export { download, fileSha256, type DownloadOptions } from './download';
export { fetchOriginal, originals, ORIGINALS_SOURCES, type Original, type OriginalsSources } from './originals';
export { linesOf, type LinePlace, type TextLine } from './lines';
