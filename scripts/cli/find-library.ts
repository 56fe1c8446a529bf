// Lets a file that lies anywhere import 'descent-lab', as the files of this project do.
import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const library = require.resolve('descent-lab');

/** Both of Node's module systems have to know: the file may be of either. */
export function findLibrary(): void {
  const hook = `export const resolve = (name, context, next) => name === 'descent-lab'
    ? { url: ${JSON.stringify(pathToFileURL(library))}, format: 'commonjs', shortCircuit: true } : next(name, context);`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
  const loader = Module as unknown as { _resolveFilename: (name: string, ...rest: unknown[]) => string };
  const resolve = loader._resolveFilename;
  loader._resolveFilename = (name, ...rest) => (name === 'descent-lab' ? library : resolve.call(loader, name, ...rest));
}
