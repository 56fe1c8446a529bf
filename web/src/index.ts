export { editorScript, kernelScript, libraryBinaries, libraryModule, notebookScript } from './build';
export { readyScript } from './cells/ready';
export type { Analysis, CellError, Message, Request } from './protocol';
