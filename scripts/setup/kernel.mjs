// Step: the tslab kernel, in the project's own Python environment.
import path from 'node:path';
import { jupyterEnv } from './jupyter.mjs';
import { at, digest, kernelFolder, textOf, venvPython, writeWhole } from './project.mjs';
import { run } from '../../lib/native/run.mjs';

const tslab = at('node_modules', 'tslab', 'bin', 'tslab');
const starter = at('scripts', 'setup', 'tslab-kernel.mjs');
const kernelJson = path.join(kernelFolder, 'kernel.json');

export const kernel = {
  title: 'tslab kernel',
  detail: 'tslab install',
  stamp: '.venv/share/jupyter/kernels/tslab/.set-up',
  key: () => digest(process.execPath, tslab, textOf('package-lock.json'), textOf('scripts/setup/kernel.mjs')),
  async install() {
    await run(process.execPath, [tslab, 'install', `--python=${venvPython}`, '--sys-prefix', `--binary=${tslab}`], {
      env: jupyterEnv(),
    });
    const spec = {
      // This Node, whichever one the PATH of whoever opens a notebook has.
      argv: [process.execPath, starter, 'kernel', '--config-path', '{connection_file}'],
      display_name: 'TypeScript',
      language: 'typescript',
      env: { TF_CPP_MIN_LOG_LEVEL: '2' }, // Else TensorFlow's start-up lines are taken for a cell's errors.
    };
    writeWhole(kernelJson, `${JSON.stringify(spec, null, 2)}\n`);
  },
};
