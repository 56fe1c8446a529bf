// The library in other people's pages: bundled by esbuild and by Vite as it is, without a plugin or an option for it.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'; // prettier-ignore
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import test, { after, before } from 'node:test';
import { tf } from 'descent-lab';
import { build } from 'esbuild';
import ts from 'typescript';
import { ownRoot } from '../publish/src/notebooks/project';
import { compute } from './fixtures/page-compute';
import { launchBrowser, withoutBrowser } from './support/browser';
import { pack } from './support/packed';
import { serveFolder } from './support/static-server';

const lib = join(ownRoot, 'lib');
const { browser: map } = JSON.parse(readFileSync(join(lib, 'package.json'), 'utf8')) as {
  browser: Record<string, string | false>;
};
const TABLE = 'x,y\n1,2.5\n2,4.25\n"3",6\n';

mkdirSync(join(ownRoot, 'tests', 'output'), { recursive: true });
const project = mkdtempSync(join(ownRoot, 'tests', 'output', 'page-'));
before(async () => {
  const { filename } = await pack(project);
  mkdirSync(join(project, 'node_modules'));
  // what it depends on is found in the folders above
  execFileSync('tar', ['-xzf', filename, '-C', 'node_modules'], { cwd: project });
  renameSync(join(project, 'node_modules', 'package'), join(project, 'node_modules', 'descent-lab'));
  copyFileSync(join(__dirname, 'fixtures', 'page-compute.ts'), join(project, 'page-compute.ts'));
  writeFileSync(join(project, 'people.csv'), TABLE);
  writeFileSync(
    join(project, 'main.ts'),
    `import { files, startBackend } from 'descent-lab/browser';
import { compute } from './page-compute';
files.add('data/people.csv', new TextEncoder().encode(${JSON.stringify(TABLE)}));
compute('../data/people.csv').then(
  async (result) => { document.title = JSON.stringify({ result, ...(await startBackend()) }); },
  (error) => { document.title = JSON.stringify({ error: String(error.stack) }); },
);`,
  );
  writeFileSync(join(project, 'index.html'), '<!doctype html><script type="module" src="./main.ts"></script>');
});
after(() => rmSync(project, { recursive: true, force: true }));

test("every module of Node's that the library imports has something in its place, and every file of the map is there", () => {
  const imported = readdirSync(join(lib, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('browser'))
    .flatMap((file) => ts.preProcessFile(readFileSync(join(lib, 'src', file), 'utf8'), true, true).importedFiles)
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('node:') || builtinModules.includes(name));
  assert.ok(imported.length > 20, `only ${imported.length} imports were found`);
  assert.deepEqual(
    [...new Set(imported)].filter((name) => !(name in map)),
    [],
  );
  const files = Object.entries(map).flatMap(([from, to]) => [from, to].filter((file) => String(file).startsWith('./')));
  assert.deepEqual(
    files.filter((file) => !existsSync(join(lib, String(file)))),
    [],
  );
});

/** Opens the page of a folder: what it says in the end. */
async function said(folder: string): Promise<Record<string, string>> {
  const server = await serveFolder(folder);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error.stack)));
    page.on('request', (request) => request.url().startsWith(server.address) || problems.push(request.url()));
    await page.goto(`${server.address}index.html`);
    await page.waitForFunction('document.title.startsWith("{")');
    assert.deepEqual(problems, []);
    return JSON.parse(await page.title()) as Record<string, string>;
  } finally {
    await browser.close();
    server.close();
  }
}

/** The same in this process, on the backend that a page begins with. */
async function here(): Promise<string> {
  const own = tf.getBackend();
  await tf.setBackend('cpu');
  try {
    return await compute(join(project, 'people.csv'));
  } finally {
    await tf.setBackend(own);
  }
}

const BUNDLERS: Record<string, (out: string) => Promise<void>> = {
  esbuild: async (out) => {
    await build({
      entryPoints: [join(project, 'main.ts')],
      bundle: true,
      platform: 'browser',
      outfile: join(out, 'main.js'),
      logLevel: 'error',
      tsconfigRaw: '{}', // not this project's, which leads to the library's source
    });
    writeFileSync(join(out, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
  },
  vite: async (out) => {
    const vite = await import('vite');
    await vite.build({ root: project, base: './', logLevel: 'error', build: { outDir: out, emptyOutDir: true } });
  },
};

for (const [name, bundle] of Object.entries(BUNDLERS)) {
  test(`bundled by ${name}, it computes in a page what it computes in Node`, async (t) => {
    const reason = await withoutBrowser();
    if (reason) return t.skip(reason);
    const out = join(project, `dist-${name}`);
    mkdirSync(out);
    await bundle(out);
    const { result, backend, note, error } = await said(out);
    assert.equal(error, undefined);
    assert.equal(result, await here());
    assert.equal(backend, 'cpu', 'nobody has said where the binaries are');
    assert.match(note!, /WebAssembly/);
  });
}

test('without a bundler, as one module, it does too, and finds its binaries beside it', async (t) => {
  const reason = await withoutBrowser();
  if (reason) return t.skip(reason);
  const out = join(project, 'plain');
  mkdirSync(out);
  renameSync(join(project, 'node_modules', 'descent-lab', 'dist', 'page'), join(out, 'descent-lab'));
  for (const name of ['main', 'page-compute']) {
    const typescript = readFileSync(join(project, `${name}.ts`), 'utf8').replace("'./page-compute'", "'./page-compute.js'"); // prettier-ignore
    const options = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 };
    const { outputText } = ts.transpileModule(typescript, { compilerOptions: options });
    writeFileSync(
      join(out, `${name}.js`),
      outputText.replace(/'descent-lab(\/browser)?'/, "'./descent-lab/descent-lab.mjs'"),
    );
  }
  writeFileSync(join(out, 'index.html'), '<!doctype html><script type="module" src="./main.js"></script>');
  const { result, backend, note, error } = await said(out);
  assert.equal(error, undefined);
  assert.equal(result, await here());
  assert.deepEqual([backend, note], ['wasm', undefined]);
});
