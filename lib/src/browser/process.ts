// What stands in for Node's process: its events, above all SIGINT, by which a page stops a loop; and a few constants.
import { WORKING_FOLDER } from './files';

type Listener = (...values: unknown[]) => void;

const listeners = new Map<string, Listener[]>();

/** Chainable, as Node's. It says nothing of Node's version, by which other libraries would take this for Node. */
export const process = {
  env: {} as Record<string, string | undefined>,
  argv: [] as string[],
  platform: 'browser',
  arch: 'wasm',
  pid: 1,
  versions: {},
  cwd: (): string => WORKING_FOLDER,
  nextTick: (work: Listener, ...values: unknown[]): void => queueMicrotask(() => work(...values)),
  hrtime: { bigint: (): bigint => BigInt(Math.round(performance.now() * 1e6)) },
  memoryUsage: (): Record<string, number> => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  listeners: (event: string): Listener[] => [...(listeners.get(event) ?? [])],
  on(event: string, listener: Listener) {
    listeners.set(event, [...(listeners.get(event) ?? []), listener]);
    return process;
  },
  off(event: string, listener: Listener) {
    const all = listeners.get(event) ?? [];
    const at = all.lastIndexOf(listener);
    listeners.set(
      event,
      all.filter((_, i) => i !== at),
    );
    return process;
  },
  once(event: string, listener: Listener) {
    const once = (...values: unknown[]): void => {
      process.off(event, once);
      listener(...values);
    };
    return process.on(event, once);
  },
  removeAllListeners(event: string) {
    listeners.delete(event);
    return process;
  },
  /** Whether anyone listened. */
  emit(event: string, ...values: unknown[]): boolean {
    const all = listeners.get(event) ?? [];
    all.forEach((listener) => listener(...values));
    return all.length > 0;
  },
};
export default process;
