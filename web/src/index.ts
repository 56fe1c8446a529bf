export { editorScript, kernelScript, notebookScript } from './build';
export type { Analysis, CellError, Message, Request } from './protocol';
