import { DescentError } from './errors';

/** The packages that only some parts of the library need, and those who use these parts install: its optional peers. */
type Optional =
  'nodejs-polars' | 'sharp' | 'h5wasm' | 'mathjs' | 'playwright-core' | '@sparticuz/chromium' | 'plotly.js-dist';

/**
 * What `load` gives, which needs a package that need not be installed.
 *
 * @param purpose what the package is for, after `which`: `reads tables`
 * @throws DescentError where the package is missing or does not load, with the command that installs it
 */
export function optional<T>(name: Optional, purpose: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    throw optionalProblem(name, purpose, error);
  }
}

/** The error of `optional`, for what loads later than its call. */
export function optionalProblem(name: Optional, purpose: string, error: unknown): DescentError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const missing = ['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(code) && message.includes(name);
  const state = missing ? 'is not installed' : `does not load (${message.trim().split('\n', 1)[0]})`;
  return new DescentError(`${name}, which ${purpose}, ${state}: npm install ${name}@${tested(name)}`);
}

/** The version that this library was tested with. */
function tested(name: Optional): string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { peerDependencies } = require('../package.json') as { peerDependencies: Record<Optional, string> };
  return peerDependencies[name].replace(/^\^/, '');
}
