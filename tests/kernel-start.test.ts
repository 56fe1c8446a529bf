// The project's kernel hears a request that comes while its sockets are still being bound, and answers before the compiler
// reads anything.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { jupyterEnv, venvBin } from '../publish/src/notebooks/jupyter';
import { ownRoot } from '../publish/src/notebooks/project';

const starter = join(ownRoot, 'scripts', 'setup', 'tslab-kernel.mjs');
const python = venvBin('python');

/** Loaded into the kernel: binding takes long, and it is told when that is done, when a request and when types are read. */
const slowly = `
const converters = require(${JSON.stringify(join(ownRoot, 'node_modules', 'tslab', 'dist', 'converter.js'))});
const { createConverter } = converters;
converters.createConverter = (...args) => {
  console.error('types');
  return createConverter(...args);
};
const { ZmqServer } = require(${JSON.stringify(join(ownRoot, 'node_modules', 'tslab', 'dist', 'jupyter.js'))});
const { bindSocket, handleShellMessage } = ZmqServer.prototype;
ZmqServer.prototype.bindSocket = async function (...args) {
  await bindSocket.apply(this, args);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  console.error('bound');
};
ZmqServer.prototype.handleShellMessage = function (...args) {
  console.error('read');
  return handleShellMessage.apply(this, args);
};`;

/** Starts the kernel and asks it who it is, at once. */
const ask = `
import json, subprocess, sys
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file
file, _ = write_connection_file(sys.argv[1], key=b'secret')
kernel = subprocess.Popen([sys.argv[2], '--require', sys.argv[3], sys.argv[4], 'kernel', '--config-path', file],
                          stderr=subprocess.PIPE, text=True)
client = BlockingKernelClient(connection_file=file)
client.load_connection_file()
client.start_channels()
client.kernel_info()
print(client.get_shell_msg(timeout=120)['msg_type'])
kernel.kill()
print(*kernel.stderr.read().split())`;

test(
  'the kernel reads no request before all its sockets are bound, and answers before it reads types',
  { skip: existsSync(python) ? false : 'no .venv: run "npm run setup"' },
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'descent-lab-kernel-'));
    try {
      writeFileSync(join(folder, 'slowly.cjs'), slowly);
      const { stdout, stderr } = spawnSync(
        python,
        ['-c', ask, join(folder, 'connection.json'), process.execPath, join(folder, 'slowly.cjs'), starter],
        { encoding: 'utf8', cwd: join(ownRoot, 'notebooks'), env: jupyterEnv() },
      );
      assert.match(stdout, /^kernel_info_reply\n(bound ){5}read( types)?\n$/, stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
