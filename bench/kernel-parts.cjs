// Loaded into a kernel before all else: how long its parts take, in milliseconds, each without the parts inside it.
const Module = require('node:module');
const { performance } = require('node:perf_hooks');

const parts = { 'Node itself': performance.now() };
globalThis.kernelParts = parts;

/** What is being timed now: the milliseconds of the parts inside it. */
const inside = [];

function time(name, work) {
  const start = performance.now();
  inside.push(0);
  try {
    return work();
  } finally {
    const took = performance.now() - start;
    parts[name] = (parts[name] ?? 0) + took - inside.pop();
    if (inside.length > 0) inside[inside.length - 1] += took;
  }
}

const packages = {
  '@tslab/typescript-for-tslab': 'the compiler, loaded',
  zeromq: 'zeromq, loaded',
  'descent-lab': 'descent-lab, loaded',
  '@tensorflow/tfjs': 'tfjs, loaded',
  '@tensorflow/tfjs-node': 'tfjs-node, loaded',
  'nodejs-polars': 'nodejs-polars, loaded',
};

function timeConverter(converters) {
  const { createConverter } = converters;
  let cells = 0;
  converters.createConverter = (...args) => {
    const converter = time('first program', () => createConverter(...args));
    const { convert } = converter;
    converter.convert = (...cell) => {
      cells += 1;
      const name = ['first cell, compiled', 'second cell, compiled'][cells - 1] ?? 'later cells, compiled';
      return time(name, () => convert(...cell));
    };
    return converter;
  };
}

const load = Module._load;
Module._load = function (request, ...rest) {
  const known = packages[request] ?? (/tslab\/dist\/main|^\.\/dist\/main\.js$/.test(request) && 'tslab, loaded');
  const first = known && parts[known] === undefined;
  const loaded = first ? time(known, () => load.call(this, request, ...rest)) : load.call(this, request, ...rest);
  if (/(^|\/)converter(\.js)?$/.test(request) && loaded.createConverter && !loaded.isTimed) {
    loaded.isTimed = true;
    timeConverter(loaded);
  }
  return loaded;
};
