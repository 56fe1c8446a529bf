export type { Analysis, CellError, Message, Request } from './protocol';
