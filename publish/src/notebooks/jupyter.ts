// The project's own Jupyter, which the set-up put into .venv.
import { delimiter, join } from 'node:path';
import { jupyterEnv as ownFolders } from '../../../scripts/setup/jupyter.mjs';
import { makeLabExtension } from './lab-extension';
import { ownRoot } from './project';

/** A program of the project's Python environment, such as `jupyter`. */
export function venvBin(name: string): string {
  return process.platform === 'win32'
    ? join(ownRoot, '.venv', 'Scripts', `${name}.exe`)
    : join(ownRoot, '.venv', 'bin', name);
}

const settings = join(ownRoot, 'publish', 'lab');

/** The environment in which it finds its own kernels before any other, and what the project sets for JupyterLab. */
export const jupyterEnv = (): NodeJS.ProcessEnv => ({
  ...ownFolders(),
  npm_config_logs_max: '0', // JupyterLab asks npm for language servers, which would leave a log at home.
  JUPYTER_PREFER_ENV_PATH: '1',
  JUPYTER_CONFIG_PATH: [settings, process.env.JUPYTER_CONFIG_PATH].filter(Boolean).join(delimiter),
});

/** What JupyterLab is started with: on this machine only, in the notebooks' folder. */
export const labArguments = (notebooks: string): string[] => [
  'lab',
  `--ServerApp.root_dir=${notebooks}`,
  '--ServerApp.ip=localhost',
  `--LabApp.extra_labextensions_path=${makeLabExtension()}`,
];
