// In a page: what ../edge/kernel.ts is in Node.
import type { Send } from '../edge/kernel';

let send: Send | undefined;

/** Says how to reach the page from here, or that there is none. */
export const setKernel = (to: Send | undefined): void => {
  send = to;
};

export const kernel = (): Send | undefined => send;

let displays = 0;
export const newDisplayId = (): string => `descent-lab-${++displays}`;

/** There is no module of a kernel in a page. */
export const kernelModule = (): undefined => undefined;
