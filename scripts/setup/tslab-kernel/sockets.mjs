// Sockets are read only once all of them are bound. tslab reads them at once; a request that comes while one is still
// being bound (a busy machine, an impatient JupyterLab) then fails with "Socket is blocked by a bind or unbind
// operation", and the kernel hears nothing ever after.
import { replace, Server, tslab } from './tslab.mjs';

const { Socket } = tslab('zeromq');
const { receive } = Socket.prototype;
const binds = [];

replace(
  Server,
  'bindSocket',
  (bind) =>
    function (...args) {
      const bound = bind.apply(this, args);
      binds.push(bound);
      return bound;
    },
);

Object.defineProperty(Socket.prototype, 'receive', {
  configurable: true,
  async value() {
    await undefined; // tslab begins to read right before it begins to bind
    await Promise.all(binds);
    return receive.call(this);
  },
});
