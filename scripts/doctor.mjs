// One line for each part that the project needs: what it is and its version, or what is wrong and the remedy.
// Needs nothing but Node, so that it also works where nothing is installed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { endInOrder } from '../lib/native/edge.mjs';
import { gist } from '../lib/native/errors.mjs';
import { jupyterEnv } from './setup/jupyter.mjs';
import { library } from './setup/library.mjs';
import { checkNode } from './setup/node-version.mjs';
import { at, isStamped, kernelFolder, root, textOf, venv, venvPython } from './setup/project.mjs';
import { run } from '../lib/native/run.mjs';

const setUp = 'Run "npm run setup".';

endInOrder();

if (process.argv.length > 2) {
  console.log('Usage: npm run doctor\n\nSays of each part that the project needs what it is, or what to do about it.');
  process.exit(['--help', '-h'].includes(process.argv[2]) ? 0 : 1);
}

function need(condition, problem, remedy = setUp) {
  if (!condition) throw new Error(`${problem}. ${remedy}`);
}
const versionOf = (name) => JSON.parse(textOf('node_modules', name, 'package.json') || '{}').version;
/** What a line of JavaScript or Python prints in a process of its own: a crash there is an answer too. */
const inNode = (code) => run(process.execPath, ['-p', code], { cwd: root, env: { TF_CPP_MIN_LOG_LEVEL: '2' } });
const inPython = (code) => run(venvPython, ['-I', '-c', code], { env: jupyterEnv() });

const parts = {
  Node: () => {
    checkNode();
    return process.versions.node;
  },
  'native TensorFlow': async () => {
    const addon = at('node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node');
    need(existsSync(addon), 'it is not installed, so the slower JavaScript backend is used');
    const version = await inNode(`require(${JSON.stringify(addon)}).TF_Version`);
    return `${version}, with tfjs-node ${versionOf('@tensorflow/tfjs-node')}`;
  },
  'polars binary': async () => {
    need(versionOf('nodejs-polars'), 'it is not installed');
    return `${await inNode('require("nodejs-polars").version')}, nodejs-polars ${versionOf('nodejs-polars')}`;
  },
  library: () => {
    need(existsSync(at('lib', 'dist', 'index.js')), 'it is not compiled');
    need(isStamped(library), 'its sources, or what was compiled of them, have changed since');
    return `descent-lab ${JSON.parse(textOf('lib', 'package.json')).version}`;
  },
  'Python environment': async () => {
    need(existsSync(venvPython), 'there is no .venv');
    return inPython(
      'import sys, jupyterlab, nbconvert; print("Python %d.%d.%d, " % sys.version_info[:3] + ' +
        '"JupyterLab " + jupyterlab.__version__ + ", nbconvert " + nbconvert.__version__)',
    );
  },
  kernel: async () => {
    const [node, tslab] = JSON.parse(textOf(path.relative(root, kernelFolder), 'kernel.json') || '{}').argv ?? [];
    need(node, 'the tslab kernel is not installed');
    for (const file of [node, tslab]) need(existsSync(file), `it starts ${file}, which is not there`);
    const found = await inPython(
      'from jupyter_client.kernelspec import find_kernel_specs; print(find_kernel_specs().get("tslab"))',
    );
    need(
      path.relative(found, kernelFolder) === '',
      `Jupyter takes the one in ${found} instead`,
      'Remove that one ("jupyter kernelspec remove tslab"), or unset JUPYTER_PATH.',
    );
    return `tslab ${versionOf('tslab')}`;
  },
  'Plotly extension': () => {
    const folder = path.join(path.relative(root, venv), 'share', 'jupyter', 'labextensions', 'jupyterlab-plotly');
    const extension = JSON.parse(textOf(folder, 'package.json') || '{}');
    need(extension.version, 'it is not installed');
    const [inLab, inNpm] = [extension.dependencies['plotly.js'], versionOf('plotly.js-strict-dist-min')];
    need(
      inLab === inNpm,
      `it draws with plotly.js ${inLab}, but the offline pages with plotly.js-strict-dist-min ${inNpm}`,
      'Make requirements.in and package.json agree.',
    );
    return `${extension.version}, with plotly.js ${inLab}`;
  },
  'browser for images': async () => {
    const module = at('lib', 'dist', 'edge', 'browser.js');
    need(existsSync(module), 'the library that looks for it is not compiled');
    const { name, executablePath, env } = await (await import(pathToFileURL(module))).findBrowser();
    // On Windows, Chrome would open a window instead of saying its version.
    const version = process.platform === 'win32' ? '' : await run(executablePath, ['--version'], { env });
    return `${version} (${name})`.trim();
  },
};

const results = await Promise.allSettled(Object.values(parts).map(async (check) => check()));
for (const [index, name] of Object.keys(parts).entries()) {
  const { status, value, reason } = results[index];
  const well = status === 'fulfilled';
  const said = well ? value : reason.output ? `${gist(reason.output).trim()}. ${setUp}` : reason.message;
  console.log(`${well ? 'ok  ' : 'FAIL'}  ${name.padEnd(18)}  ${said.replace(/\s+/g, ' ')}`);
}
if (results.some(({ status }) => status === 'rejected')) process.exitCode = 1;
