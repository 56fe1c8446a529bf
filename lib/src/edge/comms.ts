import { kernelModule } from './kernel';

/** A line to the front end. */
export interface Comm {
  id: string;
  send(data: object, metadata?: object): void;
  close(): void;
  onMessage?: (data: { method?: string; state?: Record<string, unknown>; content?: unknown }) => unknown;
}

/** What the project's kernel adds to tslab: scripts/setup/tslab-kernel/comms.mjs has it. */
export interface Comms {
  /** Whether somebody has the notebook open who can move controls. */
  frontEnd: boolean;
  open(target: string, data?: object, metadata?: object): Comm;
  /** Runs something between two cells, where the stop button reaches it. */
  between<T>(work: () => T | Promise<T>): Promise<T>;
}

/** Undefined in another kernel than the project's. */
export const comms = (): Comms | undefined => (kernelModule() as { comms?: Comms } | undefined)?.comms;
