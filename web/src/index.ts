export { editorScript, kernelScript, libraryBinaries, libraryModule, notebookScript } from './build';
export { readyScript } from './cells/ready';
export { neededFor } from './cells/needed';
export { panelHtml } from './panel-html';
export type { Analysis, CellError, Message, Request } from './protocol';
