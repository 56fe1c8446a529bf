// Step: TensorFlow's native library for @tensorflow/tfjs-node.
//
// tfjs-node's own install script fetches it from a storage bucket, without a checksum, from a host that many networks
// block. On Linux it is taken from TensorFlow's Python wheel instead, pinned by sha256, and tfjs-node's addon is
// compiled against it: plain Node-API, so that one compiler call is enough. Elsewhere that script stays the route.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pip, pipDownload, unzip } from './download.mjs';
import { gist } from './errors.mjs';
import { at, digest, scratch, setupFolder, textOf } from './project.mjs';
import { run } from './run.mjs';

const version = '2.15.1';
const tfjsNode = at('node_modules', '@tensorflow', 'tfjs-node');
const addon = path.join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
const tensorflow = path.join(setupFolder, `tensorflow-${version}`);
/** The compiled addon is kept beside the library, since npm ci empties node_modules. */
const tfjsVersion = JSON.parse(textOf('package.json')).dependencies['@tensorflow/tfjs-node'];
const keptAddon = path.join(tensorflow, `tfjs-node-${tfjsVersion}.node`);
const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
const fromWheel = process.platform === 'linux' && machine !== undefined;

async function fetchLibrary(log) {
  log('downloading its Python wheel, 207 MB');
  const wheels = path.join(scratch, 'wheel');
  const [wheel] = await pipDownload(at('scripts', 'setup', 'tensorflow.txt'), wheels,
    { platform: `manylinux2014_${machine}`, pythonVersion: '3.10' });
  const unpacked = path.join(scratch, 'tensorflow');
  await unzip(wheel, scratch, [
    'tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2',
    'tensorflow/include/tensorflow/', 'tensorflow/include/tsl/',
  ]);
  rmSync(wheels, { recursive: true });
  mkdirSync(path.join(unpacked, 'lib'));
  for (const [file, link] of [['cc', ''], ['framework', '_framework']]) {
    const library = `libtensorflow_${file}.so.2`;
    renameSync(path.join(unpacked, library), path.join(unpacked, 'lib', library));
    symlinkSync(library, path.join(unpacked, 'lib', `libtensorflow${link}.so`));
  }
  rmSync(tensorflow, { recursive: true, force: true });
  renameSync(unpacked, tensorflow); // Whole or not there: this is the last step.
}

const compileWith = ([command, ...args], env) => run(command, [
  ...args, '-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8', '-I..', '-Ideps/include',
  `-I${at('node_modules', 'node-api-headers', 'include')}`,
  ...readdirSync(path.join(tfjsNode, 'binding')).filter((name) => name.endsWith('.cc'))
    .map((name) => `binding/${name}`),
  '-Ldeps/lib', '-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib',
  '-o', path.join(scratch, 'tfjs_binding.node'),
], { cwd: tfjsNode, env });

/** With the machine's compiler; where there is none or it cannot do it, with the one that PyPI carries. */
async function compileAddon(log) {
  for (const command of ['g++', 'c++', 'clang++']) {
    try {
      return await compileWith([command]);
    } catch (error) {
      if (error.output) log(`${command} could not compile tfjs-node's addon:\n${gist(error.output)}`);
    }
  }
  log('no working C++ compiler: using Zig from PyPI (a download of about 100 MB, then a minute)');
  const zig = path.join(scratch, 'zig');
  await pip('install', '--target', zig, '-r', at('scripts', 'setup', 'zig.txt'));
  const cache = path.join(scratch, 'zig-cache');
  return compileWith([path.join(zig, 'ziglang', 'zig'), 'c++', '-target', `${machine}-linux-gnu.2.17`],
    { ZIG_GLOBAL_CACHE_DIR: cache, ZIG_LOCAL_CACHE_DIR: cache });
}

/**
 * Tries the addon in a process of its own. Where it does not load (no AVX in the processor, a Linux without glibc) it
 * is removed, so that the library falls back to JavaScript, and the step does not count as done.
 */
async function loads(log) {
  try {
    await run(process.execPath, ['-e', `require(${JSON.stringify(addon)})`]);
    return true;
  } catch (error) {
    for (const file of [addon, keptAddon]) rmSync(file, { force: true });
    log(`it does not load here, so the library will use JavaScript, slower:\n${gist(error.output ?? error.message)}`);
    return false;
  }
}

async function installFromWheel(log) {
  if (process.arch !== 'x64') log('Linux on this processor is an unverified route');
  if (!existsSync(tensorflow)) await fetchLibrary(log);
  for (const name of ['lib', 'include']) {
    const link = path.join(tfjsNode, 'deps', name);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.relative(path.dirname(link), path.join(tensorflow, name)), link);
  }
  if (!existsSync(keptAddon)) {
    await compileAddon(log);
    renameSync(path.join(scratch, 'tfjs_binding.node'), keptAddon);
  }
  mkdirSync(path.dirname(addon), { recursive: true });
  rmSync(addon, { force: true }); // Written over, it would pull the ground from under a program that runs on it.
  cpSync(keptAddon, addon);
  return loads(log);
}

async function installByItsOwnScript(log) {
  log(`${process.platform} is an unverified route: tfjs-node downloads TensorFlow itself`);
  await run(process.execPath, ['scripts/install.js'], { cwd: tfjsNode }).catch((error) => log(error.message));
  return loads(log);
}

export const native = {
  title: 'native TensorFlow',
  detail: fromWheel ? `${version} from its Python wheel` : 'the install script of tfjs-node',
  takes: tensorflow,
  stamp: 'node_modules/@tensorflow/tfjs-node/.set-up',
  key: () => digest(setupFolder, textOf('scripts/setup/tensorflow.txt')), // npm ci removes the stamp.
  install: fromWheel ? installFromWheel : installByItsOwnScript,
};
