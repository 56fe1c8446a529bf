// TensorFlow's native library for @tensorflow/tfjs-node.
//
// tfjs-node's own install script fetches it from a storage bucket, without a checksum, from a host that many networks
// block. On Linux it is taken from TensorFlow's Python wheel instead, pinned by sha256, and tfjs-node's addon is
// compiled against it: plain Node-API, so that one compiler call is enough. Elsewhere that script stays the route.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gist } from './errors.mjs';
import { pip, pipDownload, unzip } from './pip.mjs';
import { run } from './run.mjs';

export const version = '2.15.1';
/** The version of tfjs-node that the library needs: the one whose backend its own tfjs takes. */
export const tfjsNodeVersion = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  .peerDependencies['@tensorflow/tfjs-node'];
/** What pins TensorFlow's wheels, and Zig's. */
const wheelList = fileURLToPath(new URL('tensorflow.txt', import.meta.url));
const zigList = fileURLToPath(new URL('zig.txt', import.meta.url));

const machine = { x64: 'x86_64', arm64: 'aarch64' }[process.arch];
export const fromWheel = process.platform === 'linux' && machine !== undefined;

const addonOf = (tfjsNode) => path.join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
/** Where the library is kept, and beside it the compiled addon, since `npm ci` empties node_modules. */
export const libraryOf = (store) => path.join(store, `tensorflow-${version}`);
const keptAddonOf = (store) => path.join(libraryOf(store), `tfjs-node-${tfjsNodeVersion}.node`);

/**
 * Makes an installed tfjs-node ready to load; what is there already is not made again.
 *
 * @param {object} places
 * @param {string} places.tfjsNode the folder of the package, whose install script has not run
 * @param {string} places.store where TensorFlow is kept; the package links to it
 * @param {string} places.scratch for unfinished work, on the same file system as the store
 * @param {() => Promise<string>} places.python a Python with pip, asked for where something has to be fetched
 * @param {() => Promise<string>} places.headers the folder of Node-API's C headers, asked for where it is compiled
 * @param {(text: string) => void} places.log
 * @returns whether it loads
 */
export async function installTensorFlow(places) {
  const { log, tfjsNode } = places;
  if (fromWheel) await installFromWheel(places);
  else {
    log(`${process.platform} is an unverified route: tfjs-node downloads TensorFlow itself`);
    await run(process.execPath, ['scripts/install.js'], { cwd: tfjsNode }).catch((error) => log(error.message));
  }
  return loads(places);
}

async function installFromWheel(places) {
  const { tfjsNode, store, log } = places;
  if (process.arch !== 'x64') log('Linux on this processor is an unverified route');
  if (!existsSync(libraryOf(store))) await fetchLibrary(places);
  for (const name of ['lib', 'include']) {
    const link = path.join(tfjsNode, 'deps', name);
    rmSync(link, { recursive: true, force: true });
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.relative(path.dirname(link), path.join(libraryOf(store), name)), link);
  }
  if (!existsSync(keptAddonOf(store))) await compileAddon(places);
  const addon = addonOf(tfjsNode);
  mkdirSync(path.dirname(addon), { recursive: true });
  rmSync(addon, { force: true }); // Written over, it would pull the ground from under a program that runs on it.
  cpSync(keptAddonOf(store), addon);
}

async function fetchLibrary({ store, scratch, python, log }) {
  log('downloading its Python wheel, 207 MB');
  const wheels = path.join(scratch, 'wheel');
  const interpreter = await python();
  const [wheel] = await pipDownload(interpreter, wheelList, wheels, {
    platform: `manylinux2014_${machine}`,
    pythonVersion: '3.10',
  });
  const unpacked = path.join(scratch, 'tensorflow');
  await unzip(interpreter, wheel, scratch, [
    'tensorflow/libtensorflow_cc.so.2',
    'tensorflow/libtensorflow_framework.so.2',
    'tensorflow/include/tensorflow/',
    'tensorflow/include/tsl/',
  ]);
  rmSync(wheels, { recursive: true });
  mkdirSync(path.join(unpacked, 'lib'));
  for (const [file, link] of [
    ['cc', ''],
    ['framework', '_framework'],
  ]) {
    const library = `libtensorflow_${file}.so.2`;
    renameSync(path.join(unpacked, library), path.join(unpacked, 'lib', library));
    symlinkSync(library, path.join(unpacked, 'lib', `libtensorflow${link}.so`));
  }
  rmSync(libraryOf(store), { recursive: true, force: true });
  renameSync(unpacked, libraryOf(store)); // Whole or not there: this is the last step.
}

/** With the machine's compiler; where there is none or it cannot do it, with the one that PyPI carries. */
async function compileAddon({ tfjsNode, store, scratch, python, headers, log }) {
  const unfinished = path.join(scratch, 'tfjs_binding.node');
  const include = await headers();
  const compileWith = ([command, ...args], env) =>
    run(
      command,
      [
        ...args,
        '-shared',
        '-fPIC',
        '-O2',
        '-std=c++17',
        '-DNAPI_VERSION=8',
        '-I..',
        '-Ideps/include',
        `-I${include}`,
        ...readdirSync(path.join(tfjsNode, 'binding'))
          .filter((name) => name.endsWith('.cc'))
          .map((name) => `binding/${name}`),
        '-Ldeps/lib',
        '-ltensorflow',
        '-ltensorflow_framework',
        '-Wl,-rpath,$ORIGIN/../../deps/lib',
        '-o',
        unfinished,
      ],
      { cwd: tfjsNode, env },
    );
  const keep = () => renameSync(unfinished, keptAddonOf(store));

  for (const command of ['g++', 'c++', 'clang++']) {
    try {
      await compileWith([command]);
      return keep();
    } catch (error) {
      if (error.output) log(`${command} could not compile tfjs-node's addon:\n${gist(error.output)}`);
    }
  }
  log('no working C++ compiler: using Zig from PyPI (a download of about 100 MB, then a minute)');
  const zig = path.join(scratch, 'zig');
  await pip(await python(), 'install', '--target', zig, '-r', zigList);
  const cache = path.join(scratch, 'zig-cache');
  await compileWith([path.join(zig, 'ziglang', 'zig'), 'c++', '-target', `${machine}-linux-gnu.2.17`], {
    ZIG_GLOBAL_CACHE_DIR: cache,
    ZIG_LOCAL_CACHE_DIR: cache,
  });
  return keep();
}

/**
 * Tries the addon in a process of its own. Where it does not load (no AVX in the processor, a Linux without glibc) it
 * is removed, so that the library falls back to JavaScript.
 */
async function loads({ tfjsNode, store, log }) {
  const addon = addonOf(tfjsNode);
  try {
    await run(process.execPath, ['-e', `require(${JSON.stringify(addon)})`]);
    return true;
  } catch (error) {
    for (const file of [addon, keptAddonOf(store)]) rmSync(file, { force: true });
    log(`it does not load here, so the library will use JavaScript, slower:\n${gist(error.output ?? error.message)}`);
    return false;
  }
}
