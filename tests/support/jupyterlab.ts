// A JupyterLab of the project's own, on a copy of its notebooks, and a browser in front of it.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jupyterEnv, labArguments, venvBin } from '../../scripts/figures/jupyter';
import { ownRoot } from '../../scripts/figures/project';

/** A running JupyterLab. */
export interface Lab {
  url: string;
  token: string;
  /** The folder of its notebooks: a copy. */
  notebooks: string;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder inside the project, so that its packages are found, where the notebooks' relative paths hold too. */
function copyOfNotebooks(notebooks: string): string {
  mkdirSync(join(ownRoot, '.setup'), { recursive: true });
  const folder = mkdtempSync(join(ownRoot, '.setup', 'e2e-'));
  cpSync(notebooks, join(folder, 'notebooks'), { recursive: true });
  for (const name of ['data', 'models', 'figures']) {
    if (existsSync(join(ownRoot, name))) symlinkSync(join(ownRoot, name), join(folder, name), 'junction');
  }
  return folder;
}

async function untilReady(lab: ChildProcess, url: string, token: string, log: string): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    if (lab.exitCode !== null) break;
    const headers = { Authorization: `token ${token}` };
    const answer = await fetch(`${url}/api/status`, { headers }).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`JupyterLab did not start:\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

/** Starts JupyterLab as `npm run lab` does, without the user's own settings, on a free port. */
export async function startLab(original = join(ownRoot, 'notebooks')): Promise<Lab> {
  const folder = copyOfNotebooks(original);
  const [port, token, log] = [await freePort(), randomBytes(24).toString('hex'), join(folder, 'jupyterlab.log')];
  const notebooks = join(folder, 'notebooks');
  const own = (name: string): string => join(folder, 'jupyter', name);
  const output = openSync(log, 'w');
  const lab = spawn(venvBin('jupyter'), [
    ...labArguments(notebooks), '--no-browser', '--allow-root', '--expose-app-in-browser',
    `--ServerApp.port=${port}`, '--ServerApp.port_retries=0',
  ], {
    stdio: ['ignore', output, output],
    env: {
      ...jupyterEnv(), JUPYTER_TOKEN: token, JUPYTER_CONFIG_DIR: own('config'), JUPYTER_DATA_DIR: own('data'),
      JUPYTER_RUNTIME_DIR: own('runtime'), JUPYTERLAB_SETTINGS_DIR: own('settings'),
      JUPYTERLAB_WORKSPACES_DIR: own('workspaces'),
    },
  });
  const close = async (): Promise<void> => {
    if (lab.exitCode === null) {
      const ended = new Promise((resolve) => lab.once('exit', resolve));
      lab.kill('SIGTERM'); // Ends its kernels too.
      await ended;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await untilReady(lab, `http://localhost:${port}`, token, log);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://localhost:${port}`, token, notebooks, close };
}
