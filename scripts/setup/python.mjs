// Step: the project's own Python environment, .venv, with JupyterLab and nbconvert as requirements.txt pins them.
import { pip } from '../../lib/native/pip.mjs';
import { makeVenv } from '../../lib/native/python.mjs';
import { at, digest, root, textOf, venv } from './project.mjs';

export const pythonVenv = {
  title: 'Python environment',
  detail: 'JupyterLab and nbconvert into .venv, a download of about 55 MB',
  takes: venv,
  stamp: '.venv/.set-up',
  // An environment holds absolute paths: a project that was moved needs a new one.
  key: () =>
    digest(textOf('requirements.txt'), textOf('requirements-widgets.txt'), root, process.platform, process.arch),
  async install() {
    const python = await makeVenv(venv);
    await pip(python, 'install', '-r', at('requirements.txt'));
    await pip(python, 'install', '--no-deps', '-r', at('requirements-widgets.txt'));
  },
};
