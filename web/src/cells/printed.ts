import { inspect } from 'node-inspect-extracted';

/** A cell's last value as it is printed below it, as `console.log` would; undefined for nothing. */
export const printed = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : typeof value === 'string' ? value : inspect(value);
