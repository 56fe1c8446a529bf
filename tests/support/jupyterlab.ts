// A JupyterLab of the project's own, on a copy of its notebooks, and a browser in front of it.
import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { jupyterEnv, labArguments, venvBin } from '../../publish/src/notebooks/jupyter';
import { ownRoot } from '../../publish/src/notebooks/project';
import { withoutBrowser } from './browser';
import { compile } from './compiled';

/** Why JupyterLab cannot be tried here; undefined where it can. */
export async function withoutLab(): Promise<string | undefined> {
  if (!existsSync(venvBin('jupyter'))) return 'no JupyterLab in .venv: run "npm run setup"';
  return withoutBrowser();
}

/** A running JupyterLab. */
export interface Lab {
  url: string;
  token: string;
  /** The folder of its notebooks: a copy. */
  notebooks: string;
  /** Ends all kernels, as a reader does who closes a notebook for good: each holds TensorFlow in memory. */
  endKernels(): Promise<void>;
  close(): Promise<void>;
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

/** A folder with a notebook of empty cells, `work.ipynb`. */
export function emptyNotebook(cells: number): string {
  const output = join(ownRoot, 'tests', 'output');
  mkdirSync(output, { recursive: true });
  const folder = mkdtempSync(join(output, 'cells-'));
  writeFileSync(
    join(folder, 'work.ipynb'),
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } },
      cells: Array.from({ length: cells }, (_, i) => ({
        cell_type: 'code',
        id: `cell-${i}`,
        metadata: {},
        source: '',
        outputs: [],
        execution_count: null,
      })),
    }),
  );
  return folder;
}

/** Waits until it answers, and reads where it listens and what its token is: it chooses both itself. */
async function untilReady(lab: ChildProcess, runtime: string, log: string): Promise<Pick<Lab, 'url' | 'token'>> {
  const file = join(runtime, `jpserver-${lab.pid}.json`);
  for (const end = Date.now() + 180_000; Date.now() < end && lab.exitCode === null; await sleep(200)) {
    if (!existsSync(file)) continue;
    const { url, token } = JSON.parse(readFileSync(file, 'utf8') || '{}') as Partial<Lab>;
    if (!url || !token) continue;
    const answer = await fetch(`${url}api/status`, { headers: { Authorization: `token ${token}` } }).catch(
      () => undefined,
    );
    if (answer?.ok) return { url: url.replace(/\/$/, ''), token };
  }
  throw new Error(`JupyterLab did not start:\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

async function endKernels({ url, token }: Pick<Lab, 'url' | 'token'>): Promise<void> {
  const headers = { Authorization: `token ${token}` };
  const sessions = (await (await fetch(`${url}/api/sessions`, { headers })).json()) as { id: string }[];
  for (const { id } of sessions) await fetch(`${url}/api/sessions/${id}`, { method: 'DELETE', headers });
}

/** Starts JupyterLab as `npm run lab` does, without the user's own settings. */
export async function startLab(original = join(ownRoot, 'notebooks')): Promise<Lab> {
  compile();
  const folder = copyOfNotebooks(original);
  const log = join(folder, 'jupyterlab.log');
  const notebooks = join(folder, 'notebooks');
  const own = (name: string): string => join(folder, 'jupyter', name);
  // JupyterLab saves by itself two minutes after it has opened a notebook. A save of ours at that moment finds a file that
  // has changed on the disk, and waits for somebody to say what to do.
  const saving = join(own('settings'), '@jupyterlab', 'docmanager-extension');
  mkdirSync(saving, { recursive: true });
  writeFileSync(join(saving, 'plugin.jupyterlab-settings'), '{"autosave": false}');
  const output = openSync(log, 'w');
  const lab = spawn(
    venvBin('jupyter'),
    [...labArguments(notebooks), '--no-browser', '--allow-root', '--expose-app-in-browser'],
    {
      stdio: ['ignore', output, output],
      env: {
        ...jupyterEnv(),
        JUPYTER_CONFIG_DIR: own('config'),
        JUPYTER_DATA_DIR: own('data'),
        JUPYTER_RUNTIME_DIR: own('runtime'),
        JUPYTERLAB_SETTINGS_DIR: own('settings'),
        JUPYTERLAB_WORKSPACES_DIR: own('workspaces'),
      },
    },
  );
  const close = async (): Promise<void> => {
    if (lab.exitCode === null) {
      const ended = new Promise((resolve) => lab.once('exit', resolve));
      lab.kill('SIGTERM'); // Ends its kernels too.
      await ended;
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const door = await untilReady(lab, own('runtime'), log);
    return { ...door, notebooks, endKernels: () => endKernels(door), close };
  } catch (error) {
    await close();
    throw error;
  }
}
