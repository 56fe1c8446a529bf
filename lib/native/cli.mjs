#!/usr/bin/env node
// `npx descent-lab native`, in a project that uses the library: adds TensorFlow's native library to it.
import { createRequire } from 'node:module';
import path from 'node:path';
import { addTfjsNode, fetchHeaders, packageFolder } from './consumer.mjs';
import { runCommand } from './edge.mjs';
import { SetupError } from './errors.mjs';
import { makeVenv } from './python.mjs';
import { fromWheel, installTensorFlow, tfjsNodeVersion, version } from './tensorflow.mjs';
import { workAlone } from './workplace.mjs';

const usage = `Usage: npx descent-lab native

Adds TensorFlow's native library to the project in this folder: @tensorflow/tfjs-node ${tfjsNodeVersion} as an optional
dependency, whose install script is not run, and on Linux TensorFlow ${version} from its Python wheel (207 MB, once for
all projects of this user), checked against a pinned hash, which takes Python 3.10 or newer with venv. After "npm ci"
has emptied node_modules, run it again: it takes seconds then.`;

const log = (text) => process.stderr.write(`descent-lab native: ${text}\n`);

/** Where the library keeps what can be made again: it decides, here as there. */
const { cacheFolder } = createRequire(import.meta.url)('../dist/edge/cache.js');

async function native() {
  const store = cacheFolder('.');
  const scratch = path.join(store, 'tmp');
  await workAlone(store, scratch, log, async () => {
    const tfjsNode = await addTfjsNode(process.cwd(), log);
    let venv;
    const python = () => (venv ??= makeVenv(path.join(scratch, 'python')));
    const headers = async () => {
      const installed = packageFolder('node-api-headers');
      return path.join(installed ?? (await fetchHeaders(process.cwd(), scratch)), 'include');
    };
    if (!(await installTensorFlow({ tfjsNode, store, scratch, python, headers, log }))) process.exitCode = 1;
    else log(`done: descent-lab computes with TensorFlow${fromWheel ? ` ${version}` : ''} now`);
  });
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'native' && rest.length === 0) runCommand(native, log);
else if (rest.length === 0 && ['--help', '-h', 'help'].includes(command)) console.log(usage);
else
  runCommand(async () => {
    throw new SetupError(`${command ? 'no such command' : 'which command?'}\n\n${usage}`);
  }, log);
