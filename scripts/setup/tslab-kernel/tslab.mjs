// tslab's own modules, so that they can be changed before it begins.
import { createRequire } from 'node:module';

/** Requires as tslab does. */
export const tslab = createRequire(createRequire(import.meta.url).resolve('tslab/package.json'));

// TypeScript's module lets nobody replace a function of it. tslab, which has not read it yet, takes this copy.
const compiler = '@tslab/typescript-for-tslab';
export const ts = { ...tslab(compiler) };
tslab.cache[tslab.resolve(compiler)].exports = ts;

/** The module through which the library reaches the notebook: what a cell sends by hangs on it. */
export const jupyter = tslab('./dist/jupyter.js');
/** Reads messages and sends them. */
export const Server = jupyter.ZmqServer.prototype;
/** Works out the content of the answers. */
export const Handler = jupyter.JupyterHandlerImpl.prototype;

/** Replaces a function by one that is made from it. */
export function replace(object, name, make) {
  object[name] = make(object[name]);
}
