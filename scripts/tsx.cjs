// As tsx.mjs, for a thread or a process that begins with a module of ours: the tests' source of what is compiled in
// earnest (lib/src/beside.ts). A process may import ES modules in TypeScript too, as BullMQ does with a worker's.
const { isMainThread } = require('node:worker_threads');
const done = require('./tsx-in-project.cjs')();
require('tsx/cjs');
if (isMainThread) require('tsx/esm/api').register();
done();
