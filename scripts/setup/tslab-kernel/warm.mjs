// The compiler reads what cells need (the language's types, Node's, the library's) once the kernel has said that it is
// there: a reader still reads then. tslab reads it before, so that nobody is answered for a second, and the library's at
// the first import.
import { createRequire } from 'node:module';
import path from 'node:path';
import { program } from './compiler.mjs';
import { Handler, replace, ts, tslab } from './tslab.mjs';

const LIBRARY = 'descent-lab';

/** Makes the converter; there once tslab has asked for one. */
let make = () => {};

replace(tslab('./dist/converter.js'), 'createConverter', (create) => (options) => {
  let converter;
  make = () => {
    if (converter) return converter;
    converter = create(options);
    program?.getTypeChecker(); // What it has read is put together at once.
    return converter;
  };
  const later =
    (name) =>
    (...args) =>
      make()[name](...args);
  return Object.fromEntries(
    ['convert', 'inspect', 'complete', 'addModule', 'close'].map((name) => [name, later(name)]),
  );
});

/** A front end asks again until it hears of the first request: it is heard out before. Milliseconds. */
const SILENCE = 300;
let warming;

replace(
  Handler,
  'handleKernel',
  (describe) =>
    function () {
      clearTimeout(warming);
      warming = setTimeout(() => make(), SILENCE);
      return describe.call(this);
    },
);

// The first program, before there is any cell, is that of a cell that imports the library. Its files stay for the next.
replace(ts, 'createWatchCompilerHost', (create) => (files, options, system, ...rest) => {
  let isFirst = hasLibrary();
  replace(system, 'readFile', (read) => (file, encoding) => {
    const text = read.call(system, file, encoding);
    if (!isFirst || path.basename(file) !== '__tslab__.ts') return text;
    isFirst = false;
    return `${text}import {} from '${LIBRARY}';\n`;
  });
  return create(files, options, system, ...rest);
});

function hasLibrary() {
  try {
    return Boolean(createRequire(path.join(process.cwd(), 'cell.js')).resolve(LIBRARY));
  } catch {
    return false;
  }
}
