// `npm run lab`: opens JupyterLab on the notebooks, with their kernel.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { jupyterEnv, labArguments, ownRoot, projectAt, venvBin } from 'descent-lab-publish';
import { stopCode } from '../lib/native/edge.mjs';
import { Script } from './cli/command';
import { run } from './cli/edge';

export const program = new Script('npm run lab --')
  .description('Opens the notebooks in JupyterLab. All options go to "jupyter lab": --no-browser, --port 9000, ...')
  .argument('[options...]')
  .allowUnknownOption();

async function main(): Promise<void> {
  const child = spawn(venvBin('jupyter'), [...labArguments(projectAt(ownRoot).notebooks), ...program.parse().args], {
    stdio: 'inherit',
    env: jupyterEnv(),
  });
  // Ctrl-C reaches JupyterLab as well, which asks whether it is meant: it decides when this ends.
  process.on('SIGINT', () => {
    if (stopCode() !== 130) child.kill();
  });
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill());
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode ??= code ?? 1;
}

if (require.main === module) {
  run(main, ({ message }) => `lab: JupyterLab cannot be started (${message}): run "npm run setup"`, { patient: true });
}
