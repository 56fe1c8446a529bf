// What stands in for node:util: Node's own printing, taken out of its source, and comparing.
import { format, inspect } from 'node-inspect-extracted';
import { isDeepStrictEqual } from './deep-equal';

type Callback = (error: Error | null, value?: unknown) => void;

/** A function that tells its result to a callback, as one that promises it. */
const promisify =
  (work: (...values: unknown[]) => void) =>
  (...values: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const told: Callback = (error, value) => (error ? reject(error) : resolve(value));
      work(...values, told);
    });

export { format, inspect, isDeepStrictEqual, promisify };
export default { format, inspect, isDeepStrictEqual, promisify };
