// `npm run lab`: opens JupyterLab on the notebooks, with their kernel.
import { spawn } from 'node:child_process';
import { Script } from './command';
import { jupyterEnv, labArguments, venvBin } from './figures/jupyter';
import { ownRoot, projectAt } from './figures/project';

export const program = new Script('npm run lab --')
  .description('Opens the notebooks in JupyterLab. All options go to "jupyter lab": --no-browser, --port 9000, ...')
  .argument('[options...]')
  .allowUnknownOption();

function main(): void {
  const child = spawn(venvBin('jupyter'), [...labArguments(projectAt(ownRoot).notebooks), ...program.parse().args], {
    stdio: 'inherit', env: jupyterEnv(),
  });
  // Ctrl-C reaches JupyterLab as well, which asks whether it is meant: it decides when this ends.
  process.on('SIGINT', () => undefined);
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`lab: JupyterLab cannot be started (${error.message}): run "npm run setup"`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => (process.exitCode = code ?? (signal ? 1 : 0)));
}

if (require.main === module) main();
