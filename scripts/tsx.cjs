// As tsx.mjs, for a thread or a process that begins with a module of ours, and imports no ES module in TypeScript: the
// tests' source of what is compiled in earnest (lib/src/beside.ts).
const done = require('./tsx-in-project.cjs')();
require('tsx/cjs');
done();
