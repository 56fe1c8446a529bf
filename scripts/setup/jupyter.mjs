// Where the project's Jupyter keeps what it writes: in the project, so that it goes with it, and not in the reader's
// home. That holds for the settings that are made in JupyterLab too. Whoever sets one of these says where else.
import path from 'node:path';
import { setupFolder } from './project.mjs';

/** The environment for a program of Jupyter's. */
export const jupyterEnv = () => ({
  JUPYTER_CONFIG_DIR: path.join(setupFolder, 'jupyter', 'config'),
  JUPYTER_DATA_DIR: path.join(setupFolder, 'jupyter', 'data'),
  JUPYTER_RUNTIME_DIR: path.join(setupFolder, 'jupyter', 'runtime'),
  IPYTHONDIR: path.join(setupFolder, 'ipython'), // Its parent has to be there, or a new folder in TMPDIR takes its place.
  ...process.env,
});
