// The library as a package, in an empty folder: what is in it, README.md's code as it stands there, types, and what
// `npx descent-lab native` adds. Needs the registry, or npm's cache.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { after, before, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { FALLBACK_LINE } from '../lib/src/backend';
import { asCommonJs, inAsyncFunction, linkTree, runIn, standaloneCode, typeProblems } from './support/other-project';
import { pack, type Packed } from './support/packed';

const project = path.join(__dirname, '..');
const textOf = (...parts: string[]) => readFileSync(path.join(project, ...parts), 'utf8');
const json = <T>(...parts: string[]) => JSON.parse(textOf(...parts)) as T;
const load = (module: string) => import(pathToFileURL(path.join(project, module)).href) as Promise<unknown>;

let folder: string; // the other project
let packed: Packed;
let offline: string | undefined;
before(async () => {
  folder = mkdtempSync(path.join(realpathSync(tmpdir()), 'descent-lab-'));
  packed = await pack(folder);
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "another", "private": true }\n');
  const install = await runIn(folder, 'npm', [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--fetch-retry-mintimeout=2000',
    packed.filename,
  ]);
  if (install.code === 0) return;
  const { remedyFor } = (await load('lib/native/errors.mjs')) as { remedyFor: (text: string) => string };
  assert.match(remedyFor(install.stderr), /registry .* was not reached/, install.stderr);
  offline = "npm's registry is not reached from here, and its cache does not hold the packages";
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A test inside the other project; skipped where that could not be installed. */
const installed = (body: (t: TestContext) => Promise<void>) => (t: TestContext) =>
  offline ? t.skip(offline) : body(t);
const node = (...args: string[]) => runIn(folder, process.execPath, args);
const section = textOf('README.md').split('## In a project of your own\n')[1]!;
const code = standaloneCode(section);

test('the package holds what is compiled, its command, README and licence, and nothing else', () => {
  const sources = readdirSync(path.join(project, 'lib/src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replaceAll('\\', '/').slice(0, -'.ts'.length));
  assert.deepEqual(
    packed.files.map((file) => file.path).sort(),
    [
      'LICENSE',
      'README.md',
      'package.json',
      ...readdirSync(path.join(project, 'lib/native')).map((file) => `native/${file}`),
      ...sources.flatMap((file) => [`dist/${file}.d.ts`, `dist/${file}.js`]),
      ...['descent-lab.mjs', 'mozjpeg_dec.wasm', 'tfjs-backend-wasm-simd.wasm'].map((file) => `dist/page/${file}`),
    ].sort(),
  );
  assert.equal(textOf('lib/LICENSE'), textOf('LICENSE'));
  assert.equal(standaloneCode(textOf('lib/README.md')), code);
});

test('what it asks for is what the project itself is tested with', async () => {
  const { dependencies: here } = json<{ dependencies: Record<string, string> }>('package.json');
  const { peerDependencies: peers, peerDependenciesMeta: meta } = json<{
    peerDependencies: Record<string, string>;
    peerDependenciesMeta: Record<string, { optional: boolean }>;
  }>('lib/package.json');
  for (const [name, range] of Object.entries(peers)) {
    assert.equal(range.replace('^', ''), here[name], name);
    assert.deepEqual(meta[name], { optional: true }, name);
  }
  const { packages } = json<{ packages: Record<string, { version: string; integrity: string }> }>('package-lock.json');
  const { pins } = (await load('lib/native/consumer.mjs')) as { pins: Record<string, string> };
  assert.equal(Object.keys(pins).length, 2);
  for (const [spec, hash] of Object.entries(pins)) {
    const { version, integrity } = packages[`node_modules/${spec.slice(0, spec.lastIndexOf('@'))}`]!;
    assert.deepEqual([spec.slice(spec.lastIndexOf('@') + 1), hash], [version, integrity], spec);
  }
});

test(
  "README.md's lines run as ES module and CommonJS, on the CPU backend, which says so once",
  installed(async () => {
    writeFileSync(path.join(folder, 'lines.mjs'), code);
    writeFileSync(path.join(folder, 'lines.cjs'), asCommonJs(code));
    for (const file of ['lines.mjs', 'lines.cjs']) {
      const { code: exit, stdout, stderr } = await node(file);
      assert.equal(exit, 0, stderr);
      assert.equal(stderr, `${FALLBACK_LINE}\n`);
      const [, x, y] = /^mean distance 7\.14\d+ at first, 1\.24\d+ at \[ ([\d.]+), ([\d.]+) \]\n$/.exec(stdout) ?? [];
      assert.ok(Math.hypot(Number(x) - 5, Number(y) - 5) < 0.5, stdout);
    }
  }),
);

test(
  'both see the same names',
  installed(async () => {
    const { stdout, stderr } = await node(
      '--input-type=module',
      '-e',
      `
    import * as esm from 'descent-lab';
    import { createRequire } from 'node:module';
    const names = Object.keys(createRequire(import.meta.url)('descent-lab'));
    console.log(names.length, names.filter((name) => !(name in esm)).join());`,
    );
    const [, count, missing] = /^(\d+) (.*)\n$/.exec(stdout) ?? assert.fail(stderr);
    assert.ok(Number(count) > 20, stdout);
    assert.equal(missing, '');
  }),
);

test(
  'its types hold under node10, nodenext and bundler, and a wrong argument is an error',
  installed(async () => {
    const { ModuleKind: kind, ModuleResolutionKind: resolution } = ts;
    const { default: tslabs } = (await load('node_modules/@tslab/typescript-for-tslab/lib/typescript.js')) as {
      default: typeof ts;
    };
    const modes: Array<[compiler: typeof ts, options: ts.CompilerOptions, files: string[]]> = [
      [ts, { module: kind.CommonJS, moduleResolution: resolution.Node10 }, ['lines.ts']],
      [tslabs, { module: kind.CommonJS, moduleResolution: resolution.Node10 }, ['lines.ts']],
      [ts, { module: kind.NodeNext, moduleResolution: resolution.NodeNext }, ['lines.ts', 'lines.mts']],
      [ts, { module: kind.ESNext, moduleResolution: resolution.Bundler }, ['lines.ts', 'lines.mts']],
    ];
    for (const [file, text] of [
      ['lines.mts', code],
      ['lines.ts', inAsyncFunction(code)],
    ] as const) {
      writeFileSync(path.join(folder, file), text);
      writeFileSync(path.join(folder, `wrong-${file}`), text.replace('iterations: 200', 'iterations: "many"'));
    }
    for (const [compiler, options, files] of modes) {
      const problems = typeProblems(compiler, folder, [...files, ...files.map((file) => `wrong-${file}`)], options);
      assert.deepEqual(
        problems.map((problem) => problem.split(':', 1)[0]),
        files.map((file) => `wrong-${file}`),
      );
      for (const problem of problems) {
        assert.match(problem, /^wrong-lines\.m?ts: Type 'string' is not assignable to type 'number'\.$/);
      }
    }
  }),
);

test(
  'what is not installed is an error that names the command',
  installed(async () => {
    const present = readdirSync(path.join(folder, 'node_modules'));
    for (const name of [
      'sharp',
      'nodejs-polars',
      'h5wasm',
      'mathjs',
      'playwright-core',
      '@sparticuz',
      'plotly.js-dist',
    ]) {
      assert.ok(!present.includes(name), name);
    }
    assert.ok(!existsSync(path.join(folder, 'node_modules/@tensorflow/tfjs-node')));
    writeFileSync(path.join(folder, 't.csv'), 'x,y\n1,2\n');
    writeFileSync(path.join(folder, 'p.png'), 'no picture is needed');
    writeFileSync(path.join(folder, 'm.h5'), '\x89HDF\r\n\x1a\n', 'latin1');
    const { stdout, stderr } = await node(
      '--input-type=module',
      '-e',
      `
    import * as lab from 'descent-lab';
    const figure = lab.figures.lossChart([{ name: 'a', loss: [2, 1] }], { name: 'loss', title: 'Loss' });
    for (const use of [
      () => lab.readColumns('t.csv', { x: { column: 'x' } }),
      () => lab.pictures.readPhoto('p.png', { height: 8, width: 8, channels: 3 }),
      () => lab.classifiers.importModel('m.h5', 'model', {}),
      () => lab.regression.fitFormula({ x: { x: [1, 2] }, y: [1, 2], model: 'a * x', start: { a: 0 } }),
      () => lab.renderPng(figure),
      () => lab.writeHtml('page.html', [figure], { title: 'Page' }),
      () => lab.display(figure),
    ]) {
      try {
        await use();
        console.log('works');
      } catch (error) {
        console.log(error instanceof lab.DescentError, error.message);
      }
    }`,
    );
    const { peerDependencies: peers } = json<{ peerDependencies: Record<string, string> }>('lib/package.json');
    const remedy = (name: string) => `is not installed: npm install ${name}@${peers[name]!.replace('^', '')}`;
    assert.deepEqual(
      stdout.trim().split('\n'),
      [
        `true nodejs-polars, which reads tables, ${remedy('nodejs-polars')}`,
        `true sharp, which reads and writes images, ${remedy('sharp')}`,
        `true h5wasm, which reads .h5 files, ${remedy('h5wasm')}`,
        `true mathjs, which reads formulas, ${remedy('mathjs')}`,
        `true sharp, which reads and writes images, ${remedy('sharp')}`,
        `true plotly.js-dist, which draws figures, ${remedy('plotly.js-dist')}`,
        'works', // Outside a notebook there is nothing to show it in.
      ],
      stderr,
    );
  }),
);

test(
  'npx descent-lab native adds TensorFlow, and no install script runs; two take turns',
  installed(async (t) => {
    const kept = path.join(project, '.setup', 'tensorflow-2.15.1');
    if (!existsSync(kept)) return t.skip('the set-up has TensorFlow by another route on this machine');
    // Its download is the set-up's own and tested there; here, links to what that left, without the compiled addon.
    const cache = path.join(folder, 'cache');
    linkTree(kept, path.join(cache, 'descent-lab', 'tensorflow-2.15.1'), (name) => !name.endsWith('.node'));
    const native = () => runIn(folder, 'npx', ['--no', 'descent-lab', 'native'], { XDG_CACHE_HOME: cache });

    const pinned = readFileSync(path.join(folder, 'node_modules/descent-lab/native/consumer.mjs'), 'utf8');
    const consumer = path.join(folder, 'node_modules/descent-lab/native/consumer.mjs');
    writeFileSync(consumer, pinned.replace('sha512-u', 'sha512-v'));
    const refused = await native();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /tfjs-node@4\.22\.0 is not the package that descent-lab pins by its hash/);
    assert.ok(!existsSync(path.join(folder, 'node_modules/@tensorflow/tfjs-node')), 'it is taken away again');
    writeFileSync(consumer, pinned);

    const runs = await Promise.all([native(), native()]);
    for (const { code: exit, stderr } of runs) assert.equal(exit, 0, stderr);
    assert.equal(runs.filter(({ stderr }) => stderr.includes('adding @tensorflow/tfjs-node')).length, 1);
    assert.ok(readdirSync(path.join(cache, 'descent-lab', 'tensorflow-2.15.1')).some((name) => name.endsWith('.node')));
    const { dependencies, ...own } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, unknown>
    >;
    assert.deepEqual(Object.keys(dependencies!), ['descent-lab']);
    assert.deepEqual(own.optionalDependencies, { '@tensorflow/tfjs-node': '4.22.0' });
    assert.deepEqual(own.allowScripts, { '@tensorflow/tfjs-node': false });
    const { stdout, stderr } = await node('-e', 'console.log(require("descent-lab").tf.getBackend())');
    assert.equal(stdout + stderr, 'tensorflow\n');
    const lines = await node('lines.mjs');
    assert.match(lines.stdout, /^mean distance 7\.14\d+ at first, 1\.24\d+/);
    assert.equal(lines.stderr, '');
  }),
);
