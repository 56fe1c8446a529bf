// What tsx is told before it is loaded, by tsx.mjs and tsx.cjs.
const { accessSync, constants, mkdirSync } = require('node:fs');
const { join } = require('node:path');

const at = (...parts) => join(__dirname, '..', ...parts);

/**
 * Commands take the library and the queue as they were compiled, which is faster; a test, and each process that it
 * starts, takes their source. Both see them as `descent-lab` and `descent-lab-queue`: by the paths in tsconfig.json.
 */
function chooseCode() {
  const isTest = process.env.NODE_TEST_CONTEXT || process.argv[1]?.startsWith(at('tests'));
  if (isTest) process.env.DESCENT_LAB_SOURCE = at('scripts', 'tsx.cjs'); // with which a thread of it begins
  process.env.TSX_TSCONFIG_PATH = at(process.env.DESCENT_LAB_SOURCE ? 'tsconfig.json' : 'tsconfig.base.json');
}

/**
 * Plain tsx keeps what it compiles in the system's folder for temporary files, which all users share, and runs what
 * lies there whoever put it there. Here it keeps that in the project. @returns what undoes it, once tsx is loaded
 */
function keepInProject() {
  const cache = at('.setup', 'tsx');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch {
    process.env.TSX_DISABLE_CACHE = '1';
    return () => undefined;
  }
  const name = process.platform === 'win32' ? 'TEMP' : 'TMPDIR';
  const before = process.env[name];
  process.env[name] = cache;
  return () => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  };
}

module.exports = () => {
  chooseCode();
  return keepInProject();
};
