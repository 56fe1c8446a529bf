// What the project's kernel starts: tslab, with its sockets read only once all of them are bound. tslab reads them at
// once; a request that comes while one is still being bound (a busy machine, an impatient JupyterLab) then fails with
// "Socket is blocked by a bind or unbind operation", and the kernel hears nothing ever after.
import { createRequire } from 'node:module';

const tslab = createRequire(createRequire(import.meta.url).resolve('tslab/package.json'));
const { Socket } = tslab('zeromq');
const { ZmqServer } = tslab('./dist/jupyter.js');
const { receive } = Socket.prototype;
const { bindSocket } = ZmqServer.prototype;
const binds = [];

ZmqServer.prototype.bindSocket = function (...args) {
  const bound = bindSocket.apply(this, args);
  binds.push(bound);
  return bound;
};

Object.defineProperty(Socket.prototype, 'receive', {
  configurable: true,
  async value() {
    await undefined; // tslab begins to read right before it begins to bind
    await Promise.all(binds);
    return receive.call(this);
  },
});

tslab('./dist/main.js').main();
