// What the library, and cells, take for granted in Node: set where a page has none. A bundler could put them in only where
// its owner says so; here they are there for everyone, before the library's first line.
import { Buffer } from './buffer';
import { process } from './process';

const turns: (() => void)[] = [];
const channel = new MessageChannel();
channel.port1.onmessage = () => turns.shift()?.();

/** Later, after what waits already; unlike a timer it is never held back. */
function setImmediate(work: (...values: unknown[]) => void, ...values: unknown[]): void {
  turns.push(() => work(...values));
  channel.port2.postMessage(undefined);
}

for (const [name, value] of Object.entries({ Buffer, process, setImmediate, global: globalThis })) {
  if (!(name in globalThis)) Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
}
