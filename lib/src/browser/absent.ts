// What stands in for the modules and packages that a page has no use for: other processes, threads, other browsers. They
// can be imported; what is called fails.
import { DescentError } from '../errors';

function absent(what: string): () => never {
  return () => {
    throw new DescentError(`a page cannot ${what}: run it with Node`);
  };
}

const process = absent('start another process');
export { process as execFile, process as fork, process as spawn, process as spawnSync };
export const once = absent('wait for another thread');
export const Worker = absent('start a thread of Node');
export const parentPort = null;
export const chromium = { launch: absent('start a browser') };
export const File = absent('read Keras files');
export default {};
