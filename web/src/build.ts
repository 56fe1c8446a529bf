// The scripts of a page that runs cells: its kernel, its own, and its editor.
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { Shipped } from './page/files';

const require = createRequire(__filename);

/**
 * Node's modules, for what imports them here: those that stand in for them in the library, whose own imports follow its
 * `browser` map already.
 */
function standIns(): Record<string, string> {
  const manifest = require.resolve('descent-lab/package.json');
  const { browser } = JSON.parse(readFileSync(manifest, 'utf8')) as { browser: Record<string, string | false> };
  const modules = Object.entries(browser).filter(([name, file]) => !name.startsWith('.') && file !== false);
  return Object.fromEntries(modules.map(([name, file]) => [name, join(dirname(manifest), file as string)]));
}

/** The wasm backend brings a second copy of its glue, for threads, which need headers that plain servers do not send. */
const withoutThreads: Plugin = {
  name: 'without threads',
  setup(building) {
    building.onResolve({ filter: /wasm-out\/.*threaded/ }, ({ path }) => ({ path, namespace: 'empty' }));
    building.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: '' }));
  },
};

/** What is called for by `require` is there whole: the library's part of fflate goes through a module that names it. */
const partOfFflate: Plugin = {
  name: 'part of fflate',
  setup(building) {
    building.onResolve({ filter: /^fflate$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: join(__dirname, 'kernel', 'fflate.ts') } : undefined,
    );
  },
};

/** The check of what sucrase is called with: only the page's own code calls it. */
const withoutChecks: Plugin = {
  name: 'without checks',
  setup(building) {
    building.onResolve({ filter: /^\.\/Options$/ }, ({ path, importer }) =>
      /[\\/]sucrase[\\/]/.test(importer) ? { path, namespace: 'unchecked' } : undefined,
    );
    building.onLoad({ filter: /.*/, namespace: 'unchecked' }, () => ({
      contents: 'export const validateOptions = () => undefined;',
    }));
  },
};

/** How everything for a page is bundled. */
const forPages = {
  bundle: true,
  write: false,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  legalComments: 'none',
  logLevel: 'error',
  // One tfjs: without this a `require` would find another copy of it than an `import`.
  mainFields: ['browser', 'module', 'main'],
  define: { global: 'globalThis' },
  tsconfigRaw: '{}', // the library as it is packed, not its source
} as const satisfies BuildOptions;

/** How what computes is bundled. */
const withLibrary = () =>
  ({
    ...forPages,
    plugins: [withoutThreads, partOfFflate, withoutChecks],
    alias: { ...standIns(), '@tensorflow/tfjs': join(__dirname, 'kernel', 'tfjs.ts') },
  }) satisfies BuildOptions;

/** The binaries that the library asks for in a page. @returns their paths by the names that it asks for */
export function libraryBinaries(): Record<string, string> {
  const { resolve } = createRequire(require.resolve('descent-lab/package.json'));
  const files = {
    '@tensorflow/tfjs-backend-wasm': 'dist/tfjs-backend-wasm-simd.wasm',
    '@jsquash/jpeg': 'codec/dec/mozjpeg_dec.wasm',
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, file]) => [basename(file), join(dirname(resolve(`${name}/package.json`)), file)]),
  );
}

/**
 * The kernel's script. As a worker's it runs at once; in a page it only defines `kernelSource`, a function whose text a
 * worker is made of, since a page that was opened from the disk may not start a worker from a file.
 */
export async function kernelScript(): Promise<string> {
  const { outputFiles } = await build({
    ...withLibrary(),
    entryPoints: [join(__dirname, 'kernel', 'worker.ts')],
    banner: { js: 'var kernelSource = function () {' },
    footer: { js: '};\nif (typeof document === "undefined") kernelSource();' },
  });
  return outputFiles[0]!.text;
}

/**
 * The library as one module, for pages without a bundler; its binaries are looked for beside it.
 * @param names what the library exports
 */
export async function libraryModule(names: readonly string[]): Promise<string> {
  const { outputFiles } = await build({
    ...withLibrary(),
    stdin: {
      contents: `import { setBinaries } from 'descent-lab/browser';
export { ${names.join(', ')} } from 'descent-lab';
export { files, setBinaries, setKernel, startBackend } from 'descent-lab/browser';
setBinaries(async (name) => {
  const answer = await fetch(new URL(name, import.meta.url)).catch(() => undefined);
  return answer?.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined;
});`,
      resolveDir: __dirname,
    },
    format: 'esm',
    legalComments: 'eof', // it is passed on
  });
  return outputFiles[0]!.text;
}

/** The page's own script; `shipped` are the files that its cells can read. */
export async function notebookScript(shipped: readonly Shipped[]): Promise<string> {
  const { outputFiles } = await build({
    ...forPages,
    entryPoints: [join(__dirname, 'page', 'index.ts')],
    define: { SHIPPED: JSON.stringify(shipped) },
  });
  return outputFiles[0]!.text;
}

/** The editor's script. */
export async function editorScript(): Promise<string> {
  const { outputFiles } = await build({ ...forPages, entryPoints: [join(__dirname, 'editor', 'index.ts')] });
  return outputFiles[0]!.text;
}
