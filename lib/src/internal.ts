// The second door: what the commands, the publisher and the queue of this project need beyond the public names. No one
// else should lean on it.
export { beside } from './beside';
export { csvLine, csvOf } from './data/write-csv';
export { linesOf } from './data/lines';
export { isFolder, readBytes, reading, writeFailure, writeFileAtomically } from './data/files';
export { dataElement, escapeHtml, htmlPage } from './edge/html';
export { figureHash, payloadOf, PLOTLY_MIME, sorted, type Payload } from './edge/payload';
export { IMAGE_LIMIT } from './edge/render-png';
export { sha256 } from './data/seal';
export { checkBatch } from './evaluation/trial-check';
export { isOwnFile, ownFileFailure } from './own-file';
