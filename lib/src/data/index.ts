export { writeFileAtomically } from './files';
export { ARTICLE_MOMENTS, heightWeightCsv, momentsOf, pointsWithMoments, type Moments } from './height-weight';
export { readColumns, type Column, type ColumnRequest, type Table } from './read-columns';
