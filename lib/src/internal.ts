// The second door: what the commands, the publisher and the queue of this project need beyond the public names. No one
// else should lean on it.
export { csvLine, csvOf } from './data/write-csv';
export { writeFileAtomically, writeFailure } from './data/files';
export { dataElement, escapeHtml, htmlPage } from './edge/html';
export { figureHash, type Payload } from './edge/payload';
export { readBytes } from './data/frame';
export { sha256 } from './data/seal';
export { isOwnFile, ownFileFailure } from './own-file';
